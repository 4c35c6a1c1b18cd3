package identity_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// If the server requires a verified address for the login, verified_addresses makes the login possible.
func TestAccVerified_login(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{VerifiedLogin: true})
	email := acctest.RandomEmail()
	configuration := func(password, rest string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { "+
			"password = { value = %q } }\n%s", email, password, rest))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration("correct horse", ""), Check: func(*terraform.State) error {
				_, err := acctest.Login(t.Context(), server.PublicURL, email, "correct horse")
				if err == nil || errors.Is(err, acctest.ErrBadCredentials) ||
					!regexp.MustCompile("verify your email|not yet verified").MatchString(err.Error()) {
					return fmt.Errorf("signing in without a verified address: %w", err)
				}
				return nil
			}},
			{
				// The update also sets a new password by PUT, which must not undo the verification.
				Config: configuration(
					"battery staple",
					fmt.Sprintf("  verified_addresses = [%q]", email),
				), ConfigPlanChecks: verificationPlan(),
				Check: signsIn(t, server, email, "battery staple", "correct horse"),
			},
		},
	})
	seeded := acctest.RandomEmail()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{{
			Config: one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { "+
				"password = { value = \"correct horse\" } }\n  verified_addresses = [%q]", seeded, seeded)),
			Check: signsIn(t, server, seeded, "correct horse", ""),
		}},
	})
}

// Addresses of every kind are verified one by one, changed and dropped.
func TestAccVerified_lifecycle(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email, backup, number := acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomPhone()
	traits := map[string]string{"email": email, "backup_email": backup, "phone": number}
	step := func(verified []string, want map[string]bool, checks resource.ConfigPlanChecks) resource.TestStep {
		return resource.TestStep{
			Config: one(server, withAddresses(traits, verified)), ConfigPlanChecks: checks,
			Check: api.expectAddresses(want), ConfigStateChecks: showsVerified(verified...),
		}
	}
	none := step(nil, map[string]bool{email: false, backup: false, number: false}, verificationPlan())
	none.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, tfjsonpath.New("verified_addresses"), knownvalue.Null()),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			step([]string{email, number}, map[string]bool{email: true, backup: false, number: true}, planned()),
			step([]string{email, number, backup}, map[string]bool{email: true, backup: true, number: true}, verificationPlan()),
			step([]string{backup}, map[string]bool{email: false, backup: true, number: false}, verificationPlan()),
			step([]string{}, map[string]bool{email: false, backup: false, number: false}, verificationPlan()),
			step([]string{number}, map[string]bool{email: false, backup: false, number: true}, verificationPlan()),
			none,
		},
	})
}

// The apply that adds a new e-mail address also verifies it. Other addresses, and addresses that people verified, stay
// verified.
func TestAccVerified_changeOfEmail(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	// The test runs several times, because v1.3 takes the fields that an entry lacks from another entry, in random order.
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			proxy := acctest.NewProxy(t, server.AdminURL)
			before, after, backup, number := acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomPhone()
			configuration := func(email string, verified ...string) string {
				return throughProxy(
					proxy,
					withAddresses(map[string]string{"email": email, "backup_email": backup, "phone": number}, verified),
				)
			}
			var id string
			var ids map[string]string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{Config: configuration(before, before, number), Check: takeID(&id)},
					{
						PreConfig: func() { api.verifyThemself(server, backup); ids = api.addressIDs(id); proxy.Reset() },
						Config:    configuration(after, after, number),
						Check: resource.ComposeTestCheckFunc(
							api.expectAddresses(map[string]bool{after: true, backup: true, number: true}),
							func(*terraform.State) error {
								if n := proxy.Count(http.MethodPatch, "/admin/identities/"); n != 1 {
									return fmt.Errorf("%d patches", n)
								}
								if now := api.addressIDs(id); now[backup] != ids[backup] || now[number] != ids[number] ||
									now[after] == ids[before] {
									return fmt.Errorf("ids of addresses were %v, are %v", ids, now)
								}
								return nil
							},
						),
					},
				},
			})
		})
	}
}

// An address that the person verified is no drift. It stays verified if Terraform adds it to verified_addresses and
// drops it again.
func TestAccVerified_ownership(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email, backup := acctest.RandomEmail(), acctest.RandomEmail()
	configuration := func(verified ...string) string {
		return throughProxy(proxy, withAddresses(map[string]string{"email": email, "backup_email": backup}, verified))
	}
	silent := func(*terraform.State) error {
		if n := proxy.Count(http.MethodPatch, "") + proxy.Count(http.MethodPut, ""); n != 0 {
			return fmt.Errorf("%d writes", n)
		}
		return nil
	}
	both := api.expectAddresses(map[string]bool{email: true, backup: true})
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration(email), Check: takeID(&id)},
			{
				PreConfig: func() { api.verifyThemself(server, backup); proxy.Reset() },
				Config: configuration(
					email,
				), Check: resource.ComposeTestCheckFunc(both, silent), ConfigStateChecks: showsVerified(email),
				ConfigPlanChecks: planned(plancheck.ExpectEmptyPlan()),
			},
			{
				Config: configuration(email, backup), Check: resource.ComposeTestCheckFunc(both, silent),
				ConfigPlanChecks: planned(unknowns{map[string]bool{}}, onlyChange{"verified_addresses"}),
			},
			{
				Config: configuration(), Check: api.expectAddresses(map[string]bool{email: false, backup: true}),
				ConfigPlanChecks: verificationPlan(),
			},
		},
	})
}

// A verification by Terraform that is removed outside Terraform is drift, and the next apply repairs it. Other
// addresses are no drift.
func TestAccVerified_drift(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	never := one(server, withAddresses(map[string]string{"email": email}, nil))
	configured := one(server, withAddresses(map[string]string{"email": email}, []string{email}))
	empty := planned(plancheck.ExpectEmptyPlan())
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: never, Check: takeID(&id)},
			{
				PreConfig:        func() { api.verify(id, true) },
				Config:           never,
				ConfigPlanChecks: empty,
				Check:            api.expectAddresses(map[string]bool{email: true}),
			},
			{PreConfig: func() { api.verify(id, false) }, Config: never, ConfigPlanChecks: empty},
			{Config: configured, Check: api.expectAddresses(map[string]bool{email: true})},
			{
				PreConfig: func() { api.verify(id, false) }, Config: configured,
				ConfigPlanChecks: planned(
					unknowns{map[string]bool{"updated_at": true, "verifiable_addresses": true}},
					onlyChange{"verified_addresses"},
				),
				Check: api.expectAddresses(map[string]bool{email: true}), ConfigStateChecks: showsVerified(email),
			},
			{Config: never, Check: api.expectAddresses(map[string]bool{email: false})},
		},
	})
}

// The state keeps the configured spelling, and the plan shows no difference from the server's spelling.
func TestAccVerified_spelling(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	loud, title := strings.ToUpper(email), strings.Replace(email, "tf-acc", "TF-Acc", 1)
	verified := api.expectAddresses(map[string]bool{email: true})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config:            one(server, withAddresses(map[string]string{"email": title}, []string{loud})),
				Check:             verified,
				ConfigStateChecks: showsVerified(loud),
			},
			{
				Config: one(
					server,
					withAddresses(map[string]string{"email": title}, []string{email}),
				), Check: verified, ConfigStateChecks: showsVerified(email),
				ConfigPlanChecks: planned(unknowns{map[string]bool{}}, onlyChange{"verified_addresses"}),
			},
			{Config: one(server, withAddresses(map[string]string{"email": loud}, []string{email})), Check: verified},
			{
				Config:      one(server, withAddresses(map[string]string{"email": email}, []string{email, loud})),
				ExpectError: regexp.MustCompile(`Duplicate address[\s\S]*verified_addresses[\s\S]*Keep\s+one`),
			},
			{
				Config:      one(server, withAddresses(map[string]string{"email": email}, []string{" " + email})),
				ExpectError: regexp.MustCompile(`Spaces around address`),
			},
			{
				Config:      one(server, withAddresses(map[string]string{"email": email}, []string{""})),
				ExpectError: regexp.MustCompile(`Empty address`),
			},
			{Config: one(server, withAddresses(map[string]string{"email": email}, []string{email})), Check: verified},
		},
	})
}

// A change of the schema adds and removes addresses, and some addresses are unknown at plan.
func TestAccVerified_schemaAndUnknown(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email, number := acctest.RandomEmail(), acctest.RandomPhone()
	simple := func(verified string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, verified)) +
			fmt.Sprintf("\nresource \"terraform_data\" \"email\" {\n  input = %q\n}\n", strings.ToUpper(email))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: one(server, withAddresses(map[string]string{"email": email, "phone": number}, []string{email, number})),
				Check:  api.expectAddresses(map[string]bool{email: true, number: true}),
			},
			{
				Config: simple(fmt.Sprintf("  verified_addresses = [%q]", email)),
				Check:  api.expectAddresses(map[string]bool{email: true}),
			},
			{Config: simple(""), Check: api.expectAddresses(map[string]bool{email: false})},
			{
				Config: strings.ReplaceAll(simple("  verified_addresses = "+
					"[terraform_data.email.output]"), "\"email\" {\n", "\"email\" {\n  triggers_replace = 1\n"),
				Check: api.expectAddresses(map[string]bool{email: true}), ConfigStateChecks: showsVerified(strings.ToUpper(email)),
				ConfigPlanChecks: verificationPlanUnknown(),
			},
			{
				Config: one(server, withAddresses(map[string]string{"email": email, "phone": number}, []string{email, number})),
				Check:  api.expectAddresses(map[string]bool{email: true, number: true}),
			},
		},
	})
}
