package identity_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// nullableSchema requires a trait that may be null at two levels, and requires another trait if a third trait is
// present.
const nullableSchema = `{
  "$id": "https://schemas.example.org/nullable.schema.json",
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "traits": {
      "type": "object",
      "properties": {
        "email": {"type": "string", "format": "email", "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}},
        "nick": {"type": ["string", "null"]},
        "name": {"type": "object", "properties": {"title": {"type": ["string", "null"]}, "last": {"type": "string"}}, "required": ["title"]},
        "age": {"type": "integer"},
        "vip": {"type": "boolean"},
        "manager": {"type": ["string", "null"]}
      },
      "required": ["email", "nick"],
      "dependencies": {"vip": ["manager"]},
      "additionalProperties": false
    }
  }
}`

// traitsOf returns the traits on the server, including nulls.
func traitsOf(t *testing.T, a api, id string) string {
	t.Helper()
	raw, err := json.Marshal(a.Get(id)["traits"])
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// A trait that the schema requires and allows to be null is sent as null; any other null trait is absent.
func TestAccIdentity_nullTraits(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"nullable": nullableSchema}})
	a := newAPI(t, server)
	email := acctest.RandomEmail()
	w := acctest.NewWorkspace(t, server.AdminURL)
	write := func(traits string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"nullable\"\n  traits = { email = "+
			"%q, %s }\n}\n"+
			"output \"id\" {\n  value = ory_identity.test.id\n}\n", email, traits))
	}
	id := ""
	expect := func(format string) {
		t.Helper()
		w.Run("apply", "-no-color", "-auto-approve")
		if id == "" {
			id = w.Output("output", "-raw", "id")
		}
		if got, want := traitsOf(t, a, id), fmt.Sprintf(format, email); got != want {
			t.Errorf("the server has %s, want %s", got, want)
		}
		w.ExpectEmptyPlan()
	}
	write(`age = null, name = { last = "King", title = null }`)
	expectFailure(t, w, []string{`missing properties: "nick"`}, "plan", "-no-color")
	write(`nick = null, age = null, name = { last = "King", title = null }`)
	expect(`{"email":"%s","name":{"last":"King","title":null},"nick":null}`)
	write(`nick = null, age = 36, name = { last = "King", title = null }`)
	expect(`{"age":36,"email":"%s","name":{"last":"King","title":null},"nick":null}`)
	write(`nick = "ada", name = { last = "King", title = "Lady" }`)
	expect(`{"email":"%s","name":{"last":"King","title":"Lady"},"nick":"ada"}`)
	write(`nick = null, name = { last = "King", title = null }`)
	expect(`{"email":"%s","name":{"last":"King","title":null},"nick":null}`)
	write(`nick = null`)
	expect(`{"email":"%s","nick":null}`)
	w.Run("destroy", "-no-color", "-auto-approve")
}

// An imported identity with null traits allows changes of all other traits, also if the schema requires the null under
// a condition.
func TestAccIdentity_importedNullTraits(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"nullable": nullableSchema}})
	a := newAPI(t, server)
	email := acctest.RandomEmail()
	id := a.Create(
		fmt.Sprintf(`{"schema_id":"nullable","traits":{"email":%q,"nick":null,"vip":true,"manager":null}}`, email),
	)
	w := acctest.NewWorkspace(t, server.AdminURL)
	write := func(traits string) {
		w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\nresource \"ory_identity\" \"test\" {\n  "+
			"schema_id = \"nullable\"\n"+
			"  traits = { email = %q, %s }\n}\n", id, email, traits))
	}
	write(`nick = null, vip = true, manager = null`)
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	write(`nick = null, vip = true, manager = null, age = 36`)
	w.Run("apply", "-no-color", "-auto-approve")
	if got, want := traitsOf(t, a, id), fmt.Sprintf(`{"age":36,"email":%q,"manager":null,"nick":null,"vip":true}`, email); got != want {
		t.Errorf("the server has %s, want %s", got, want)
	}
	w.ExpectEmptyPlan()
	write(`nick = null, vip = true, manager = null, age = "old"`)
	expectFailure(t, w, []string{"refuses traits.age: expected integer"}, "plan", "-no-color")
	w.Run("state", "rm", "ory_identity.test")

	// The configuration that the command line generates plans empty.
	w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\n", id))
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
