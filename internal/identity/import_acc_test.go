package identity_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestAccIdentity_import(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	configuration := one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { first "+
		"= \"Ada\" } }\n"+
		"  metadata_public = { team = \"engines\" }", acctest.RandomEmail()))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration},
			{ResourceName: address, ImportState: true, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			{
				ResourceName: address, ImportState: true, ImportStateId: "ada@example.org",
				ExpectError: regexp.MustCompile(
					`The import id of an identity is its UUID[\s\S]*identifier=ada@example.org[\s\S]*"ada@example.org"`,
				),
			},
			{
				ResourceName: address, ImportState: true, ImportStateId: "00000000-0000-4000-8000-000000000000",
				ExpectError: regexp.MustCompile(`Cannot import non-existent remote object`),
			},
			{
				Config:           configuration,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}

func TestAccIdentity_importByResourceIdentity(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.ImportIdentity)
	server := acctest.Kratos(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q "+
					"}", acctest.RandomEmail())),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
						"id": knownvalue.StringRegexp(uuid), "external_id": knownvalue.Null(), "identifier": knownvalue.Null(),
					}),
					statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

// An import block with a login identifier finds one identity, none, or several.
func TestAccIdentity_importByIdentifier(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	username, shared := acctest.RandomName(), acctest.RandomName()
	id := api.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, username))
	one := api.Create(fmt.Sprintf(`{"schema_id":"username","traits":{"username":"gh:%s"}}`, shared))
	other := api.Create(
		fmt.Sprintf(
			`{"schema_id":"username","traits":{"username":%q},"credentials":{"oidc":{"config":{"providers":[{"provider":"gh","subject":%q}]}}}}`,
			acctest.RandomName(),
			shared,
		),
	)
	t.Cleanup(func() {
		for _, identity := range []string{id, one, other} {
			api.Delete(identity)
		}
	})
	write := func(w *acctest.Workspace, importID, username string) {
		w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\nresource \"ory_identity\" \"test\" {\n  "+
			"schema_id = \"username\"\n"+
			"  traits = { username = %q }\n  deletion_policy = \"delete\"\n}\n", importID, username))
	}
	t.Run("found", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		write(w, "identifier="+username, username)
		if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 0 to change") ||
			!strings.Contains(plan, id) {
			t.Errorf("it doesn't just import %s:\n%s", id, plan)
		}
	})
	for name, test := range map[string]struct {
		importID string
		want     []string
	}{
		"not found": {"identifier=nobody@example.org", []string{"Identity not found", `login identifier "nobody@example.org"`}},
		"several":   {"identifier=gh:" + shared, []string{"Several identities", one, other, "by its UUID"}},
		"no form":   {"email=ada@example.org", []string{"Invalid import id", "external_id=", "identifier="}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			write(w, test.importID, "x")
			expectFailure(t, w, test.want, "plan", "-no-color")
		})
	}
}

func TestAccIdentity_importByExternalID(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	w := acctest.NewWorkspace(t, server.AdminURL)
	email, external := acctest.RandomEmail(), acctest.RandomName()+"=1/2"
	w.WriteMain(fmt.Sprintf("import {\n  to = ory_identity.test\n  id = \"external_id=%s\"\n}\nresource "+
		"\"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = %q }\n}\n", external, email))
	if !api.KnowsExternalID() {
		expectFailure(
			t,
			w,
			[]string{"Failed to find identity", "needs Kratos v25.4 or later"},
			"plan",
			"-no-color",
		)
		if output, _ := w.Try("plan", "-no-color"); strings.Contains(output, "Check that admin_url") {
			t.Errorf("the provider's configuration is blamed:\n%s", output)
		}
		return
	}
	expectFailure(t, w, []string{"Identity not found", "case-sensitive"}, "plan", "-no-color")
	id := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"external_id":%q}`, email, external))
	t.Cleanup(func() { api.Delete(id) })
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "1 to import, 0 to add, 0 to change") {
		t.Errorf("it doesn't just import:\n%s", plan)
	}
}

// Terraform generates a configuration from a login identifier. The configuration manages the identity, and its plan is
// empty.
func TestAccIdentity_importGeneratesConfiguration(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email := acctest.RandomEmail()
	id := api.Create(
		fmt.Sprintf(
			`{"schema_id":"preset://email","traits":{"email":%q,"name":{"first":"Ada"}},"metadata_public":{"team":"engines","level":9007199254740993},
		"credentials":{"password":{"config":{"password":"their own"}},"oidc":{"config":{"providers":[{"provider":"gh","subject":%q}]}}}}`,
			email,
			email,
		),
	)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(importing("test", "identifier="+strings.ToUpper(email)))
	if plan := w.Run("plan", "-no-color", "-generate-config-out=generated.tf"); !strings.Contains(plan, "1 to import, 0 "+
		"to add, 0 to change, 0 to destroy") {
		t.Errorf("it doesn't just import:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if n := writes(proxy); n != 0 {
		t.Errorf("%d writes were sent", n)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "their own"); err != nil {
		t.Error(err)
	}
	if state := w.Run("state", "show", "-no-color", address); !strings.Contains(state, id) {
		t.Errorf("the state has another identity:\n%s", state)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
