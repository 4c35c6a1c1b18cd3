package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const twoOwners = "Metadata key managed twice"

// forgettingPart is a block that takes an ory_identity_metadata out of the state and leaves its keys alone.
func forgettingPart(name string) string {
	return "removed {\n  from = ory_identity_metadata." + name + "\n  lifecycle {\n    destroy = false\n  }\n}\n"
}

// Several resources own different keys of one person. A plan with two owners of one key is refused, in any order.
func TestAccIdentityMetadata_owners(t *testing.T) {
	t.Parallel()
	const roles, plan = `metadata_public = { roles = ["editor"] }`, `metadata_public = { plan = "free" }`
	byID, byEmail := "identity_id = \"ID\"\n  ", "identifier = \"EMAIL\"\n  "
	theirs := func(rest string) string { return importing("test", "ID") + person("test", "EMAIL", rest) }
	server := acctest.Kratos(t)
	for name, test := range map[string]struct{ config, says string }{
		"different keys":         {part("a", byID+roles) + part("b", byEmail+plan), ""},
		"the same name in both":  {part("a", byID+roles) + part("b", byID+`metadata_admin = { roles = 1 }`), ""},
		"the same key":           {part("a", byID+roles) + part("b", byEmail+roles), twoOwners},
		"an identity without it": {part("a", byID+roles) + theirs(plan), ""},
		"an identity without any": {
			part("a", byID+roles) + theirs(""), "",
		},
		"an identity with it":       {part("a", byID+roles) + theirs(roles), twoOwners},
		"an identity with a text":   {part("a", byID+roles) + theirs(`metadata_public = "none"`), twoOwners},
		"a person who isn't there":  {part("a", `identifier = "no-EMAIL"`+"\n  "+roles) + part("b", `identifier = "NO-EMAIL"`+"\n  "+roles), twoOwners},
		"different people, unknown": {part("a", `identifier = "no-EMAIL"`+"\n  "+roles) + part("b", `identifier = "other-EMAIL"`+"\n  "+roles), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
			id, email := somebody(t, api, "")
			w.WriteMain(strings.NewReplacer("ID", id, "EMAIL", email, "NO-EMAIL", "NO-"+email).Replace(test.config))
			output, code := w.Try("plan", "-no-color")
			if (code != 0) != (test.says != "") || !strings.Contains(output, test.says) {
				t.Errorf("exit code %d, want %q in:\n%s", code, test.says, output)
			}
		})
	}
}

// A resource that would create the person of another resource's key is refused in the apply, before the key is sent.
func TestAccIdentityMetadata_ownersOfNewPerson(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	email := acctest.RandomEmail()
	identity := person("test", email, `metadata_public = { roles = ["reader"] }`)
	byID := "identity_id = ory_identity.test.id\n  "
	w.WriteMain(identity + part("a", byID+`metadata_public = { roles = ["editor"] }`))
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	if n := proxy.Count(http.MethodPatch, "/"); code != 1 || !strings.Contains(output, twoOwners) || n > 0 {
		t.Errorf("exit code %d, %d patches:\n%s", code, n, output)
	}
	apply(w, identity+part("a", byID+`metadata_public = { plan = "free" }`))
	w.Run("destroy", "-no-color", "-auto-approve")
}

// A key that goes from one resource to another in one apply is never left without an owner, in any order.
func TestAccIdentityMetadata_keyMoves(t *testing.T) {
	t.Parallel()
	const free = `metadata_public = { plan = "free", roles = [] }`
	byID := "identity_id = \"ID\"\n  "
	before := func(meta string) string { return part("a", byID+meta+free) }
	theirs := func(rest string) string { return importing("test", "ID") + person("test", "EMAIL", rest) }
	server := acctest.Kratos(t)
	for name, test := range map[string]struct {
		before, after string
		args          []string
	}{
		"to a new resource": {before(""), part("a", byID+`metadata_public = { roles = [] }`) + part("b", byID+`metadata_public = { plan = "free" }`), nil},
		"renamed":           {before(""), part("b", byID+free), nil},
		"renamed, waits":    {before(""), part("b", byID+free+"\n  depends_on = [terraform_data.x]") + "resource \"terraform_data\" \"x\" {}\n", nil},
		"replaced":          {before(""), before(""), []string{"-replace=ory_identity_metadata.a"}},
		"replaced, created before": {
			before("lifecycle {\n    create_before_destroy = true\n  }\n  "), before("lifecycle {\n    create_before_destroy = true\n  }\n  "),
			[]string{"-replace=ory_identity_metadata.a"},
		},
		"from an identity": {theirs(free), person("test", "EMAIL", `metadata_public = { roles = [] }`) + part("a", byID+`metadata_public = { plan = "free" }`), nil},
		"to an identity":   {before(""), theirs(free) + forgettingPart("a"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
			id, email := somebody(t, api, `,"metadata_public":{"theme":"dark"}`)
			fill := strings.NewReplacer("ID", id, "EMAIL", email).Replace
			apply(w, fill(test.before))
			expectOnServer(t, api, id, `{"metadata_public":{"theme":"dark","plan":"free","roles":[]}}`)
			apply(w, fill(test.after), test.args...)
			expectOnServer(t, api, id, `{"metadata_public":{"theme":"dark","plan":"free","roles":[]}}`)
		})
	}
}

// Two objects of the state that own one key: the destroy of one of them is refused, and the error shows the cure.
func TestAccIdentityMetadata_ownedTwiceInState(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
	id, email := somebody(t, api, `,"metadata_public":{"plan":"free"}`)
	a, b := part("a", of(id)+`metadata_public = { plan = "free" }`), part("b", of(id)+`metadata_public = { plan = "free" }`)
	w.WriteMain(a + b)
	for _, name := range []string{"a", "b"} {
		w.Run("import", "-no-color", "ory_identity_metadata."+name, "identity_id="+id+"&metadata_public=plan")
	}
	imported := importing("test", id) + person("test", email, `metadata_public = { plan = "free" }`)
	for _, config := range []string{a + b, b, imported} {
		w.WriteMain(config)
		output, code := w.Try("apply", "-no-color", "-auto-approve")
		if code != 1 || !strings.Contains(output, "Metadata key managed twice") {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	}
	apply(w, b+forgettingPart("a"))
	expectOnServer(t, api, id, `{"metadata_public":{"plan":"free"}}`)
}

// Keys that the person has already are taken over, and the plan says which.
func TestAccIdentityMetadata_takesOver(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
	id, email := somebody(t, api, `,"metadata_admin":{"plan":"gold","roles":[],"note":1}`)
	w.WriteMain(part("a", fmt.Sprintf("identifier = %q\n  metadata_admin = { plan = \"free\", roles = [], new = 1 }", email)))
	output := strings.Join(strings.Fields(w.Run("plan", "-no-color")), " ")
	if !strings.Contains(output, "Metadata keys overwritten") ||
		!strings.Contains(output, "with other values: plan. The apply overwrites them") || strings.Contains(output, "gold") {
		t.Error(output)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	expectOnServer(t, api, id, `{"metadata_admin":{"plan":"free","roles":[],"new":1,"note":1}}`)
}
