package bulk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// manyRows is as many rows as the refusals are looked for among.
const manyRows = 1000

// Of a thousand rows the plan refuses the five that break the identity schema. Then the server refuses the seven whose
// addresses are taken: a create leaves nothing, and an update leaves the rest.
func TestAccIdentities_refused(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	var taken []any
	var owners []string
	for i := range 7 {
		taken = append(taken, map[string]any{
			"schema_id": "preset://email", "traits": map[string]any{"email": email(prefix, 100*i+50)},
		})
	}
	owners = acctest.AdminOf(server).CreateIdentities(t, taken...)
	all := rows(prefix, manyRows)
	for i := range 5 {
		all[key(200*i)]["traits"].(map[string]any)["email"] = "nobody"
	}
	configure(t, w, all, "")
	output, code := w.Try("apply", "-auto-approve", "-no-color")
	if code == 0 {
		t.Fatal("applied")
	}
	expectAll(t, output, "Rows cannot be applied", "5 rows, by key", `"k00000":`, `"k00800":`, "The identity schema", "traits.email")
	expectPeople(t, server, prefix, 7)

	all = rows(prefix, manyRows)
	configure(t, w, all, "")
	output, code = w.Try("apply", "-auto-approve", "-no-color")
	if code == 0 {
		t.Fatal("applied")
	}
	expectAll(t, output, "Identities refused", "7 rows, by key", "The provider creates all rows or none")
	for i, id := range owners {
		expectAll(t, output, fmt.Sprintf("%q: The row conflicts with the identity %s.", key(100*i+50), id))
	}
	if strings.Contains(output, "tainted") {
		t.Error("the resource is tainted")
	}
	for _, identity := range expectPeople(t, server, prefix, 7) {
		if identity["metadata_public"] != nil {
			t.Error("an identity of somebody else was changed")
		}
	}

	few := map[string]map[string]any{key(1): all[key(1)]}
	configure(t, w, few, "")
	w.Run("apply", "-auto-approve", "-no-color")
	configure(t, w, all, "")
	output, code = w.Try("apply", "-auto-approve", "-no-color")
	if code == 0 {
		t.Fatal("applied")
	}
	expectAll(t, output, "Rows not applied", "7 rows, by key", fmt.Sprintf("%q: The row conflicts with the identity %s.", key(50), owners[0]))
	expectPeople(t, server, prefix, manyRows)
	if n := len(ids(t, w)); n != 993 {
		t.Errorf("the state has %d rows", n)
	}
	plan := w.Run("plan", "-no-color")
	expectAll(t, plan, "993 unchanged attributes hidden")
	for i := range 7 {
		expectAll(t, plan, "+ "+key(100*i+50))
	}

	configure(t, w, all, `on_conflict = "adopt"`)
	output = w.Run("apply", "-auto-approve", "-no-color")
	expectAll(t, output, "Identities adopted", "7 rows")
	w.ExpectEmptyPlan()
	found := expectPeople(t, server, prefix, manyRows)
	if found[email(prefix, 50)]["id"] != owners[0] || found[email(prefix, 50)]["metadata_public"] == nil {
		t.Error("the identity wasn't adopted")
	}
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}

// PostgreSQL refuses NUL characters. The error names the row, and no row is created.
func TestAccIdentities_nulCharacter(t *testing.T) {
	t.Parallel()
	acctest.NeedsPostgres(t)
	server := acctest.Kratos(t)
	w, prefix := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomName()
	all := rows(prefix, 30)
	all[key(7)]["metadata_public"] = map[string]any{"team": "\x00"}
	configure(t, w, all, "")
	w.ExpectFailure([]string{`"k00007":`, "does not store NUL characters", "metadata_public"}, "apply", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
	all[key(7)]["metadata_public"] = nil
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-auto-approve", "-no-color")
}

// A row that takes the address of a removed row would get the other person's place. If the identity of the removed row
// remains on the server, the plan is refused and nobody is deactivated.
func TestAccIdentities_shiftedRows(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, prefix := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomName()
	all := rows(prefix, 2)
	shifted := map[string]map[string]any{key(0): all[key(1)]}
	const deactivate = `deletion_policy = "deactivate"`
	configure(t, w, all, deactivate)
	w.Run("apply", "-auto-approve", "-no-color")
	configure(t, w, shifted, deactivate)
	w.ExpectFailure([]string{
		"Values of identities that remain", `"k00001":`, "give each person the old key", "Identifiers passed to other rows",
	}, "apply", "-auto-approve", "-no-color")
	for address, identity := range expectPeople(t, server, prefix, 2) {
		if identity["state"] != "active" {
			t.Errorf("%s is %s", address, identity["state"])
		}
	}
	configure(t, w, shifted, "")
	expectAll(t, w.Run("plan", "-no-color"), "Identifiers passed to other rows", `"k00000": It takes the login identifier that the row "k00001"`)
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.Run("destroy", "-auto-approve", "-no-color")
}
