package bulk_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Existing people are imported by a document of ids and identifiers. What the configuration doesn't name stays.
func TestAccIdentities_import(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	prefix := acctest.RandomName()
	w := acctest.NewWorkspace(t, server.AdminURL)
	all := rows(prefix, 8)
	var bodies []any
	for i := range 8 {
		body := map[string]any{"schema_id": "preset://email", "metadata_admin": map[string]any{"theirs": true}}
		for name, value := range all[key(i)] {
			body[name] = value
		}
		bodies = append(bodies, body)
	}
	created := acctest.AdminOf(server).CreateIdentities(t, bodies...)
	document := map[string]string{}
	for i, id := range created {
		document[key(i)] = id
	}
	document[key(3)] = "identifier=" + email(prefix, 3)
	text, _ := json.Marshal(document)
	w.Write("ids.json", string(text))
	configure(t, w, all, "}\nimport {\n  to = ory_identities.people\n  id = jsonencode(jsondecode(file(\"ids.json\")))\n")
	plan := w.Run("plan", "-no-color")
	expectAll(t, plan, "1 to import, 0 to add, 0 to change, 0 to destroy")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	all[key(2)]["metadata_public"] = map[string]any{"number": 22}
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	for address, identity := range expectPeople(t, server, prefix, 8) {
		if identity["metadata_admin"] == nil {
			t.Errorf("metadata_admin of %s is gone", address)
		}
	}
	if ids(t, w)[key(3)] != created[3] {
		t.Error("another identity was imported")
	}

	other := acctest.NewWorkspace(t, server.AdminURL)
	configure(t, other, all, "")
	output, code := other.Try("import", "-no-color", "ory_identities.people",
		`{"a": "00000000-0000-4000-8000-000000000001", "b": "identifier=nobody@example.org"}`)
	if code == 0 {
		t.Error("imported nobody")
	}
	expectAll(t, output, `"b"`, "The server has no identity with the login identifier")
}

const single = `
resource "ory_identity" "person" {
  schema_id       = "preset://email"
  traits          = { email = %q, name = { first = "Person 1" } }
  metadata_public = { number = 1 }
}
`

// A person moves from ory_identity to ory_identities and back without being made anew.
func TestAccIdentities_move(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	prefix := acctest.RandomName()
	w := acctest.NewWorkspace(t, server.AdminURL)
	all := rows(prefix, 4)
	one := fmt.Sprintf(single, email(prefix, 1))
	w.WriteMain(one)
	w.Run("apply", "-auto-approve", "-no-color")
	id := expectPeople(t, server, prefix, 1)[email(prefix, 1)]["id"].(string)

	// While both declare the person, the plan is refused.
	configure(t, w, all, "}\n"+one[:len(one)-2])
	output, code := w.Try("plan", "-no-color")
	if code == 0 {
		t.Error("planned")
	}
	expectAll(t, output, "the same login identifier")

	const forget = "\n}\nremoved {\n  from = ory_identity.person\n  lifecycle {\n    destroy = false\n  }\n"
	configure(t, w, all, `on_conflict = "adopt"`+forget)
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	if found := expectPeople(t, server, prefix, 4); found[email(prefix, 1)]["id"] != id || ids(t, w)[key(1)] != id {
		t.Error("the person was made anew")
	}

	delete(all, key(1))
	back := fmt.Sprintf("}\n%simport {\n  to = ory_identity.person\n  id = %q\n", one, id)
	configure(t, w, all, back) // without deletion_policy the row would be deleted under the resource
	output, code = w.Try("plan", "-no-color")
	if code == 0 {
		t.Errorf("planned:\n%s", output)
	}
	configure(t, w, all, `deletion_policy = "retain"`+"\n"+back)
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	if found := expectPeople(t, server, prefix, 4); found[email(prefix, 1)]["id"] != id {
		t.Error("the person was made anew")
	}
	configure(t, w, all, "}\n"+one[:len(one)-2])
	w.Run("apply", "-auto-approve", "-no-color")
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}
