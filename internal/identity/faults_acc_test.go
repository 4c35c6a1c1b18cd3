package identity_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// throughProxy returns a configuration like that of one, for a server behind a proxy.
func throughProxy(proxy *acctest.Proxy, attributes string) string {
	return acctest.ProviderConfigURL(proxy.URL()) + "\nresource \"ory_identity\" \"test\" {\n" + attributes + "\n}\n"
}

// unbatched is a provider block without batching: each identity is created and read by its own request.
const unbatched = "provider \"ory\" {\n  batching = { enabled = false }\n}\n"

// The server accepts the patch and refuses the password. The state is correct, and the next plan shows the rest.
func TestAccIdentity_halfDoneUpdate(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email := acctest.RandomEmail()
	configuration := func(first, password string) string {
		return throughProxy(proxy, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { first "+
			"= %q } }\n  credentials = { password = { value = %q } }", email, first, password))
	}
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration("Ada", "first password"), Check: takeID(&id)},
			{
				// A later attempt to set the password doesn't revert changes outside Terraform.
				PreConfig: func() {
					proxy.Intercept(once(acctest.On(http.MethodPut, "/admin/identities/"), func(w http.ResponseWriter) {
						api.Patch(
							id,
							`[{"op":"replace","path":"/state","value":"inactive"},{"op":"add","path":"/metadata_public","value":{"seen":true}}]`,
						)
						w.WriteHeader(http.StatusTooManyRequests)
					}))
				},
				Config: configuration("Ada", "other password"),
				Check: func(*terraform.State) error {
					return api.Compare(id, `{"state":"inactive","metadata_public":{"seen":true}}`)
				},
			},
			{
				PreConfig: func() {
					api.Patch(id, `[{"op":"replace","path":"/state","value":"active"}]`)
					proxy.FailNext(3, acctest.On(http.MethodPut, "/admin/identities/"), http.StatusInternalServerError,
						`{"error":{"code":500,"status":"Internal Server Error","message":"the hasher is on fire"}}`)
				},
				Config:      configuration("Augusta", "second password"),
				ExpectError: regexp.MustCompile(`(?s)Failed to set password or links.*the hasher is on fire.*All other changes`),
			},
			{
				Config: configuration("Augusta", "second password"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
					unknowns{map[string]bool{"updated_at": true}},
					onlyChange{"credentials"},
				}},
				Check: resource.ComposeTestCheckFunc(
					signsIn(t, server, email, "second password", "first password"),
					func(*terraform.State) error {
						return api.Compare(id, fmt.Sprintf(`{"traits":{"email":%q,"name":{"first":"Augusta"}}}`, email))
					},
				),
			},
		},
	})
}

// If the answer to an update is lost, the provider compares and finishes the update, even if a part can't be repeated.
func TestAccIdentity_lostAnswerOfUpdate(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, lose := range map[string]func(*acctest.Proxy){
		"answer": func(p *acctest.Proxy) { p.LoseAnswers(1, acctest.On(http.MethodPatch, "/admin/identities/")) },
		"request": func(p *acctest.Proxy) {
			p.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadGateway, "<html>bad gateway</html>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			proxy := acctest.NewProxy(t, server.AdminURL)
			email := acctest.RandomEmail()
			before := throughProxy(proxy, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { "+
				"first = \"Ada\", last = \"King\" } }", email))
			after := throughProxy(proxy, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { "+
				"last = \"Lovelace\" } }", email))
			var id string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{Config: before, Check: takeID(&id)},
					{
						PreConfig: func() { lose(proxy) },
						Config:    after,
						Check: func(*terraform.State) error {
							return api.Compare(id, fmt.Sprintf(`{"traits":{"email":%q,"name":{"last":"Lovelace"}}}`, email))
						},
					},
				},
			})
		})
	}
}

// If the answer to a create is lost and no lookup is possible, the create isn't repeated, and the error explains what
// to do.
func TestAccIdentity_lostAnswerOfCreate(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/identities"))
	proxy.FailNext(100, acctest.On(http.MethodGet, "/schemas"), http.StatusNotFound, "<html>no schemas here</html>")
	email := acctest.RandomEmail()
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email "+
		"= %q }\n}\n", email))
	expectFailure(
		t,
		w,
		[]string{"Identity may have been created", "credentials_identifier", "import it or delete it"},
		"apply",
		"-no-color",
		"-auto-approve",
	)
	if n := proxy.Count(http.MethodPost, "/admin/identities"); n != 1 {
		t.Errorf("the create was sent %d times", n)
	}
	admin := acctest.AdminOf(server)
	for _, id := range admin.FindByIdentifier(t, email) {
		admin.DeleteIdentity(t, id)
	}
}

// Deleting an identity that no longer exists succeeds. A 404 from a gateway never removes an identity from the state.
func TestAccIdentity_gone(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email "+
		"= %q }\n}\noutput \"id\" {\n  value = ory_identity.test.id\n}\n",
		acctest.RandomEmail()))
	w.Run("apply", "-no-color", "-auto-approve")

	proxy.FailNext(1, acctest.On(http.MethodGet, "/admin/identities/"), http.StatusNotFound, "<html><body>404 page not "+
		"found</body></html>")
	expectFailure(
		t,
		w,
		[]string{"Failed to read identity", "not an answer of the Kratos admin API"},
		"apply",
		"-no-color",
		"-auto-approve",
	)
	proxy.FailNext(1, acctest.On(http.MethodGet, "/admin/identities/"), http.StatusNotFound,
		`{"error":{"code":404,"status":"Not Found","message":"Requested url does not match any rules"}}`)
	expectFailure(t, w, []string{"Failed to read identity", "Requested url does not match any rules"}, "plan", "-no-color")
	if state := w.Run("state", "list"); !strings.Contains(state, address) {
		t.Fatal("the gateway's 404 dropped the identity from the state")
	}
	w.ExpectEmptyPlan()

	id := strings.TrimSpace(w.Run("output", "-raw", "id"))
	newAPI(t, server).Delete(id)
	w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")
	if n := proxy.Count(http.MethodDelete, "/admin/identities/"+id); n != 1 {
		t.Errorf("the delete was sent %d times", n)
	}
}

// An apply without changes sends no writes, even if the configuration is written differently.
func TestAccIdentity_noChangeNoWrite(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	name := acctest.RandomName()
	configuration := fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n"+
		"  traits = { username = %q, email = %q, age = 1.0, tags = [\"x\"], profile = { first = \"Ada\" } }\n"+
		"  metadata_public = { team = \"engines\" }\n  deletion_policy = \"delete\"\n"+
		"  verified_addresses = [%q]\n  %s\n}\n", name, name+"@example.org", name+"@Example.org", credentialsOf(somePassword, oidcOf("gh:"+name)))
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(configuration)
	w.Run("apply", "-no-color", "-auto-approve")

	proxy.Reset()
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain(
		strings.NewReplacer("1.0", "1", `["x"]`, `tolist(["x"])`, `{ first = "Ada" }`, `tomap({ first = "Ada", last = null })`).
			Replace(configuration),
	)
	w.ExpectEmptyPlan()
	w.Run("apply", "-no-color", "-auto-approve")
	for _, r := range proxy.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	// Without a refresh, the plan doesn't know that nothing changes, but the apply changes only the state.
	w.Run("apply", "-no-color", "-auto-approve", "-refresh=false")
	if n := proxy.Count(http.MethodPatch, "/") + proxy.Count(http.MethodPut, "/"); n != 0 {
		t.Errorf("%d writes were sent", n)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The public API serves the schema, which makes plans more precise. If the public API isn't reachable, plans work, and
// so does the apply of a plan that was made while it was reachable.
func TestAccIdentity_schemaOutOfReach(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	email := acctest.RandomEmail()
	write := func(name string) {
		w.WriteMain(fmt.Sprintf("provider \"ory\" {\n  max_retries = 0\n}\nresource \"ory_identity\" \"test\" {\n  "+
			"schema_id = \"preset://email\"\n  traits = { email = %q%s }\n}\n", email, name))
	}
	write("")
	w.Run("apply", "-no-color", "-auto-approve")
	write(`, name = { first = "Ada" }`)
	w.Run("plan", "-no-color", "-out=new.tfplan")
	proxy.FailNext(10, acctest.On(http.MethodGet, "/schemas"), http.StatusBadGateway, "<html>bad gateway</html>")
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to change") {
		t.Errorf("the plan changes something else:\n%s", plan)
	}
	w.Run("apply", "-no-color", "new.tfplan")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Kratos on SQLite in memory refuses most concurrent writes. The provider repeats them. The test runs twice in a row.
func TestAccIdentity_parallelUpdates(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Memory: true})
	prefix := acctest.RandomName()
	configuration := func(n int) string {
		return acctest.ProviderConfig(server) + fmt.Sprintf(`
resource "ory_identity" "test" {
  count       = 10
  schema_id   = "username"
  traits      = { username = "%s-${count.index}", age = %d }
  credentials = { password = { value = "password %d" } }
}`, prefix, n, n)
	}
	steps := []resource.TestStep{}
	for n := range 3 {
		var checks []statecheck.StateCheck
		for i := range 10 {
			checks = append(checks, statecheck.ExpectKnownValue(fmt.Sprintf("ory_identity.test[%d]", i),
				tfjsonpath.New("traits").AtMapKey("age"), knownvalue.Int64Exact(int64(n))))
		}
		steps = append(steps, resource.TestStep{Config: configuration(n), ConfigStateChecks: checks})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories, Steps: steps})
}

// A plan works while the provider's configuration is unknown. The configuration is known at the apply.
func TestAccProvider_unknownAtPlan(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	configuration := func(url string) string {
		return fmt.Sprintf(`
resource "terraform_data" "url" {
  input = %q
}
provider "ory" {
  admin_url = terraform_data.url.output
}
resource "ory_identity" "test" {
  schema_id = "preset://email"
  traits    = { email = "NAME" }
}`, url)
	}
	email := acctest.RandomEmail()
	w := acctest.NewWorkspace(t, "")
	write := func(url string) { w.WriteMain(strings.ReplaceAll(configuration(url), "NAME", email)) }
	write(server.AdminURL)
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()

	// The URL changes, so it is unknown at plan, and the identity can't be refreshed.
	write(server.AdminURL + "/")
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "Identities not refreshed") {
		t.Errorf("the plan doesn't say that it could not refresh:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// once answers the first matching request instead of the server.
func once(match acctest.Match, answer func(http.ResponseWriter)) acctest.Interceptor {
	var done atomic.Bool
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !match(r) || done.Swap(true) {
			return false
		}
		answer(w)
		return true
	}
}
