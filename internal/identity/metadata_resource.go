package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

var (
	_ resource.ResourceWithConfigure        = (*metadataResource)(nil)
	_ resource.ResourceWithConfigValidators = (*metadataResource)(nil)
	_ resource.ResourceWithValidateConfig   = (*metadataResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*metadataResource)(nil)
	_ resource.ResourceWithImportState      = (*metadataResource)(nil)
)

// NewMetadataResource returns the resource ory_identity_metadata.
func NewMetadataResource() resource.Resource { return &metadataResource{} }

// metadataResource owns top-level keys of the metadata of an identity that something else owns.
type metadataResource struct {
	base.Resource
}

// metadataModel is the resource ory_identity_metadata in configuration, plan and state.
type metadataModel struct {
	IdentityID     types.String   `tfsdk:"identity_id"`
	Identifier     types.String   `tfsdk:"identifier"`
	ExternalID     types.String   `tfsdk:"external_id"`
	MetadataPublic types.Dynamic  `tfsdk:"metadata_public"`
	MetadataAdmin  types.Dynamic  `tfsdk:"metadata_admin"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// names returns the attributes that can name the identity.
func (m *metadataModel) names() lookup.Names {
	return lookup.Names{
		lookup.ID("identity_id", m.IdentityID),
		lookup.ExternalID("external_id", m.ExternalID),
		lookup.Identifier("identifier", m.Identifier),
	}
}

// Metadata implements resource.Resource.
func (*metadataResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_identity_metadata"
}

// Schema implements resource.Resource.
func (*metadataResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	const exactlyOne = " Set exactly one of `identity_id`, `external_id` and `identifier`."
	attributes := map[string]schema.Attribute{
		"identity_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Id (UUID) of the identity." + exactlyOne + " A change replaces the resource.",
			Validators:          []validator.String{base.UUID()},
		},
		"external_id": schema.StringAttribute{
			Optional: true, MarkdownDescription: "External id of the identity, case-sensitive. Needs Kratos v25.4 or later, " +
				"or Ory Network." + exactlyOne,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"identifier": schema.StringAttribute{
			Optional: true, MarkdownDescription: "Login identifier of the identity: an address or a user name in upper or " +
				"lower case, or an exact `provider:subject`. The provider looks the identity up once. After that the resource " +
				"keeps `identity_id`, also if the login identifier changes." + exactlyOne,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
	}
	for _, p := range parts {
		attributes[p.name] = p.schema()
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages top-level keys of the metadata of an identity that this configuration does not " +
			"manage: a person who registered, or an `ory_identity` of another configuration. The resource creates, changes " +
			"and removes the keys that it names. It does not change other keys or other attributes of the identity.\n\n" +
			"Several of these resources can manage different keys of one identity. The plan fails if two of them name the " +
			"same key, or if an `ory_identity` of the same configuration sets the key. If the identity already has a key, the " +
			"resource takes the key over, and the plan shows a warning. A destroy removes the keys and keeps the identity." +
			base.Requirements,
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": TimeoutsBlock(ctx, "the metadata", "20m")},
	}
}

// ConfigValidators implements resource.ResourceWithConfigValidators.
func (*metadataResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.AtLeastOneOf(path.MatchRoot(metadataPublic.name), path.MatchRoot(metadataAdmin.name)),
	}
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (*metadataResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var m metadataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		m.names().Check(&resp.Diagnostics)
	}
}
