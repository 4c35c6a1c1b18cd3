package identity

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// keyServer has passkeys and records patches.
func keyServer(has ...string) *factorServer {
	server := &factorServer{patches: true}
	var keys []kratos.StoredKey
	for _, id := range has {
		keys = append(keys, kratos.StoredKey{ID: id, IsPasswordless: true})
	}
	server.identity = kratos.Identity{ID: "x", Credentials: map[string]kratos.Credential{
		"passkey":  {Type: "passkey", Identifiers: []string{"theirs"}, Known: true, IsSet: true, Keys: keys},
		"password": {Type: "password", Identifiers: []string{"ada"}, Known: true, IsSet: true},
	}}
	return server
}

// Keys are merged with those that the person has, and no key of the person is touched.
func TestKeys_operations(t *testing.T) {
	t.Parallel()
	plan := memberOf(passkey, map[string]attr.Value{
		"credentials": passkeyList("AQ==", "Ag==", "Aw=="), "user_handle": types.StringValue("YWRh"),
	})
	state := memberOf(passkey, map[string]attr.Value{
		"credentials": passkeyList("Aw=="), "user_handle": types.StringValue("YWRh"),
	})
	server := keyServer("theirs", "Ag==", "Aw==")
	ops, err := passkey.form.operations("x", plan, state, server.identity.Credentials["passkey"])
	var got []string
	for _, op := range ops {
		got = append(got, op.Op+" "+op.Path)
	}
	want := "add /credentials/passkey/config/credentials/-, replace /credentials/passkey/config/credentials/1, " +
		"add /credentials/passkey/identifiers, add /credentials/passkey/config/user_handle"
	if err != nil || strings.Join(got, ", ") != want {
		t.Errorf("%v, %v\nwant %s", got, err, want)
	}
	if string(ops[2].Value) != `["theirs","ada"]` {
		t.Errorf("identifiers %s", ops[2].Value)
	}
}

func TestKeys_removal(t *testing.T) {
	t.Parallel()
	form := keyForm{"passkey"}
	for name, test := range map[string]struct {
		has, marks []string
		want       string
	}{
		"some": {[]string{"a", "b", "c"}, []string{"a", "c"}, "/credentials/passkey/config/credentials/2 /credentials/passkey/config/credentials/0"},
		"all":  {[]string{"a", "b"}, []string{"a", "b", "gone"}, "/credentials/passkey"},
	} {
		var paths []string
		for _, op := range form.removal(keyServer(test.has...).identity.Credentials["passkey"], test.marks) {
			paths = append(paths, op.Path)
		}
		if got := strings.Join(paths, " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if form.finds(keyServer("theirs").identity.Credentials["passkey"], []string{"a"}) {
		t.Error("found a key that the identity doesn't have")
	}
}

// The answer to a removal is lost: the identity is read again, and what is left is removed.
func TestKeys_dropLostAnswer(t *testing.T) {
	t.Parallel()
	server := keyServer("a")
	server.fails = errors.Join(errors.New("reset"), kratos.ErrOutcomeUnknown)
	o := operation{client: server, plan: emptyModel(t), diags: &diag.Diagnostics{}}
	o.state = modelWith(t, func(state *model) {
		state.setCredential(passkey.kind, memberOf(passkey, map[string]attr.Value{"credentials": passkeyList("a")}))
	})
	o.owned.setFactor(passkey.kind, []string{"a"})
	if passkey.remove(t.Context(), &o, func() {}) || len(server.fakeServer.patches) != maxPatches {
		t.Errorf("%v, %v", o.diags, server.fakeServer.patches) // this server keeps it
	}
}
