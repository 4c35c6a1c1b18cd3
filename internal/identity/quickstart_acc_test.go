package identity_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// quickstart is a server that offers only the identity schema of one of Ory's quickstart configurations.
type quickstart struct {
	*acctest.Server
	schemaID string
}

// startQuickstart starts a server whose only schema has this id. Its document is a file in testdata/quickstart, in the
// shape of Ory's.
func startQuickstart(t *testing.T, schemaID, file string, options acctest.Options) quickstart {
	t.Helper()
	document, err := os.ReadFile("testdata/quickstart/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	options.DefaultSchema, options.Schemas = schemaID, map[string]string{schemaID: string(document)}
	return quickstart{Server: acctest.Kratos(t, options), schemaID: schemaID}
}

// person returns the configuration of a person with these traits, in HCL, and this password.
func (q quickstart) person(traits, password string) string {
	return one(q.Server, fmt.Sprintf("  schema_id = %q\n  traits = %s\n  credentials = { password = { value = %q } }",
		q.schemaID, traits, password))
}

// People are created and changed, and sign in, under the identity schemas of Ory's quickstart configurations.
func TestAccQuickstart(t *testing.T) {
	t.Parallel()
	first, second, phone := acctest.RandomEmail(), acctest.RandomEmail(), acctest.RandomPhone()
	for name, test := range map[string]struct {
		schemaID, file string
		options        acctest.Options
		traits         string   // in HCL, with a verb for the address
		logins         []string // besides the address
	}{
		"email-password": {
			schemaID: "default", file: "email", traits: `{ email = %q, name = { first = "Ada", last = "King" } }`,
		},
		"phone-password": {
			schemaID: "default", file: "phone", traits: `{ email = %q, phone = "` + phone + `" }`, logins: []string{phone},
		},
		"passkey": {
			schemaID: "default", file: "passkey", options: acctest.Options{SecurityKeys: acctest.KeysAlone},
			traits: `{ email = %q }`,
		},
		"cloud": {schemaID: "preset://email", file: "email", traits: `{ email = %q, name = { first = "Ada" } }`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startQuickstart(t, test.schemaID, test.file, test.options)
			step := func(email, password, refused string) resource.TestStep {
				var checks []resource.TestCheckFunc
				var identifiers []knownvalue.Check
				for _, login := range slices.Sorted(slices.Values(append(test.logins, email))) {
					checks = append(checks, signsIn(t, server.Server, login, password, refused))
					identifiers = append(identifiers, knownvalue.StringExact(login))
				}
				return resource.TestStep{
					Config: server.person(fmt.Sprintf(test.traits, email), password),
					Check:  resource.ComposeTestCheckFunc(checks...),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(
						address, tfjsonpath.New("identifiers").AtMapKey("password"), knownvalue.ListExact(identifiers),
					)},
				}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
				CheckDestroy:             checkDestroyed(t, server.Server),
				Steps: []resource.TestStep{
					step(first, "first password", "second password"),
					step(second, "second password", "first password"),
					{Config: server.person(fmt.Sprintf(test.traits, second), "second password"), PlanOnly: true},
				},
			})
		})
	}
}

// A passkey that was registered elsewhere signs in under the schema of Ory's passkey quickstart.
func TestAccQuickstart_passkey(t *testing.T) {
	t.Parallel()
	server := startQuickstart(t, "default", "passkey", acctest.Options{SecurityKeys: acctest.KeysAlone})
	api := newAPI(t, server.Server)
	probe := api.Create(fmt.Sprintf(`{"schema_id":"default","traits":{"email":%q}}`, acctest.RandomEmail()))
	if !api.admin.Knows(t, probe, "saml") {
		t.Skip("this Kratos can't set passkeys: it can since v25.4")
	}
	a := acctest.NewAuthenticator(t, acctest.RandomName())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server.Server),
		Steps: []resource.TestStep{{
			Config: one(server.Server, fmt.Sprintf("  schema_id = \"default\"\n  traits = { email = %q }\n  credentials = {\n    %s\n  }",
				acctest.RandomEmail(), passkeysOf(a, keyOf(t, a, `display_name = "Phone"`)))),
			Check: func(s *terraform.State) error {
				session, err := acctest.NewBrowser(t, server.Server).LoginPasskey(t.Context(), a)
				if id := s.RootModule().Resources[address].Primary.ID; err == nil && session.IdentityID != id {
					err = fmt.Errorf("the passkey signs in %s, not %s", session.IdentityID, id)
				}
				return err
			},
		}},
	})
}
