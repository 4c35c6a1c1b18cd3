package query

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var (
	_ datasource.DataSourceWithConfigure      = (*identityDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*identityDataSource)(nil)
)

// NewDataSource returns the data source ory_identity.
func NewDataSource() datasource.DataSource { return &identityDataSource{} }

type identityDataSource struct {
	base.DataSource
}

// dataSourceModel is the configuration and the state of the data source ory_identity.
type dataSourceModel struct {
	ID                    types.String  `tfsdk:"id"`
	ExternalID            types.String  `tfsdk:"external_id"`
	CredentialsIdentifier types.String  `tfsdk:"credentials_identifier"`
	IncludeCredentials    types.Bool    `tfsdk:"include_credentials"`
	Traits                types.Dynamic `tfsdk:"traits"`
	MetadataPublic        types.Dynamic `tfsdk:"metadata_public"`
	MetadataAdmin         types.Dynamic `tfsdk:"metadata_admin"`
	snapshot
}

// Metadata implements datasource.DataSource.
func (*identityDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identity"
}

// Schema implements datasource.DataSource.
func (*identityDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const exactlyOne = " Set exactly one of `id`, `external_id` and `credentials_identifier`."
	attributes := snapshotAttributes()
	attributes["id"] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "Id (UUID) of the identity." + exactlyOne,
		Validators: []validator.String{base.UUID()},
	}
	attributes["external_id"] = schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "External id of the identity, case-sensitive. Needs Kratos " +
			"v25.4 or later, or Ory Network." + exactlyOne,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["credentials_identifier"] = schema.StringAttribute{
		Optional: true, MarkdownDescription: "Login identifier of the identity: an address or a user name in upper or " +
			"lower case, or an exact `provider:subject`." + phoneDocs + exactlyOne,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["include_credentials"] = schema.BoolAttribute{
		Optional: true, MarkdownDescription: "Whether to read `identifiers`. Default `false`.",
	}
	attributes["traits"] = schema.DynamicAttribute{Computed: true, MarkdownDescription: "Traits of the identity, as an " +
		"object."}
	attributes["metadata_public"] = schema.DynamicAttribute{Computed: true, MarkdownDescription: "Metadata that the " +
		"person can see in the session."}
	attributes["metadata_admin"] = schema.DynamicAttribute{
		Computed: true, Sensitive: true, MarkdownDescription: "Metadata that only administrators can see.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an identity by its id, external id or login identifier. It reads no secrets. An " +
			"identity that does not exist is an error. To find any number of identities, use `ory_identities`." +
			base.Requirements,
		Attributes: attributes,
	}
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig.
func (*identityDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	m.names().Check(&resp.Diagnostics)
}

// names returns the arguments that can name the identity.
func (m dataSourceModel) names() lookup.Names {
	return lookup.Names{
		lookup.ID("id", m.ID),
		lookup.ExternalID("external_id", m.ExternalID),
		lookup.Identifier("credentials_identifier", m.CredentialsIdentifier),
	}
}

// Read implements datasource.DataSource.
func (d *identityDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.RequireClient(&resp.Diagnostics) {
		return
	}
	name, ok := m.names().One(&resp.Diagnostics)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	found, problem := name.Reference().Find(ctx, d.Data.Client, "Failed to read identity")
	if problem != nil {
		resp.Diagnostics.Append(diag.WithPath(path.Root(name.Attribute), problem))
		return
	}
	m.fill(found, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// fill sets the attributes that the configuration doesn't set.
func (m *dataSourceModel) fill(found *kratos.Identity, diags *diag.Diagnostics) {
	if m.ID.IsNull() {
		m.ID = types.StringValue(found.ID)
	}
	if m.ExternalID.IsNull() {
		m.ExternalID = base.Optional(found.ExternalID)
	}
	m.Traits = identity.DynamicOf(path.Root("traits"), found.Traits, diags)
	m.MetadataPublic = identity.DynamicOf(path.Root("metadata_public"), found.MetadataPublic, diags)
	m.MetadataAdmin = identity.DynamicOf(path.Root("metadata_admin"), found.MetadataAdmin, diags)
	m.snapshot = newSnapshot(found)
	if !m.IncludeCredentials.ValueBool() {
		m.Identifiers = types.MapNull(identity.IdentifiersType)
	}
}
