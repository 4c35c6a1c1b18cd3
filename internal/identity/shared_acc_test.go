package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const sharedIdentity = "Two resources declare one identity"

// forgetting is a block that takes a resource out of the state and leaves its identity alone.
func forgetting(name string) string {
	return "removed {\n  from = ory_identity." + name + "\n  lifecycle {\n    destroy = false\n  }\n}\n"
}

// renaming returns a moved block.
func renaming(from, to string) string {
	return fmt.Sprintf("moved {\n  from = ory_identity.%s\n  to = ory_identity.%s\n}\n", from, to)
}

// expectActive fails the test unless the server has the identity and the identity is active.
func expectActive(t *testing.T, api api, id string) {
	t.Helper()
	if !api.Exists(id) {
		t.Fatalf("the identity %s was deleted", id)
	}
	if err := api.Compare(id, `{"state":"active"}`); err != nil {
		t.Error(err)
	}
}

// shared is a way for two objects of the state and the plan to have one identity. ID and EMAIL stand for the person.
type shared struct {
	before   string // the first configuration
	steps    func(t *testing.T, w *acctest.Workspace, id string)
	targeted string   // a configuration of which only the resource other is applied
	plan     string   // its plan would destroy an identity that another object keeps
	args     []string // of that plan
	cure     string   // the configuration that resolves the conflict
}

// importOther imports the identity a second time, on the command line.
func importOther(t *testing.T, w *acctest.Workspace, id string) {
	t.Helper()
	w.Run("import", "-no-color", "ory_identity.other", id)
}

// taintTest calls importOther and taints the first resource.
func taintTest(t *testing.T, w *acctest.Workspace, id string) {
	t.Helper()
	importOther(t, w, id)
	w.Run("taint", address)
}

// moveInState calls importOther and gives the first resource another address in the state.
func moveInState(t *testing.T, w *acctest.Workspace, id string) {
	t.Helper()
	importOther(t, w, id)
	w.Run("state", "mv", address, "ory_identity.third")
}

// sharingWays returns ways for two objects to have the same identity while a plan would destroy one object.
func sharingWays() map[string]shared {
	test, other := person("test", "EMAIL", "POLICY"), person("other", "EMAIL", "POLICY")
	adoptingOther := person("other", "EMAIL", "POLICY\n  on_conflict = \"adopt\"")
	list := func(meta string) string { return person("test", "EMAIL", meta+"\n  POLICY") }
	return map[string]shared{
		"renamed, with an import block": {
			before: test, plan: other + importing("other", "ID"), cure: other + renaming("test", "other"),
		},
		"renamed, with an import by identifier": {
			before: test, plan: other + importing("other", "identifier=EMAIL"), cure: other + renaming("test", "other"),
		},
		"renamed, with an import block, not refreshed": {
			before: test, plan: other + importing("other", "ID"), args: []string{"-refresh=false"}, cure: other + renaming("test", "other"),
		},
		"renamed, with an import block, and forgotten": {
			before: test, plan: other + importing("other", "ID"), cure: other + importing("other", "ID") + forgetting("test"),
		},
		"count to for_each, with import blocks": {
			before: list("count = 1"), plan: list(`for_each = toset(["a"])`) + importing(`test["a"]`, "ID"),
			cure: list(`for_each = toset(["a"])`) + renaming("test[0]", `test["a"]`),
		},
		"imported twice by the command line": {
			before: test + other, steps: importOther, plan: other, cure: other + forgetting("test"),
		},
		"imported twice by the command line, the second one goes": {
			before: test + other, steps: importOther, plan: test, cure: test + forgetting("other"),
		},
		"imported twice, and changed in the same plan": {
			before: test + other, steps: importOther, plan: person("other", "new-EMAIL", "POLICY"), cure: other + forgetting("test"),
		},
		"imported twice, and replaced": {
			before: test + other, steps: importOther, plan: person("test", "new-EMAIL", "POLICY") + other, args: []string{"-replace=" + address},
			cure: other + forgetting("test"),
		},
		"renamed, with an import block and a removed block that destroys": {
			before: test, plan: other + importing("other", "ID") + "removed {\n  from = ory_identity.test\n  lifecycle {\n    " +
				"destroy = true\n  }\n}\n", cure: other + renaming("test", "other"),
		},
		"moved to an address that the state has": {
			before: test + other, steps: importOther, plan: other + renaming("test", "other"), cure: other + forgetting("test"),
		},
		"imported twice, and moved in the state": {
			before: test + other, steps: moveInState, plan: other, cure: other + forgetting("third"),
		},
		"imported by a run with -target": {
			before: test, targeted: other + importing("other", "ID"), plan: other, cure: other + forgetting("test"),
		},
		"adopted by a run with -target": {
			before: test, targeted: adoptingOther, plan: adoptingOther, cure: adoptingOther + forgetting("test"),
		},
		"adopted by a run with -target, not refreshed": {
			before: test, targeted: adoptingOther, plan: adoptingOther, args: []string{"-refresh=false"},
			cure: adoptingOther + forgetting("test"),
		},
		"imported twice, and both replaced before they are destroyed": {
			before: test + other, steps: importOther, args: []string{"-replace=" + address, "-replace=ory_identity.other"},
			plan: person("test", "EMAIL", "POLICY\n  on_conflict = \"adopt\"\n  lifecycle {\n    create_before_destroy = true\n  }") +
				other, cure: other + forgetting("test"),
		},
		"count to for_each, of which one is imported twice": {
			before: list("count = 1") + other, steps: importOther, plan: list(`for_each = toset(["a"])`) + other,
			cure: other + forgetting("test"),
		},
		"imported twice, and tainted": {
			before: test + other, steps: taintTest, plan: person("test", "new-EMAIL", "POLICY") + other, cure: other + forgetting("test"),
		},
	}
}

// An identity that another object of the state or the plan keeps is never deleted or deactivated. The plan is refused
// in any order of planning, and the error shows the remedy.
func TestAccIdentity_sharedIdentityIsKept(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, way := range sharingWays() {
		for _, policy := range []string{"delete", "deactivate"} {
			t.Run(name+", "+policy, func(t *testing.T) {
				t.Parallel()
				expectRefused(t, server, policy, way)
			})
		}
	}
}

func expectRefused(t *testing.T, server *acctest.Server, policy string, way shared) {
	t.Helper()
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	var id string
	write := func(text string) {
		w.WriteMain(
			strings.NewReplacer("ID", id, "EMAIL", email, "POLICY", fmt.Sprintf("deletion_policy = %q", policy)).Replace(text),
		)
	}
	write(way.before)
	w.Run("apply", "-no-color", "-auto-approve", "-target="+address)
	id = api.admin.FindByIdentifier(t, email)[0]
	if way.steps != nil {
		way.steps(t, w, id)
	}
	if way.targeted != "" {
		write(way.targeted)
		w.Run("apply", "-no-color", "-auto-approve", "-target=ory_identity.other")
		expectActive(t, api, id)
	}
	proxy.Reset()
	write(way.plan)
	expectFailure(
		t,
		w,
		[]string{sharedIdentity, id, "moved block", "destroy = false"},
		append([]string{"apply", "-no-color", "-auto-approve"}, way.args...)...,
	)
	if n := writes(proxy); n != 0 {
		t.Errorf("%d writes were sent", n)
	}
	expectActive(t, api, id)
	write(way.cure)
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	expectActive(t, api, id)
	w.Run("destroy", "-no-color", "-auto-approve")
	if policy == "deactivate" {
		api.Delete(id)
	}
}

// A refresh-only run of a state with an identity twice destroys nothing.
func TestAccIdentity_sharedIdentityIsOnlyRefreshed(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	w.WriteMain(person("test", email, "") + person("other", email, ""))
	w.Run("apply", "-no-color", "-auto-approve", "-target="+address)
	id := api.admin.FindByIdentifier(t, email)[0]
	importOther(t, w, id)
	proxy.Reset()
	for _, configuration := range []string{person("other", email, ""), ""} {
		w.WriteMain(configuration)
		w.Try("apply", "-no-color", "-auto-approve", "-refresh-only")
		if n := writes(proxy); n != 0 {
			t.Errorf("%d writes were sent", n)
		}
	}
	expectActive(t, api, id)
	w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")
}
