package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// staffSchema requires these traits.
func staffSchema(required string) string {
	return `{"$id": "https://schemas.example.org/staff.schema.json", "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
  "properties": {"traits": {"type": "object", "required": [` + required + `], "properties": {
    "email": {"type": "string", "format": "email", "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}},
    "department": {"type": "string"}}}}}`
}

// The server's schema has become stricter. An identity that can't be deactivated stays active; the error explains this,
// and the sessions still end. The plan reports what the server would refuse in the apply.
func TestAccIdentity_stricterSchema(t *testing.T) {
	t.Parallel()
	email := acctest.RandomEmail()
	var id, token string
	server := acctest.Kratos(t, acctest.Options{
		Schemas: map[string]string{"lost": staffSchema(`"email", "department"`)},
		LostSchema: &acctest.LostSchema{Document: staffSchema(`"email"`), Fill: func(before *acctest.Server) {
			id = newAPI(
				t,
				before,
			).Create(fmt.Sprintf(`{"schema_id":"lost","traits":{"email":%q},"credentials":{"password":{"config":{"password":"engine number 1"}}}}`, email))
			session, err := acctest.Login(t.Context(), before.PublicURL, email, "engine number 1")
			if err != nil {
				t.Fatal(err)
			}
			token = session.Token
		}},
	})
	w := acctest.NewWorkspace(t, server.AdminURL)
	write := func(traits, rest string) {
		w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\nresource \"ory_identity\" \"test\" {\n  "+
			"schema_id = \"lost\"\n"+
			"  traits = { email = %q%s }\n  deletion_policy = \"deactivate\"\n  revoke_sessions_on = [\"deactivation\"]\n  "+
			"%s\n}\n", id, email, traits, rest))
	}
	write("", "")
	w.Run("apply", "-no-color", "-auto-approve")
	for _, change := range []string{`state = "inactive"`, `metadata_public = { team = "engines" }`} {
		write("", change)
		expectFailure(t, w, []string{
			`The identity schema "lost" refuses traits: missing properties: "department"`, "The plan doesn't change the traits, but the server checks them",
		}, "plan", "-no-color")
	}
	if _, err := acctest.Whoami(t.Context(), server.PublicURL, token); err != nil {
		t.Fatalf("the session is over too early: %v", err)
	}
	w.WriteMain("")
	expectFailure(t, w, []string{
		"Deactivating identity " + id, `identity schema "lost" refuses those that the identity has: traits: missing properties: "department"`,
		"The identity is still active", "The sessions that there were have been ended", "then remove it again",
	}, "apply", "-no-color", "-auto-approve")
	if _, err := acctest.Whoami(t.Context(), server.PublicURL, token); err == nil {
		t.Error("the session goes on")
	}
	if output, _ := w.Try("apply", "-no-color", "-auto-approve"); strings.Contains(output, "I[#/") {
		t.Errorf("the error has the server's own notation:\n%s", output)
	}
	write(`, department = "engines"`, "")
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain("")
	w.Run("apply", "-no-color", "-auto-approve")
	if state := newAPI(t, server).Get(id)["state"]; state != "inactive" {
		t.Errorf("the state is %v", state)
	}
}
