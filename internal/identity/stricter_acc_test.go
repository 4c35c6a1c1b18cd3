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

// leaver is a person with a session who is to become inactive.
type leaver struct{ id, email, token string }

// stricter returns a server whose schema has become stricter than the traits of a person, and the person.
func stricter(t *testing.T) (server *acctest.Server, l leaver) {
	t.Helper()
	l.email = acctest.RandomEmail()
	server = acctest.Kratos(t, acctest.Options{
		Schemas: map[string]string{"lost": staffSchema(`"email", "department"`)},
		LostSchema: &acctest.LostSchema{Document: staffSchema(`"email"`), Fill: func(before *acctest.Server) {
			l.id = newAPI(t, before).Create(fmt.Sprintf(`{"schema_id":"lost","traits":{"email":%q},`+
				`"credentials":{"password":{"config":{"password":"engine number 1"}}}}`, l.email))
			session, err := acctest.Login(t.Context(), before.PublicURL, l.email, "engine number 1")
			if err != nil {
				t.Fatal(err)
			}
			l.token = session.Token
		}},
	})
	return server, l
}

// resource returns the configuration of the person.
func (l leaver) resource(traits, rest string) string {
	return fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\nresource \"ory_identity\" \"test\" {\n  "+
		"schema_id = \"lost\"\n  traits = { email = %q%s }\n  deletion_policy = \"deactivate\"\n  revoke_sessions_on = "+
		"[\"deactivation\"]\n  %s\n}\n", l.id, l.email, traits, rest)
}

// expectSession fails the test unless the session goes on, or has ended.
func (l leaver) expectSession(t *testing.T, server *acctest.Server, goesOn bool) {
	t.Helper()
	if _, err := acctest.Whoami(t.Context(), server.PublicURL, l.token); (err == nil) != goesOn {
		t.Fatalf("the session should go on: %v, but: %v", goesOn, err)
	}
}

// The server's schema has become stricter. An identity that can't be deactivated stays active; the error explains this,
// and the sessions still end. The plan reports what the server would refuse in the apply.
func TestAccIdentity_stricterSchema(t *testing.T) {
	t.Parallel()
	server, l := stricter(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.WriteMain(l.resource("", ""))
	w.Run("apply", "-no-color", "-auto-approve")
	for _, change := range []string{`state = "inactive"`, `metadata_public = { team = "engines" }`} {
		w.WriteMain(l.resource("", change))
		expectFailure(t, w, []string{
			`The identity schema "lost" refuses traits: missing properties: "department"`, "The plan does not change the traits, but the server checks them",
		}, "plan", "-no-color")
	}
	l.expectSession(t, server, true)
	w.WriteMain("")
	expectFailure(t, w, []string{
		"Identity not deactivated", `identity schema "lost" refuses the traits of the identity: traits: missing properties: "department"`,
		"The identity is still active", "Its sessions were ended", "Then remove the resource again",
	}, "apply", "-no-color", "-auto-approve")
	l.expectSession(t, server, false)
	if output, _ := w.Try("apply", "-no-color", "-auto-approve"); strings.Contains(output, "I[#/") {
		t.Errorf("the error has the server's own notation:\n%s", output)
	}
	w.WriteMain(l.resource(`, department = "engines"`, ""))
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain("")
	w.Run("apply", "-no-color", "-auto-approve")
	if state := newAPI(t, server).Get(l.id)["state"]; state != "inactive" {
		t.Errorf("the state is %v", state)
	}
}

// An update that the server refuses says that the identity is still active, and ends the sessions all the same.
func TestAccIdentity_updateLeavesActive(t *testing.T) {
	t.Parallel()
	server, l := stricter(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	unchecked := "provider \"ory\" {\n  validate_traits = false\n}\n"
	w.WriteMain(unchecked + l.resource("", ""))
	w.Run("apply", "-no-color", "-auto-approve")
	l.expectSession(t, server, true)
	w.WriteMain(unchecked + l.resource("", `state = "inactive"`))
	expectFailure(t, w, []string{
		"Trait refused by the identity schema", `refuses traits because of the identity schema "lost": missing properties: "department"`,
		"Identity not deactivated", "The change of the identity " + l.id + " to inactive failed",
		"The identity is still active: the person can sign in.", "Its sessions were ended.",
	}, "apply", "-no-color", "-auto-approve")
	l.expectSession(t, server, false)
	w.WriteMain(unchecked + l.resource(`, department = "engines"`, `state = "inactive"`))
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if state := newAPI(t, server).Get(l.id)["state"]; state != "inactive" {
		t.Errorf("the state is %v", state)
	}
}
