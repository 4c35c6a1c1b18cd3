package identity_test

import (
	"errors"
	"fmt"
	"net/http"
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

// signsIn checks that the person can sign in with password and can't sign in with refused ("" skips a check).
func signsIn(t *testing.T, server *acctest.Server, identifier, password, refused string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		session, err := acctest.Login(t.Context(), server.PublicURL, identifier, password)
		if err != nil {
			return fmt.Errorf("signing in: %w", err)
		}
		who, err := acctest.Whoami(t.Context(), server.PublicURL, session.Token)
		if err != nil {
			return err
		}
		if id := s.RootModule().Resources[address].Primary.ID; who.IdentityID != id {
			return fmt.Errorf("the session is that of %s, not of %s", who.IdentityID, id)
		}
		if refused == "" {
			return nil
		}
		if _, err := acctest.Login(t.Context(), server.PublicURL, identifier, refused); !errors.Is(
			err,
			acctest.ErrBadCredentials,
		) {
			return fmt.Errorf("the other password was not refused: %w", err)
		}
		return nil
	}
}

func TestAccIdentity_password(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.WriteOnly)
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	var id string
	configuration := func(rest string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, rest))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: configuration(`  credentials = { password = { value = "first password" } }
  metadata_admin = { note = "kept" }`),
				Check: resource.ComposeTestCheckFunc(takeID(&id), signsIn(t, server, email, "first password", "second password")),
			},
			{
				// The change must clear nothing, not even values that were set outside Terraform.
				PreConfig: func() { api.Patch(id, `[{"op":"add","path":"/metadata_public/app","value":{"n":9007199254740993}}]`) },
				Config: configuration(`  credentials = { password = { value = "second password" } }
  metadata_admin = { note = "kept" }`),
				Check: resource.ComposeTestCheckFunc(signsIn(t, server, email, "second password", "first password"),
					func(*terraform.State) error {
						return api.Compare(id, `{"metadata_public":{"app":{"n":9007199254740993}},"metadata_admin":{"note":"kept"}}`)
					}),
			},
			{
				Config: configuration(`  credentials = { password = { value_wo = "third password", wo_version = 1 } }
  metadata_admin = { note = "kept" }`),
				Check: signsIn(t, server, email, "third password", "second password"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(
						address,
						tfjsonpath.New("credentials").AtMapKey("password").AtMapKey("value"),
						knownvalue.Null(),
					),
					statecheck.ExpectKnownValue(
						address,
						tfjsonpath.New("credentials").AtMapKey("password").AtMapKey("value_wo"),
						knownvalue.Null(),
					),
				},
			},
			{
				// Another password with the same version sends nothing.
				Config: configuration(`  credentials = { password = { value_wo = "fourth password", wo_version = 1 } }
  metadata_admin = { note = "kept" }`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            signsIn(t, server, email, "third password", "fourth password"),
			},
			{
				// The password changes together with other attributes.
				Config: configuration(`  credentials = { password = { value_wo = "fourth password", wo_version = 2 } }
  state = "active"
  metadata_admin = { note = "changed" }`),
				Check: resource.ComposeTestCheckFunc(signsIn(t, server, email, "fourth password", "third password"),
					func(*terraform.State) error { return api.Compare(id, `{"metadata_admin":{"note":"changed"}}`) }),
			},
			{
				// The password is dropped: nothing is sent, and the person can still sign in.
				Config: configuration(`  state = "active"
  metadata_admin = { note = "changed" }`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate), unknowns{map[string]bool{}},
				}},
				Check: signsIn(t, server, email, "fourth password", ""),
			},
		},
	})
}

// After an import the configured password is recorded, not sent, and the plan says so. A later change is sent.
func TestAccIdentity_importKeepsThePassword(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, forms := range map[string][3]string{
		"value": {
			`credentials = { password = { value = "theirs" } }`, `credentials = { password = { value = "configured" } }`,
			`credentials = { password = { value = "configured later" } }`,
		},
		"value_wo": {
			"", `credentials = { password = { value_wo = "configured", wo_version = 1 } }`,
			`credentials = { password = { value_wo = "configured later", wo_version = 2 } }`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			email := acctest.RandomEmail()
			id := api.Create(
				fmt.Sprintf(
					`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{"password":"their own"}}}}`,
					email,
				),
			)
			w := acctest.NewWorkspace(t, server.AdminURL)
			write := func(password string) {
				w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\nresource \"ory_identity\" \"test\" {\n"+
					"  schema_id = \"preset://email\"\n  traits = { email = %q }\n  %s\n}\n", id, email, password))
			}
			login := func(password string) error {
				_, err := acctest.Login(t.Context(), server.PublicURL, email, password)
				return err
			}

			write(forms[1])
			if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "Password not sent after import") {
				t.Errorf("the plan doesn't warn:\n%s", plan)
			}
			w.Run("apply", "-no-color", "-auto-approve")
			if err := login("their own"); err != nil {
				t.Fatalf("the import reset the password: %v", err)
			}
			w.ExpectEmptyPlan()

			write(forms[2])
			w.Run("apply", "-no-color", "-auto-approve")
			if err := login("configured later"); err != nil {
				t.Fatalf("the changed password was not sent: %v", err)
			}
			if err := login("their own"); !errors.Is(err, acctest.ErrBadCredentials) {
				t.Fatalf("the old password still works: %v", err)
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// A change of only the password takes one request that reads the identity and one that writes it.
func TestAccIdentity_passwordAlone(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	plan := func(password string) {
		w.WriteMain(person("test", email, fmt.Sprintf("credentials = { password = { value = %q } }", password)))
		w.Run("plan", "-no-color", "-out=tfplan")
		proxy.Reset()
	}
	plan("first password")
	w.Run("apply", "-no-color", "tfplan")
	plan("second password")
	w.Run("apply", "-no-color", "tfplan")
	if all, reads := proxy.Count("", "/admin/identities"), proxy.Count(http.MethodGet, "/admin/identities/"); all != 2 ||
		reads != 1 {
		t.Errorf("%d requests for the identity, %d of them reads", all, reads)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "second password"); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()

	plan("third password")
	api.Delete(api.admin.FindByIdentifier(t, email)[0])
	expectFailure(t, w, []string{"The identity was deleted outside Terraform after the " +
		"plan. Plan again"}, "apply", "-no-color", "tfplan")
}
