package bulk_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Rows come, change and go. Each other row keeps its identity.
func TestAccIdentities_lifecycle(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	all := rows(prefix, 30)
	for _, row := range all {
		row["verified_addresses"] = []string{row["traits"].(map[string]any)["email"].(string)}
	}
	configure(t, w, all, "")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	found := expectPeople(t, server, prefix, 30)
	for address, identity := range found {
		a := identity["verifiable_addresses"].([]any)[0].(map[string]any)
		if a["verified"] != true {
			t.Fatalf("%s isn't verified", address)
		}
	}
	before := ids(t, w)

	delete(all, key(3))
	all[key(4)]["traits"].(map[string]any)["name"] = map[string]any{"first": "Changed"}
	delete(all[key(5)], "metadata_public")
	all["new"] = map[string]any{"traits": map[string]any{"email": email(prefix, 99)}}
	all["renamed"] = all[key(6)]
	delete(all, key(6))
	configure(t, w, all, "")
	plan := w.Run("plan", "-no-color")
	expectAll(t, plan, `(26 unchanged attributes hidden)`, "Keys renamed", "Renamed keys in this plan: 1")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	found = expectPeople(t, server, prefix, 30)
	if found[email(prefix, 3)] != nil || found[email(prefix, 5)]["metadata_public"] != nil {
		t.Error("a row stays, or metadata")
	}
	after := ids(t, w)
	if after[key(4)] != before[key(4)] || after["renamed"] != before[key(6)] || len(after) != 30 {
		t.Errorf("ids changed")
	}

	w.Run("taint", "-no-color", "ory_identities.people")
	w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	expectPeople(t, server, prefix, 30)
	if replaced := ids(t, w); replaced[key(4)] == after[key(4)] || len(replaced) != 30 {
		t.Error("the people weren't made anew")
	}
	w.Run("destroy", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 0)
}
