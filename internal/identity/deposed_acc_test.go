package identity_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

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
		for _, way := range []string{"plan", "not refreshed", "targeted", "tainted", "destroyed"} {
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
				args := map[string][]string{"not refreshed": {"-refresh=false"}, "targeted": {"-target=" + address}}[way]
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

// A new resource adopts the identity of a resource that is replaced in the same plan. What comes first would decide
// whether the person is deleted, so the plan is refused.
func TestAccIdentity_replacedWhileAdopted(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, lifecycle := range map[string]string{
		"destroyed before": "", "created before": "lifecycle {\n    create_before_destroy = true\n  }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
			w, first, second := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail(), acctest.RandomEmail()
			w.WriteMain(person("test", first, lifecycle))
			w.Run("apply", "-no-color", "-auto-approve")
			id := api.admin.FindByIdentifier(t, first)[0]
			proxy.Reset()
			w.WriteMain(person("test", second, lifecycle) + adopting("other", first))
			// Terraform plans the two in any order: "Identity would be replaced before it is adopted", or "Identity managed by
			// another resource".
			expectFailure(t, w, []string{id, "would adopt"}, "apply", "-no-color", "-auto-approve", "-replace="+address)
			if n := writes(proxy); n != 0 {
				t.Errorf("%d writes were sent", n)
			}
			expectActive(t, api, id)
			w.WriteMain(person("test", second, lifecycle) + person("other", first, "depends_on = [ory_identity.test]"))
			w.Run("apply", "-no-color", "-auto-approve")
			expectActive(t, api, id)
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
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

// If all objects of an identity go, the identity goes, by one request that the server carries out. A destroy that
// refreshes is refused first: Terraform plans it as if nothing were destroyed.
func TestAccIdentity_sharedIdentityIsDestroyed(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for policy, ways := range map[string][]string{
		"delete":     {"imported twice", "deposed"},
		"deactivate": {"deposed"}, // an import has no deletion_policy of its own yet
	} {
		for _, way := range ways {
			t.Run(policy+", "+way, func(t *testing.T) {
				t.Parallel()
				api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
				w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
				if way == "deposed" {
					w.WriteMain(replaced(email, policy, "1", "true", false))
					w.Run("apply", "-no-color", "-auto-approve")
					w.WriteMain(replaced(email, policy, "2", "false", false))
					expectFailure(t, w, []string{"Identity adopted", "local-exec"}, "apply", "-no-color", "-auto-approve")
				} else {
					w.WriteMain(person("test", email, "") + person("other", email, ""))
					w.Run("apply", "-no-color", "-auto-approve", "-target="+address)
					importOther(t, w, api.admin.FindByIdentifier(t, email)[0])
				}
				id := api.admin.FindByIdentifier(t, email)[0]
				expectFailure(
					t,
					w,
					[]string{sharedIdentity, id, "run terraform destroy -refresh=false"},
					"destroy",
					"-no-color",
					"-auto-approve",
				)
				expectActive(t, api, id)
				proxy.Reset()
				w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")
				if policy == "delete" {
					if n := proxy.Count(http.MethodDelete, "/admin/identities/"+id); n > 2 || api.Exists(id) {
						t.Errorf("the identity outlived both objects, or was deleted %d times", n)
					}
					return
				}
				if err := api.Compare(id, `{"state":"inactive"}`); err != nil {
					t.Error(err)
				}
				if n := proxy.Count(http.MethodPatch, "/admin/identities/"+id); n != 1 {
					t.Errorf("the identity was deactivated %d times", n)
				}
			})
		}
	}
}
