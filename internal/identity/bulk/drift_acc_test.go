package bulk_test

import (
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// What changed elsewhere is shown by key, and put right. Keys of metadata that others set stay.
func TestAccIdentities_drift(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	all := rows(prefix, 12)
	all[key(4)]["state"] = "active"
	all[key(5)]["verified_addresses"] = []string{email(prefix, 5)}
	configure(t, w, all, `metadata_admin = jsonencode({ "`+key(6)+`" = { cost_centre = 12 } })`)
	w.Run("apply", "-auto-approve", "-no-color")
	before := ids(t, w)

	admin.DeleteIdentity(t, before[key(1)])
	admin.PatchIdentity(t, before[key(2)], acctest.Operation{Op: "replace", Path: "/traits/name/first", Value: "Other"})
	admin.PatchIdentity(t, before[key(3)], acctest.Operation{
		Op: "replace", Path: "/metadata_public", Value: map[string]any{"number": 3, "foreign": true},
	})
	admin.PatchIdentity(t, before[key(4)], acctest.Operation{Op: "replace", Path: "/state", Value: "inactive"})
	admin.PatchIdentity(t, before[key(5)], acctest.Operation{Op: "replace", Path: "/verifiable_addresses", Value: []any{}})
	admin.PatchIdentity(t, before[key(6)], acctest.Operation{
		Op: "replace", Path: "/metadata_admin", Value: map[string]any{"cost_centre": 99},
	})
	plan := w.Run("plan", "-no-color")
	expectAll(t, plan, "+ "+key(1), "~ "+key(2), `"Other" -> "Person 2"`, "~ "+key(4), `"inactive" -> "active"`, "~ "+key(5),
		"0 to add, 1 to change, 0 to destroy")
	if strings.Contains(plan, "cost_centre") || strings.Contains(plan, "foreign") {
		t.Errorf("the plan shows too much:\n%s", plan)
	}
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	found := expectPeople(t, server, prefix, 12)
	after := ids(t, w)
	if after[key(1)] == before[key(1)] || after[key(2)] != before[key(2)] {
		t.Error("the wrong identities were made anew")
	}
	if found[email(prefix, 3)]["metadata_public"].(map[string]any)["foreign"] != true {
		t.Error("a key of somebody else is gone")
	}
	if n := admin.GetIdentity(t, after[key(6)])["metadata_admin"].(map[string]any)["cost_centre"]; n.(interface{ String() string }).String() != "12" {
		t.Errorf("metadata_admin is %v", n)
	}

	// Formatting and the order of keys are no difference.
	w.WriteMain(strings.ReplaceAll(w.Read("main.tf")[strings.Index(w.Read("main.tf"), "resource"):],
		`jsonencode(jsondecode(file("people.json")))`, `"\n${file("people.json")}\n"`))
	w.ExpectEmptyPlan()
}
