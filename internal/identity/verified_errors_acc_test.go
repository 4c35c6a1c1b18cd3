package identity_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The plan of a create or an update refuses an address that is in no trait.
func TestAccVerified_strangerAtPlan(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	email := acctest.RandomEmail()
	refused := resource.TestStep{
		Config: one(
			server,
			withAddresses(map[string]string{"email": email}, []string{email, "eve@example.org"}),
		), PlanOnly: true,
		ExpectError: regexp.MustCompile(
			`(?s)Not a verifiable address of the traits.*verified_addresses = \[.*contains\s+"eve@example.org".*one\s+other\s+verifiable\s+address`,
		),
	}
	good := resource.TestStep{Config: one(server, withAddresses(map[string]string{"email": email}, []string{email}))}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps:                    []resource.TestStep{refused, good, refused, good},
	})
}

// hideSchemas makes the identity schemas unreadable, as if the provider couldn't reach the public API.
func hideSchemas(proxy *acctest.Proxy) {
	proxy.FailNext(1_000_000, acctest.On(http.MethodGet, "/schemas"), http.StatusNotFound, "404 page not found")
	proxy.FailNext(1_000_000, acctest.On(http.MethodGet, "/admin/schemas"), http.StatusNotFound, "404 page not found")
}

// Without the schema, the provider relies on the server's answer: it still verifies addresses, and an address that the
// server ignores is an error. The state has everything else.
func TestAccVerified_withoutSchema(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	hideSchemas(proxy)
	email, next, number := acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomPhone()
	configuration := func(email string, verified ...string) string {
		return throughProxy(proxy, withAddresses(map[string]string{"email": email, "phone": number}, verified))
	}
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: configuration(email, email, number),
				Check:  resource.ComposeTestCheckFunc(takeID(&id), api.expectAddresses(map[string]bool{email: true, number: true})),
			},
			{
				Config:      configuration(next, next, number, "eve@example.org"),
				ExpectError: regexp.MustCompile(`(?s)Not a verifiable address.*"eve@example.org",\s+but\s+the\s+server\s+ignored`),
			},
			{
				Config: configuration(next, next, number), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
				Check: resource.ComposeTestCheckFunc(
					api.expectAddresses(map[string]bool{next: true, number: true}),
					func(s *terraform.State) error {
						if now := s.RootModule().Resources[address].Primary.ID; now != id {
							return fmt.Errorf("the identity was replaced: %s became %s", id, now)
						}
						return nil
					},
				),
			},
		},
	})
}

// The traits are unknown at plan. The apply refuses the address before it sends a request.
func TestAccVerified_strangerAtApply(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(fmt.Sprintf(`
resource "terraform_data" "email" {
  input = %q
}
resource "ory_identity" "test" {
  schema_id          = "preset://email"
  traits             = { email = terraform_data.email.output }
  verified_addresses = ["eve@example.org"]
}`, acctest.RandomEmail()))
	expectFailure(t, w, []string{"Not a verifiable address", "eve@example.org"}, "apply", "-no-color", "-auto-approve")
	if n := proxy.Count(http.MethodPost, "/admin/identities"); n != 0 {
		t.Errorf("%d identities were created", n)
	}
}

// After an import, Terraform has verified no address. Addresses that are already verified are added to the state
// without a request.
func TestAccVerified_import(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email, backup := acctest.RandomEmail(), acctest.RandomEmail()
	id := api.Create(fmt.Sprintf(`{"schema_id":"two_addresses","traits":{"email":%q,"backup_email":%q},
		"verifiable_addresses":[{"value":%q,"via":"email","verified":true,"status":"completed"}]}`, email, backup, email))
	configuration := func(verified ...string) string {
		return throughProxy(proxy, withAddresses(map[string]string{"email": email, "backup_email": backup}, verified))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: configuration(), ResourceName: address, ImportState: true, ImportStateId: id, ImportStatePersist: true,
			},
			{
				Config: configuration(), ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("verified_addresses"), knownvalue.Null()),
				},
			},
			{
				Config: configuration(email), ConfigStateChecks: showsVerified(email),
				ConfigPlanChecks: planned(unknowns{map[string]bool{}}, onlyChange{"verified_addresses"}),
				Check: func(*terraform.State) error {
					if n := proxy.Count(http.MethodPatch, "") + proxy.Count(http.MethodPut, ""); n != 0 {
						return fmt.Errorf("%d writes", n)
					}
					return nil
				},
			},
			{Config: configuration(email, backup), Check: api.expectAddresses(map[string]bool{email: true, backup: true})},
			{Config: configuration(), Check: api.expectAddresses(map[string]bool{email: true, backup: false})},
		},
	})
}

// An address that Terraform verified still counts as verified by Terraform after a lost answer.
func TestAccVerified_lostAnswer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	before, after, number := acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomPhone()
	lose := func() { proxy.LoseAnswers(1, acctest.On(http.MethodPatch, "/admin/identities/")) }
	configuration := func(traits map[string]string, verified ...string) string {
		return throughProxy(proxy, withAddresses(traits, verified))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration(map[string]string{"email": before, "backup_email": acctest.RandomEmail()})},
			{ // the patch removes a trait and can't be repeated: the provider reads the identity
				PreConfig: lose, Config: configuration(map[string]string{"email": after, "phone": number}, after, number),
				Check: api.expectAddresses(map[string]bool{after: true, number: true}),
			},
			{ // the patch removes no trait: the client repeats it
				PreConfig: lose, Config: configuration(map[string]string{"email": before, "phone": number}, before, number),
				Check: api.expectAddresses(map[string]bool{before: true, number: true}),
			},
			{
				Config: configuration(map[string]string{"email": before, "phone": number}, before),
				Check:  api.expectAddresses(map[string]bool{before: true, number: false}),
			},
			{
				Config: configuration(map[string]string{"email": before, "phone": number}),
				Check:  api.expectAddresses(map[string]bool{before: false, number: false}),
			},
		},
	})
}
