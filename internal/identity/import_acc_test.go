package identity_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestAccIdentity_import(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	configuration := one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, name = { first = \"Ada\" } }\n"+
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
				ExpectError: regexp.MustCompile(`An identity is imported by its UUID[\s\S]*"ada@example.org"`),
			},
			{
				ResourceName: address, ImportState: true, ImportStateId: "00000000-0000-4000-8000-000000000000",
				ExpectError: regexp.MustCompile(`Cannot import non-existent remote object`),
			},
			{Config: configuration, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}

func TestAccIdentity_importByResourceIdentity(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }", acctest.RandomEmail())),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(address, map[string]knownvalue.Check{"id": knownvalue.StringRegexp(uuid)}),
					statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}
