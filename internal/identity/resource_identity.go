package identity

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

var _ resource.ResourceWithUpgradeIdentity = (*identityResource)(nil)

// resourceIdentitySchema has the keys by which an import block can name an identity. Version 0 had the id only.
func resourceIdentitySchema() identityschema.Schema {
	const one = " An import takes exactly one of id, external_id and identifier."
	return identityschema.Schema{
		Version: 1,
		Attributes: map[string]identityschema.Attribute{
			importID: identityschema.StringAttribute{
				OptionalForImport: true, Description: "Id (UUID) of the identity." + one,
			},
			importExternalID: identityschema.StringAttribute{
				OptionalForImport: true, Description: "External id of the identity, for an import only." + one,
			},
			importIdentifier: identityschema.StringAttribute{
				OptionalForImport: true, Description: "Login identifier of the identity, for an import only." + one,
			},
		},
	}
}

// resourceIdentityType is the type of resourceIdentitySchema.
var resourceIdentityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	importID: tftypes.String, importExternalID: tftypes.String, importIdentifier: tftypes.String,
}}

// setIdentity sets the resource identity. Create, Read (also if the identity is gone) and Update must call it: CLIs
// before 1.12 don't send the resource identity back, and Terraform requires one in every answer.
//
// Only the id is set, also after an import by another key: the others can change, and a resource identity must not.
func setIdentity(identity *tfsdk.ResourceIdentity, id types.String) {
	if identity == nil {
		return
	}
	null := tftypes.NewValue(tftypes.String, nil)
	identity.Raw = tftypes.NewValue(resourceIdentityType, map[string]tftypes.Value{
		importID: tftypes.NewValue(tftypes.String, id.ValueStringPointer()), importExternalID: null, importIdentifier: null,
	})
}

// UpgradeIdentity implements resource.ResourceWithUpgradeIdentity. For Terraform, a state without a resource identity,
// which Terraform before 1.12 wrote, also has version 0. The next read then sets the id.
func (*identityResource) UpgradeIdentity(context.Context) map[int64]resource.IdentityUpgrader {
	return map[int64]resource.IdentityUpgrader{0: {IdentityUpgrader: upgradeFromID}}
}

func upgradeFromID(_ context.Context, req resource.UpgradeIdentityRequest, resp *resource.UpgradeIdentityResponse) {
	var stored struct {
		ID *string `json:"id"`
	}
	if req.RawIdentity != nil && len(req.RawIdentity.JSON) > 0 {
		if err := json.Unmarshal(req.RawIdentity.JSON, &stored); err != nil {
			resp.Diagnostics.AddError("Resource identity cannot be read", "The resource identity in the state cannot be "+
				"read: "+err.Error()+". Remove the resource from the state and import it again.")
			return
		}
	}
	setIdentity(resp.Identity, types.StringPointerValue(stored.ID))
}

// inBlock is the attribute of the resource identity as an import block has it. Messages contain it, because Terraform
// doesn't show where in the configuration an error of an import is.
func inBlock(key string) string { return "identity." + key }

// parseResourceIdentity parses the resource identity of an import block, and returns the attribute that is given.
func parseResourceIdentity(
	ctx context.Context, given *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) (attribute string, wanted lookup.Reference) {
	var id, externalID, identifier types.String
	for key, value := range map[string]*types.String{
		importID: &id, importExternalID: &externalID, importIdentifier: &identifier,
	} {
		diags.Append(given.GetAttribute(ctx, path.Root(key), value)...)
	}
	names := lookup.Names{
		lookup.ID(inBlock(importID), id),
		lookup.ExternalID(inBlock(importExternalID), externalID),
		lookup.Identifier(inBlock(importIdentifier), identifier),
	}
	if diags.HasError() {
		return "", wanted
	}
	name, ok := names.One(diags)
	if !ok {
		return "", wanted
	}
	wanted, ok = importable(name.Reference())
	if !ok {
		diags.AddError("Invalid import id", fmt.Sprintf("%s is %q. %s",
			name.Attribute, name.Value.ValueString(), howToGive[name.Attribute]))
	}
	return name.Attribute, wanted
}

// howToGive tells how to correct an attribute of the resource identity.
var howToGive = map[string]string{
	inBlock(importID): "The id of an identity is a UUID, as in 9f425a8d-7efc-4768-8f23-7647a74fdf13. Set " +
		"identity.external_id to import by an external id, and identity.identifier to import by a login identifier.",
	inBlock(importExternalID): "Set identity.external_id to the external id that the identity has on the server, as in " +
		"crm-4711. Or use identity.id or identity.identifier.",
	inBlock(importIdentifier): "Set identity.identifier to a login identifier of the person, as in ada@example.org. Or " +
		"use identity.id or identity.external_id.",
}
