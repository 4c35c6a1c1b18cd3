package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const sharedIdentity = "Two resources declare one person"

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
	before string // the first configuration
	steps  func(t *testing.T, w *acctest.Workspace, id string)
	plan   string   // its plan would destroy an identity that another object keeps
	args   []string // of that plan
	cure   string   // the configuration that resolves the conflict
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

// sharingWays returns ways for two objects to have the same identity while a plan would destroy one object.
func sharingWays() map[string]shared {
	test, other := person("test", "EMAIL", "POLICY"), person("other", "EMAIL", "POLICY")
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

// replaced returns a resource that adopts its own identity when it is replaced, and a dependent resource that can fail
// before the old object is destroyed.
func replaced(email, policy, version, command string, own bool) string {
	provisioner := fmt.Sprintf("  provisioner \"local-exec\" {\n    command = %q\n  }\n", command)
	person := person("test", email, fmt.Sprintf("on_conflict = \"adopt\"\n  deletion_policy = %q\n  lifecycle {\n    "+
		"create_before_destroy = true\n"+
		"    replace_triggered_by = [terraform_data.version]\n  }\n", policy)+map[bool]string{true: provisioner}[own])
	dependant := "resource \"terraform_data\" \"dependant\" {\n  triggers_replace = [terraform_data.version.output]\n  input = ory_identity.test.id\n" +
		"  lifecycle {\n    create_before_destroy = true\n  }\n" + map[bool]string{false: provisioner}[own] + "}\n"
	return person + dependant + fmt.Sprintf("resource \"terraform_data\" \"version\" {\n  input = %q\n}\n", version)
}

// A run that ends between an adoption and the destroy of the replaced object leaves a deposed object with the same
// identity.
func TestAccIdentity_deposedObjectOfAnAdoptedPerson(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for _, policy := range []string{"delete", "deactivate"} {
		for _, way := range []string{"plan", "not refreshed", "tainted", "destroyed"} {
			t.Run(policy+", "+way, func(t *testing.T) {
				t.Parallel()
				api, w, email := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
				own := way == "tainted" // the resource's own provisioner fails
				w.WriteMain(replaced(email, policy, "1", "true", own))
				w.Run("apply", "-no-color", "-auto-approve")
				id := api.admin.FindByIdentifier(t, email)[0]
				w.WriteMain(replaced(email, policy, "2", "false", own))
				expectFailure(t, w, []string{"Identity adopted", "local-exec"}, "apply", "-no-color", "-auto-approve")
				expectActive(t, api, id)

				w.WriteMain(replaced(email, policy, "2", "true", own))
				args := map[string][]string{"not refreshed": {"-refresh=false"}}[way]
				expectFailure(
					t,
					w,
					[]string{sharedIdentity, id, "deposed", "terraform state rm"},
					append([]string{"apply", "-no-color", "-auto-approve"}, args...)...,
				)
				expectActive(t, api, id)
				if way == "destroyed" {
					w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")
					if policy == "delete" && api.Exists(id) {
						t.Error("the identity outlived both objects")
					}
					return
				}
				w.Run("state", "rm", address)
				w.WriteMain(replaced(email, policy, "2", "true", own) + importing("test", id))
				w.Run("apply", "-no-color", "-auto-approve")
				w.ExpectEmptyPlan()
				expectActive(t, api, id)
			})
		}
	}
}

// A deposed object of another identity is destroyed normally.
func TestAccIdentity_deposedObjectOfAnotherPerson(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := newAPI(t, server), acctest.NewWorkspace(t, server.AdminURL)
	before, after := acctest.RandomEmail(), acctest.RandomEmail()
	w.WriteMain(replaced(before, "delete", "1", "true", false))
	w.Run("apply", "-no-color", "-auto-approve")
	old := api.admin.FindByIdentifier(t, before)[0]
	w.WriteMain(replaced(after, "delete", "2", "false", false))
	expectFailure(t, w, []string{"local-exec"}, "apply", "-no-color", "-auto-approve")
	w.WriteMain(replaced(after, "delete", "2", "true", false))
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if api.Exists(old) {
		t.Error("the deposed object's identity is still there")
	}
	expectActive(t, api, api.admin.FindByIdentifier(t, after)[0])
	w.Run("destroy", "-no-color", "-auto-approve")
}
