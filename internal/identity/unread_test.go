package identity

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func keysMember(ids ...string) types.Object {
	return memberOf(passkey, map[string]attr.Value{
		"credentials": passkeyList(ids...), "user_handle": types.StringValue("YWRh"),
	})
}

// keyUpdate is an update of the passkeys of an identity from a state to a plan.
func keyUpdate(t *testing.T, server *factorServer, before, after types.Object, diags *diag.Diagnostics) *updater {
	t.Helper()
	server.identity.ID, server.identity.SchemaID = someIdentity, "preset://email"
	server.identity.State, server.identity.Traits = kratos.StateActive, json.RawMessage(`{"email":"ada@example.org"}`)
	u := &updater{operation: &operation{client: server, schemas: noSchemas{}, diags: diags, data: &base.Data{}}}
	u.state = modelWith(t, func(m *model) {
		m.ID, m.SchemaID = types.StringValue(someIdentity), types.StringValue("preset://email")
		m.Traits, m.State = dynamic(t, `{"email":"ada@example.org"}`), types.StringValue(kratos.StateActive)
		m.setCredential(passkey.kind, before)
	})
	u.plan = u.state
	u.plan.setCredential(passkey.kind, after)
	u.config = u.plan
	return u
}

const someIdentity = "9f425a8d-7efc-4768-8f23-7647a74fdf13"

// withoutConfig is a credential as in the answer of a gateway that drops include_credential.
func withoutConfig(t *testing.T, kind string) kratos.Credential {
	t.Helper()
	var c kratos.Credential
	if err := json.Unmarshal([]byte(`{"type":"`+kind+`","identifiers":["theirs"]}`), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// If the server's answer lacks the person's keys, no patch replaces them.
func TestFactor_unreadKeys(t *testing.T) {
	t.Parallel()
	server := keyServer("theirs")
	server.identity.Credentials["passkey"] = withoutConfig(t, "passkey")
	var diags diag.Diagnostics
	u := keyUpdate(t, server, nullOf(&model{}, passkey.kind), keysMember("AQ=="), &diags)
	if u.patch(t.Context()) || len(server.fakeServer.patches) > 0 {
		t.Errorf("sent %v", server.fakeServer.patches)
	}
	expectMessages(t, diags, "Credential not readable")
}

// If the server's answer lacks the factor, its removal fails, and Terraform still owns the factor.
func TestFactor_unreadRemoval(t *testing.T) {
	t.Parallel()
	for _, f := range []factor{totp, passkey} {
		server := &factorServer{patches: true}
		server.identity = kratos.Identity{ID: "x", Credentials: map[string]kratos.Credential{f.kind: withoutConfig(t, f.kind)}}
		o := operation{client: server, plan: emptyModel(t), diags: &diag.Diagnostics{}}
		o.state = modelWith(t, func(m *model) {
			if f.kind == totp.kind {
				m.setTOTP("", "", 1)
			} else {
				m.setCredential(f.kind, keysMember("AQ=="))
			}
		})
		o.owned.setFactor(f.kind, []string{"AQ=="})
		done := f.remove(t.Context(), &o, func() {})
		if done || len(server.deleted)+len(server.fakeServer.patches) > 0 || len(o.owned.Factors[f.kind]) != 1 {
			t.Errorf("%s: done %t, owns %v", f.kind, done, o.owned.Factors)
		}
		expectMessages(t, *o.diags, "Credential not readable")
	}
}

// Terraform owns the keys that it has sent, and not a key of the person that the configuration has named since an
// import.
func TestFactor_marksOfSentKeys(t *testing.T) {
	t.Parallel()
	server := keyServer("AQ==")
	var diags diag.Diagnostics
	u := keyUpdate(t, server, keysMember("AQ=="), keysMember("AQ==", "Ag=="), &diags)
	if !u.patch(t.Context()) || strings.Join(u.owned.Factors[passkey.kind], " ") != "Ag==" {
		t.Errorf("owns %v: %v", u.owned.Factors, diags)
	}
}

// secondGetFails is a server that doesn't answer the second read.
type secondGetFails struct {
	*fakeServer
	gets int
}

func (s *secondGetFails) GetIdentity(ctx context.Context, id string, include ...string) (*kratos.Identity, error) {
	if s.gets++; s.gets > 1 {
		return nil, &kratos.Error{StatusCode: 503, Message: "unavailable"}
	}
	return s.fakeServer.GetIdentity(ctx, id, include...)
}

// A patch that the server has confirmed counts, even if the read of the new schema's URL fails.
func TestUpdate_readAfterSchemaChange(t *testing.T) {
	t.Parallel()
	server := &fakeServer{}
	u, diags := update(t, server, func(plan *model) {
		plan.SchemaID = types.StringValue("preset://email2")
	})
	u.client = &secondGetFails{fakeServer: server}
	saved := 0
	if !u.carryOut(t.Context(), func(model) { saved++ }) || saved == 0 || diags.HasError() {
		t.Errorf("saved %d times: %v", saved, *diags)
	}
}

// A refusal of Kratos isn't a failure of the server: ory_identities then deletes what it has created.
func TestFailure_onUpdate(t *testing.T) {
	t.Parallel()
	for summary, err := range map[string]error{
		"Identity update refused":   &kratos.Error{StatusCode: 400, Reason: "unsupported hash"},
		"Failed to update identity": &kratos.Error{StatusCode: 503},
	} {
		var diags diag.Diagnostics
		failure{plan: &model{}}.onUpdate(t.Context(), err, false, &diags)
		expectMessages(t, diags, summary)
		if IsFailure(diags) != (summary == failedToUpdate) {
			t.Errorf("%s: a failure: %t", summary, IsFailure(diags))
		}
	}
}
