package query

import (
	"context"
	"strings"

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
	const exactlyOne = " Exactly one of `id`, `external_id` and `credentials_identifier` names the identity."
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
		Optional: true, MarkdownDescription: "What the person signs in with: an address or a user name, upper and lower " +
			"case aside, or `provider:subject` exactly." + phoneDocs + exactlyOne,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["include_credentials"] = schema.BoolAttribute{
		Optional: true, MarkdownDescription: "Show in `identifiers` what the person signs in with. Default `false`.",
	}
	attributes["traits"] = schema.DynamicAttribute{Computed: true, MarkdownDescription: "The traits, an object as the " +
		"identity schema wants it."}
	attributes["metadata_public"] = schema.DynamicAttribute{Computed: true, MarkdownDescription: "Metadata that the " +
		"person can see in the session."}
	attributes["metadata_admin"] = schema.DynamicAttribute{
		Computed: true, Sensitive: true, MarkdownDescription: "Metadata that only administrators can see.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One identity that exists, wherever it came from, by its id, its external id, or what it " +
			"signs in with. No secret is read. An identity that isn't there is an error; `ory_identities` finds any number, " +
			"none included.",
		Attributes: attributes,
	}
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig.
func (*identityDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	named, unknown := m.names()
	if len(named) > 1 || (len(named) == 0 && !unknown) {
		addNotOne(named, &resp.Diagnostics)
	}
}

// names returns the arguments with a value that identify the identity, and reports whether another such argument is
// still unknown.
func (m dataSourceModel) names() (named []string, unknown bool) {
	for _, argument := range []struct {
		name  string
		value types.String
	}{{"id", m.ID}, {"external_id", m.ExternalID}, {"credentials_identifier", m.CredentialsIdentifier}} {
		switch {
		case argument.value.IsUnknown():
			unknown = true
		case !argument.value.IsNull():
			named = append(named, argument.name)
		}
	}
	return named, unknown
}

func addNotOne(named []string, diags *diag.Diagnostics) {
	has := "has none of them, or only null"
	if len(named) > 0 {
		has = "has " + strings.Join(named, " and ")
	}
	diags.AddError("Exactly one way to name the identity", "The identity is named by exactly one of id, external_id and "+
		"credentials_identifier. The configuration "+has+".")
}

// Read implements datasource.DataSource.
func (d *identityDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.RequireClient(&resp.Diagnostics) {
		return
	}
	named, _ := m.names()
	if len(named) != 1 {
		addNotOne(named, &resp.Diagnostics)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	wanted := lookup.Reference{
		ID:         strings.ToLower(m.ID.ValueString()),
		ExternalID: m.ExternalID.ValueString(),
		Identifier: m.CredentialsIdentifier.ValueString(),
	}
	found, problem := wanted.Find(ctx, d.Data.Client, "Reading identity")
	if problem != nil {
		resp.Diagnostics.Append(diag.WithPath(path.Root(named[0]), problem))
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
