package bulk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Keys of any characters keep their people. A document can have one row, and none.
func TestAccIdentities_oddKeys(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	all := map[string]map[string]any{}
	keys := []string{
		"a/b.c[0]", `quo"te`, "ключ", "<&>", " ", "null", "__proto__", "line\nbreak", "\\u0041", "A", "Å", "ﬁ", "~0~1",
		strings.Repeat("long", 500), "9007199254740993", "9007199254740992",
	}
	for i, odd := range keys {
		all[odd] = map[string]any{"traits": map[string]any{"email": email(prefix, i)}}
	}
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	found, before := expectPeople(t, server, prefix, len(keys)), ids(t, w)
	for i, odd := range keys {
		if before[odd] != found[email(prefix, i)]["id"] {
			t.Errorf("%q has another person", odd)
		}
	}
	for _, odd := range keys[1:] {
		delete(all, odd)
	}
	all["other"] = all[keys[0]]
	delete(all, keys[0])
	configure(t, w, all, "")
	expectAll(t, w.Run("apply", "-auto-approve", "-no-color"), "Keys renamed")
	w.ExpectEmptyPlan()
	if after := ids(t, w); len(after) != 1 || after["other"] != before[keys[0]] {
		t.Errorf("the state has %v", after)
	}
	configure(t, w, nil, "")
	w.Write("people.json", "{}")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	expectPeople(t, server, prefix, 0)
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	expectPeople(t, server, prefix, 1)
	w.Run("destroy", "-auto-approve", "-no-color")
}

// Rows can hand on their addresses, in chains of any length. Rows that exchange them are told, and stay as they are.
func TestAccIdentities_handedOn(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{LateLocks: true})
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	const size = 30
	all := rows(prefix, size)
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	before := ids(t, w)
	for _, shift := range []int{1, 0} { // up, and down again
		for i := range size {
			all[key(i)]["traits"] = map[string]any{"email": email(prefix, i+shift)}
		}
		configure(t, w, all, "")
		w.Run("apply", "-auto-approve", "-no-color")
		w.ExpectEmptyPlan()
	}

	all[key(1)]["traits"], all[key(2)]["traits"] = all[key(2)]["traits"], all[key(1)]["traits"]
	all[key(3)]["metadata_public"] = map[string]any{"number": 33}
	configure(t, w, all, "")
	output, code := w.Try("apply", "-auto-approve", "-no-color")
	if code == 0 {
		t.Fatal("applied")
	}
	expectAll(t, output, "Identifiers passed to other rows", "Rows not applied", "2 rows, by key", `"k00001": It conflicts with the identity `+before[key(2)]+`, which the row "k00002" has.`, `"k00002":`,
		"exchange values need a third value in between")
	expectAll(t, w.Run("plan", "-no-color"), "~ k00001", "~ k00002", fmt.Sprintf("%d unchanged", size-2))
	all[key(1)]["traits"], all[key(2)]["traits"] = all[key(2)]["traits"], all[key(1)]["traits"]
	configure(t, w, all, "")
	w.ExpectEmptyPlan()
	for i := range size {
		if after := ids(t, w); after[key(i)] != before[key(i)] {
			t.Fatalf("row %d has another person", i)
		}
	}
	w.Run("destroy", "-auto-approve", "-no-color")
}

// What can't be destroyed stays in the state, and goes with the next destroy.
func TestAccIdentities_destroyHalfFailed(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	prefix := acctest.RandomName()
	configure(t, w, rows(prefix, 20), `metadata_admin = jsonencode({ k00001 = { a = 1 } })`)
	w.Run("apply", "-auto-approve", "-no-color")
	refused := `{"error":{"code":403,"status":"Forbidden","reason":"Not this one.","message":"no"}}`
	proxy.FailNext(7, acctest.On(http.MethodDelete, "/admin/identities/"), http.StatusForbidden, refused)
	output, code := w.Try("destroy", "-auto-approve", "-no-color")
	if code == 0 {
		t.Error("destroyed")
	}
	expectAll(t, output, "Identities not removed", "7 rows, by key", "Not this one.")
	found, left := expectPeople(t, server, prefix, 7), ids(t, w)
	for _, identity := range found {
		if len(left) != 7 || !strings.Contains(fmt.Sprint(left), identity["id"].(string)) {
			t.Errorf("%s isn't among %v", identity["id"], left)
		}
	}
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}

// Rows go by the policy of the configuration that drops them, and the whole resource by that of the state.
func TestAccIdentities_policies(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	all := rows(prefix, 5)
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	configure(t, w, all, `deletion_policy = "retain"`)
	w.Run("apply", "-auto-approve", "-no-color")
	for i, policy := range []string{"retain", "deactivate", "delete"} {
		delete(all, key(i))
		configure(t, w, all, fmt.Sprintf("deletion_policy = %q", policy))
		w.Run("apply", "-auto-approve", "-no-color")
		w.ExpectEmptyPlan()
	}
	configure(t, w, all, `deletion_policy = "deactivate"`)
	w.Run("apply", "-auto-approve", "-no-color")
	expectAll(t, w.Run("destroy", "-auto-approve", "-no-color"), "Identities remain on the server")
	found := expectPeople(t, server, prefix, 4)
	for i, want := range map[int]string{0: "active", 1: "inactive", 3: "inactive", 4: "inactive"} {
		if state := found[email(prefix, i)]["state"]; state != want {
			t.Errorf("%d is %v, want %s", i, state, want)
		}
	}
}

// A row can change its identity schema, and so can all rows by that of the resource.
func TestAccIdentities_schemaChange(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	all := rows(prefix, 6)
	for _, row := range all {
		delete(row["traits"].(map[string]any), "name")
	}
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	before := ids(t, w)
	all[key(1)]["schema_id"] = "two_addresses"
	all[key(1)]["traits"].(map[string]any)["backup_email"] = email(prefix, 100)
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	w.Write("main.tf", strings.Replace(w.Read("main.tf"), "preset://email", "two_addresses", 1))
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	after := ids(t, w)
	for address, identity := range expectPeople(t, server, prefix, 6) {
		if identity["schema_id"] != "two_addresses" {
			t.Errorf("%s has the schema %v", address, identity["schema_id"])
		}
	}
	for k, id := range before {
		if after[k] != id {
			t.Errorf("%s has another person", k)
		}
	}
	w.Run("destroy", "-auto-approve", "-no-color")
}

// A row and an ory_identity_metadata can't both manage a metadata key of an identity.
func TestAccIdentities_metadataKeyTwice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	people := rows(prefix, 2)
	people[key(0)]["metadata_public"] = map[string]any{"team": "engines"}
	configure(t, w, people, "")
	w.Run("apply", "-auto-approve", "-no-color")
	with := func(name string) string {
		return fmt.Sprintf(`
}
resource "ory_identity_metadata" "more" {
  identity_id     = jsondecode(ory_identities.people.ids)[%q]
  metadata_public = { %s = "looms" }
`, key(0), name)
	}
	configure(t, w, people, with("team"))
	w.ExpectFailure([]string{"Metadata key managed twice", "ory_identities", `"team"`}, "plan", "-no-color")
	configure(t, w, people, with("office"))
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	people[key(0)]["metadata_public"] = map[string]any{"team": "engines", "office": "London"}
	configure(t, w, people, with("office"))
	w.ExpectFailure([]string{`"office"`}, "plan", "-no-color")
	configure(t, w, people, "")
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}
