package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A resource keeps its person while its other traits change: the plan of another resource that would adopt the identity
// fails.
func TestAccIdentity_adoptWhomAnotherResourceHas(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email := acctest.RandomEmail()
	w := acctest.NewWorkspace(t, proxy.URL())
	write := func(first, other string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { "+
			"email = %q, name = { first = %q } }\n}\n%s", email, first, other))
	}
	write("Ada", "")
	w.Run("apply", "-no-color", "-auto-approve")
	write("Augusta", fmt.Sprintf("resource \"ory_identity\" \"other\" {\n  schema_id = \"preset://email\"\n  traits = { "+
		"email = %q }\n  on_conflict = \"adopt\"\n"+
		"  depends_on = [ory_identity.test]\n}\n", email))
	expectFailure(t, w, []string{"Two resources declare one identity"}, "apply", "-no-color", "-auto-approve")
	if list := w.Run("state", "list"); strings.Contains(list, "ory_identity.other") {
		t.Errorf("both resources have the person:\n%s", list)
	}
	write("Augusta", "")
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Resources that are renamed without moved blocks adopt their identities. In any order of the old and the new resource,
// no identity is lost, and the next plan is empty.
func TestAccIdentity_renamedAndAdopted(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	prefix := acctest.RandomName()
	const people = 10
	//nolint:paralleltest // together they would only wait for the database
	for policy, slow := range map[string]string{"delete": http.MethodDelete, "deactivate": http.MethodPost} {
		t.Run(policy, func(t *testing.T) {
			proxy := acctest.NewProxy(t, server.AdminURL)
			w := acctest.NewWorkspace(t, proxy.URL())
			write := func(name string) {
				w.WriteMain(fmt.Sprintf("resource \"ory_identity\" %q {\n  count = %d\n  schema_id = \"username\"\n  traits = { "+
					"username = \"%s-%s-${count.index}\" }\n"+
					"  on_conflict = \"adopt\"\n  deletion_policy = %q\n}\n", name, people, prefix, policy, policy))
			}
			write("old")
			w.Run("apply", "-no-color", "-auto-approve")
			proxy.Delay(acctest.On(slow, "/admin/identities"), 30*time.Millisecond)
			write("fresh")
			w.Run("apply", "-no-color", "-auto-approve")
			for i := range people {
				found := admin.FindByIdentifier(t, fmt.Sprintf("%s-%s-%d", prefix, policy, i))
				if len(found) != 1 {
					t.Fatalf("person %d exists %d times", i, len(found))
				}
				if state := admin.GetIdentity(t, found[0])["state"]; state != "active" {
					t.Errorf("person %d is %v", i, state)
				}
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
			for i := range people {
				for _, id := range admin.FindByIdentifier(t, fmt.Sprintf("%s-%s-%d", prefix, policy, i)) {
					admin.DeleteIdentity(t, id)
				}
			}
		})
	}
}

// A failed adoption leaves nothing in the state, so that no identity is deleted as tainted. The next apply finishes the
// adoption.
func TestAccIdentity_adoptionThatFails(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email := acctest.RandomEmail()
	id := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"state":"inactive"}`, email))
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email "+
		"= %q }\n  on_conflict = \"adopt\"\n"+
		"  verified_addresses = [%q]\n  %s\n}\n", email, email, credentialsOf(hashOf(hashes["bcrypt"]), oidcOf("gh:"+email))))
	proxy.FailNext(3, acctest.On(http.MethodPut, "/admin/identities/"), http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the hasher is on fire"}}`)
	expectFailure(
		t,
		w,
		[]string{"the hasher is on fire", "Identity not adopted", id},
		"apply",
		"-no-color",
		"-auto-approve",
	)
	if list := w.Run("state", "list"); strings.Contains(list, address) {
		t.Fatal("the state has what was not adopted")
	}
	if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "Identity adopted") {
		t.Errorf("the second apply adopted nobody:\n%s", output)
	}
	if err := api.Compare(id, `{"state":"active"}`); err != nil {
		t.Error(err)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, hashed); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
