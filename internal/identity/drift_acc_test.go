package identity_test

import (
	"fmt"
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

// The plan shows a change outside Terraform and the apply reverts it if the configuration owns the value. Otherwise the
// change stays.
func TestAccIdentity_drift(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	tests := map[string]struct {
		patch  string // the change outside Terraform
		action plancheck.ResourceActionType
		want   string // what the server has after the next apply
	}{
		"trait changed": {
			`[{"op":"replace","path":"/traits/profile/first","value":"Eve"}]`, plancheck.ResourceActionUpdate,
			`{"traits":{"username":"NAME","profile":{"first":"Ada"}}}`,
		},
		"trait added": {
			`[{"op":"add","path":"/traits/age","value":99}]`, plancheck.ResourceActionUpdate,
			`{"traits":{"username":"NAME","profile":{"first":"Ada"}}}`,
		},
		"owned metadata key changed": {
			`[{"op":"replace","path":"/metadata_public/team","value":"looms"}]`, plancheck.ResourceActionUpdate,
			`{"metadata_public":{"team":"engines","level":3}}`,
		},
		"owned metadata key removed": {
			`[{"op":"remove","path":"/metadata_admin/note"}]`, plancheck.ResourceActionUpdate,
			`{"metadata_admin":{"note":"x"}}`,
		},
		"owned metadata gone": {
			`[{"op":"replace","path":"/metadata_public","value":null}]`, plancheck.ResourceActionUpdate,
			`{"metadata_public":{"team":"engines","level":3}}`,
		},
		"metadata no object any more": {
			`[{"op":"replace","path":"/metadata_public","value":"gone"}]`, plancheck.ResourceActionUpdate,
			`{"metadata_public":{"team":"engines","level":3}}`,
		},
		"foreign metadata key": {
			`[{"op":"add","path":"/metadata_public/seen","value":true},{"op":"add","path":"/metadata_admin/seen","value":true}]`,
			plancheck.ResourceActionNoop,
			`{"metadata_public":{"team":"engines","level":3,"seen":true},"metadata_admin":{"note":"x","seen":true}}`,
		},
		"state flipped": {
			`[{"op":"replace","path":"/state","value":"inactive"}]`, plancheck.ResourceActionUpdate, `{"state":"active"}`,
		},
		"number in another notation": {
			`[{"op":"replace","path":"/metadata_public/level","value":3.0}]`, plancheck.ResourceActionNoop, `{"state":"active"}`,
		},
		"deleted": {
			"",
			plancheck.ResourceActionCreate,
			`{"traits":{"username":"NAME","profile":{"first":"Ada"}},"state":"active"}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			username := acctest.RandomName()
			configuration := one(server, fmt.Sprintf(`  schema_id = "username"
  traits = { username = %q, profile = { first = "Ada" } }
  metadata_public = { team = "engines", level = 3 }
  metadata_admin = { note = "x" }
  state = "active"`, username))
			var id string
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{Config: configuration, Check: takeID(&id)},
					{
						PreConfig: func() {
							if test.patch == "" {
								api.Delete(id)
							} else {
								api.Patch(id, test.patch)
							}
						},
						Config: configuration,
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, test.action)},
						},
						Check: resource.ComposeTestCheckFunc(takeID(&id), func(*terraform.State) error {
							return api.Compare(id, strings.ReplaceAll(test.want, "NAME", username))
						}),
					},
				},
			})
		})
	}
}

func takeID(id *string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		*id = s.RootModule().Resources[address].Primary.ID
		return nil
	}
}

// A metadata key that Terraform never managed is neither shown nor changed, also if Terraform's keys change or are
// dropped.
func TestAccIdentity_foreignMetadata(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	configuration := func(metadata string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, metadata))
	}
	shows := func(check knownvalue.Check) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("metadata_public"), check)}
	}
	var id string
	has := func(want string) resource.TestCheckFunc {
		return func(*terraform.State) error { return api.Compare(id, `{"metadata_public":`+want+`}`) }
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration(`  metadata_public = { team = "engines", level = 1 }`), Check: takeID(&id)},
			{
				PreConfig: func() { api.Patch(id, `[{"op":"add","path":"/metadata_public/app","value":{"seen":true}}]`) },
				Config:    configuration(`  metadata_public = { team = "looms", level = 1 }`),
				Check:     has(`{"team":"looms","level":1,"app":{"seen":true}}`),
				ConfigStateChecks: shows(knownvalue.ObjectExact(map[string]knownvalue.Check{
					"team": knownvalue.StringExact("looms"), "level": knownvalue.Int64Exact(1),
				})),
			},
			{
				Config: configuration(`  metadata_public = { team = "looms" }`), Check: has(`{"team":"looms","app":{"seen":true}}`),
			},
			{
				Config: configuration(""), Check: has(`{"app":{"seen":true}}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(address, tfjsonpath.New("metadata_public"), knownvalue.Null()),
				}},
			},
			{
				// Terraform owns nothing now. It shows the value but doesn't change it.
				PreConfig: func() { api.Patch(id, `[{"op":"add","path":"/metadata_public/more","value":1}]`) },
				Config:    configuration(""), Check: has(`{"app":{"seen":true},"more":1}`),
				ConfigStateChecks: shows(knownvalue.ObjectExact(map[string]knownvalue.Check{
					"app": knownvalue.ObjectExact(
						map[string]knownvalue.Check{"seen": knownvalue.Bool(true)},
					), "more": knownvalue.Int64Exact(1),
				})),
			},
			{
				// Terraform starts to manage the metadata: the configured key is added, and the other keys stay.
				Config: configuration(
					`  metadata_public = { team = "engines" }`,
				), Check: has(`{"team":"engines","app":{"seen":true},"more":1}`),
				ConfigStateChecks: shows(
					knownvalue.ObjectExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("engines")}),
				),
			},
		},
	})
}

// Terraform no longer owns what the configuration has dropped, even if dropping it sent nothing. A value that is set
// later outside Terraform stays.
func TestAccIdentity_droppedIsReleased(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	configuration := func(rest string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, rest))
	}
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration("  state = \"active\"\n  metadata_public = { k = 1 }"), Check: takeID(&id)},
			{
				PreConfig: func() { api.Patch(id, `[{"op":"replace","path":"/metadata_public","value":null}]`) },
				Config:    configuration(""),
			},
			{
				PreConfig: func() {
					api.Patch(
						id,
						`[{"op":"replace","path":"/state","value":"inactive"},{"op":"replace","path":"/metadata_public","value":{"k":5}}]`,
					)
				},
				Config:           configuration(""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            func(*terraform.State) error { return api.Compare(id, `{"state":"inactive","metadata_public":{"k":5}}`) },
			},
		},
	})
}

// A person can set a trait that Terraform can't hold. The plan shows it as drift and doesn't fail.
func TestAccIdentity_traitBeyondTerraform(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	username := acctest.RandomName()
	configuration := one(server, fmt.Sprintf("  schema_id = \"username\"\n  traits = { username = %q, balance = 1 "+
		"}", username))
	var id string
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration, Check: takeID(&id)},
			{
				// Kratos v1.3 can no longer patch such an identity, so this step only plans.
				PreConfig: func() { api.Patch(id, `[{"op":"replace","path":"/traits/balance","value":1e20000}]`) },
				Config:    configuration, PlanOnly: true, ExpectNonEmptyPlan: true,
			},
		},
	})
}

// With ignore_changes, the person manages one trait, and Terraform manages the other traits.
func TestAccIdentity_ignoreChanges(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, first := range map[string]string{"given": `"Ada"`, "null": "null"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			email := acctest.RandomEmail()
			configuration := func(last string) string {
				return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { first = %s, "+
					"last = %q } }\n"+
					"  lifecycle {\n    ignore_changes = [traits.name.first]\n  }", email, first, last))
			}
			var id string
			has := func(first, last string) resource.TestCheckFunc {
				return func(*terraform.State) error {
					return api.Compare(id, fmt.Sprintf(`{"traits":{"email":%q,"name":{"first":%q,"last":%q}}}`, email, first, last))
				}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{Config: configuration("Lovelace"), Check: takeID(&id)},
					{
						PreConfig: func() { api.Patch(id, `[{"op":"add","path":"/traits/name/first","value":"Augusta"}]`) },
						Config:    configuration("Lovelace"), Check: has("Augusta", "Lovelace"),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
					},
					{Config: configuration("King"), Check: has("Augusta", "King")},
					{
						PreConfig:        func() { api.Patch(id, `[{"op":"remove","path":"/traits/name/first"}]`) },
						Config:           configuration("King"),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
					},
					{
						Config: configuration("Byron"),
						Check: func(*terraform.State) error {
							return api.Compare(id, fmt.Sprintf(`{"traits":{"email":%q,"name":{"last":"Byron"}}}`, email))
						},
					},
				},
			})
		})
	}
}

// A plan shows what changes as unknown, and only that.
func TestAccIdentity_planShowsOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const addresses, all = "verifiable_addresses recovery_addresses identifiers", "schema_url verifiable_addresses " +
		"recovery_addresses identifiers"
	before := `  schema_id = "preset://email"
  traits = { email = "NAME@example.org", name = { first = "Ada" } }`
	tests := map[string]struct{ after, unknown string }{
		"another trait": {
			`  schema_id = "preset://email"` + "\n" + `  traits = { email = "NAME@example.org", name = { first = "Augusta" } }`,
			"",
		},
		"new trait": {
			`  schema_id = "preset://email"` + "\n" + `  traits = { email = "NAME@example.org", name = { first = "Ada", last = "King" } }`,
			"",
		},
		"removed trait": {`  schema_id = "preset://email"` + "\n" + `  traits = { email = "NAME@example.org" }`, ""},
		"login trait": {
			`  schema_id = "preset://email"` + "\n" + `  traits = { email = "NAME2@example.org", name = { first = "Ada" } }`,
			addresses,
		},
		"metadata":       {before + "\n" + `  metadata_public = { team = "engines" }`, ""},
		"state":          {before + "\n" + `  state = "inactive"`, "state_changed_at"},
		"schema":         {`  schema_id = "two_addresses"` + "\n" + `  traits = { email = "NAME@example.org" }`, all},
		"password":       {before + "\n" + `  credentials = { password = { value = "correct horse battery" } }`, ""},
		"timeouts alone": {before + "\n  timeouts {\n    read = \"1m\"\n  }", "-"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			user := acctest.RandomName()
			want := map[string]bool{"updated_at": true}
			for _, attribute := range strings.Fields(test.unknown) {
				want[attribute] = true
			}
			if test.unknown == "-" {
				want = map[string]bool{}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server),
				Steps: []resource.TestStep{
					{Config: one(server, strings.ReplaceAll(before, "NAME", user))},
					{
						Config:           one(server, strings.ReplaceAll(test.after, "NAME", user)),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{unknowns{want}}},
					},
				},
			})
		})
	}
}
