package identity_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const address = "ory_identity.test"

// The example in Ory's documentation works.
func TestAccIdentity_documentationExample(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	email := acctest.RandomEmail()
	pending := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"value": knownvalue.StringExact(email), "via": knownvalue.StringExact("email"),
		"verified": knownvalue.Bool(false), "status": knownvalue.StringExact("pending"),
		"id": knownvalue.NotNull(), "verified_at": knownvalue.Null(), "created_at": knownvalue.NotNull(),
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(server) + fmt.Sprintf(`
resource "ory_identity" "test" {
  schema_id = "preset://email"
  traits    = { email = %q }
}`, email),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(address, tfjsonpath.New("state"), knownvalue.StringExact("active")),
				plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringRegexp(uuid)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("state"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(
					address,
					tfjsonpath.New("verifiable_addresses"),
					knownvalue.ListExact([]knownvalue.Check{pending}),
				),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("recovery_addresses"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectPartial(
						map[string]knownvalue.Check{"value": knownvalue.StringExact(email), "via": knownvalue.StringExact("email")},
					),
				})),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("identifiers").AtMapKey("password"),
					knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(email)})),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("metadata_public"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("external_id"), knownvalue.Null()),
			},
		}},
	})
}

// Every attribute is set and changed in place, and the server has the configured values.
func TestAccIdentity_lifecycle(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	username := acctest.RandomName()
	config := func(rest string) string {
		return acctest.ProviderConfig(server) + "\nresource \"ory_identity\" \"test\" {\n" + rest + "\n}\n"
	}
	var id string
	keepID := func(s *terraform.State) error {
		now := s.RootModule().Resources[address].Primary.ID
		if id != "" && id != now {
			return fmt.Errorf("the identity was replaced: %s became %s", id, now)
		}
		id = now
		return nil
	}
	step := func(rest, want string, checks ...plancheck.PlanCheck) resource.TestStep {
		return resource.TestStep{
			Config:           config(rest),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
			Check: resource.ComposeTestCheckFunc(keepID, func(*terraform.State) error {
				return api.Compare(id, want)
			}),
		}
	}
	update := plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)
	traits := fmt.Sprintf(
		`{ username = %q, age = 36, profile = { first = "Ada", address = { city = "London" } }, tags = ["a", "b"] }`,
		username,
	)
	wantTraits := fmt.Sprintf(
		`{"username":%q,"age":36,"profile":{"first":"Ada","address":{"city":"London"}},"tags":["a","b"]}`,
		username,
	)
	changed := fmt.Sprintf(
		`{ username = %q, age = 37, profile = { first = "Ada", last = "King" }, active = true }`,
		username+"2",
	)
	wantChanged := fmt.Sprintf(
		`{"username":%q,"age":37,"profile":{"first":"Ada","last":"King"},"active":true}`,
		username+"2",
	)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			step(`  schema_id = "username"
  traits = `+traits+`
  metadata_public = { team = "engines", level = 3 }
  metadata_admin  = { note = "first", deep = { list = [1, "two", true] } }`,
				`{"schema_id":"username","state":"active","traits":`+wantTraits+`,"metadata_public":{"team":"engines","level":3},
				  "metadata_admin":{"note":"first","deep":{"list":[1,"two",true]}}}`),
			step(`  schema_id = "username"
  traits = `+changed+`
  metadata_public = { team = "engines", level = 3 }
  metadata_admin  = { note = "first", deep = { list = [1, "two", true] } }`,
				`{"traits":`+wantChanged+`,"metadata_public":{"team":"engines","level":3}}`, update),
			step(`  schema_id = "username"
  traits = `+changed+`
  metadata_public = { team = "looms" }
  metadata_admin  = { note = "first", deep = { list = [1, "two", true] } }`,
				`{"metadata_public":{"team":"looms"},"metadata_admin":{"note":"first","deep":{"list":[1,"two",true]}}}`, update),
			step(`  schema_id = "username"
  traits = `+changed+`
  metadata_public = ["not", "an", "object"]
  metadata_admin  = "text"`,
				`{"metadata_public":["not","an","object"],"metadata_admin":"text"}`, update),
			step(`  schema_id = "username"
  traits = `+changed+`
  state = "inactive"`,
				`{"state":"inactive","metadata_public":null,"metadata_admin":null}`, update,
				plancheck.ExpectKnownValue(address, tfjsonpath.New("metadata_public"), knownvalue.Null())),
			step(`  schema_id = "username"
  traits = `+changed,
				`{"state":"active"}`, update,
				plancheck.ExpectKnownValue(address, tfjsonpath.New("state"), knownvalue.StringExact("active"))),
			step(`  schema_id = "preset://email"
  traits = { email = "`+username+`@example.org" }`,
				`{"schema_id":"preset://email","traits":{"email":"`+username+`@example.org"}}`, update),
			step(`  schema_id = "preset://email"
  traits = { email = "`+username+`@example.org" }
  timeouts { update = "5m" }`, `{"state":"active"}`, update),
		},
	})
}

func TestAccIdentity_externalAndOrganizationID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	if !api.KnowsExternalID() {
		t.Skip("this Kratos doesn't know external_id and organization_id: they came with v25.4")
	}
	email, external := acctest.RandomEmail(), acctest.RandomName()
	const organization = "3FA85F64-5717-4562-B3FC-2C963F66AFA6"
	config := func(rest string) string {
		return acctest.ProviderConfig(server) + fmt.Sprintf("\nresource \"ory_identity\" \"test\" {\n  schema_id = "+
			"\"preset://email\"\n  traits = { email = %q }\n%s\n}\n", email, rest)
	}
	var id string
	check := func(want string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			id = s.RootModule().Resources[address].Primary.ID
			return api.Compare(id, want)
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: config(fmt.Sprintf("  external_id = %q\n  organization_id = %q", external, organization)),
				Check:  check(fmt.Sprintf(`{"external_id":%q,"organization_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}`, external)),
			},
			{
				Config: config(fmt.Sprintf("  external_id = %q", external+"2")),
				Check:  check(fmt.Sprintf(`{"external_id":%q,"organization_id":null}`, external+"2")),
			},
			{
				Config: config(""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(address, tfjsonpath.New("external_id"), knownvalue.Null()),
				}},
				Check: check(`{"external_id":null}`),
			},
			{
				PreConfig: func() { api.Patch(id, `[{"op":"replace","path":"/external_id","value":"`+external+`3"}]`) },
				Config:    config(`  metadata_public = { team = "engines" }`),
				Check:     check(fmt.Sprintf(`{"external_id":%q,"metadata_public":{"team":"engines"}}`, external+"3")),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("external_id"), knownvalue.StringExact(external+"3")),
				},
			},
		},
	})
}
