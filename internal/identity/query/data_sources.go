package query

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ datasource.DataSourceWithConfigure = (*identitiesDataSource)(nil)

// NewPluralDataSource returns the data source ory_identities.
func NewPluralDataSource() datasource.DataSource { return &identitiesDataSource{} }

type identitiesDataSource struct {
	base.DataSource
}

// identitiesModel is the configuration and the state of the data source ory_identities.
type identitiesModel struct {
	filters
	MaxResults types.Int64 `tfsdk:"max_results"`
	Identities types.List  `tfsdk:"identities"`
	MissingIDs types.List  `tfsdk:"missing_ids"`

	// MetadataAdmin is not a member of the elements of identities, because it is sensitive. For each sensitive value in a
	// list, Terraform visits every value of the list, which took half a minute for 2,500 identities.
	MetadataAdmin types.Map `tfsdk:"metadata_admin_json"`
}

// rowModel is one element of the list identities. A list can't have dynamic values, so traits and metadata are JSON.
type rowModel struct {
	ID             types.String `tfsdk:"id"`
	ExternalID     types.String `tfsdk:"external_id"`
	Traits         types.String `tfsdk:"traits_json"`
	MetadataPublic types.String `tfsdk:"metadata_public_json"`
	snapshot
}

// Metadata implements datasource.DataSource.
func (*identitiesDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identities"
}

// Schema implements datasource.DataSource.
func (*identitiesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := dataSourceFilters()
	attributes["max_results"] = schema.Int64Attribute{
		Optional: true, MarkdownDescription: "Maximum number of results. The results are those with the lowest ids. " +
			"Default: all.",
		Validators: []validator.Int64{int64validator.AtLeast(1)},
	}
	attributes["identities"] = schema.ListNestedAttribute{
		Computed: true, NestedObject: rowObject(), MarkdownDescription: "The identities that match, sorted by `id`.",
	}
	attributes["metadata_admin_json"] = schema.MapAttribute{
		Computed: true, Sensitive: true, ElementType: types.StringType,
		MarkdownDescription: "Metadata that only administrators can see, as JSON, by the `id` of the identity. Identities " +
			"without it have no entry. It is not in `identities`, because it is sensitive: Terraform needs minutes for a long " +
			"list with sensitive values.",
	}
	attributes["missing_ids"] = schema.ListAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: "The `ids` for which the server has no identity, sorted, in lower case.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds identities: all identities, or those that match all filters. It reads no secrets. It " +
			"reads all pages, 500 identities in one request. An empty result is not an error." + base.Requirements,
		Attributes: attributes,
	}
}

func rowObject() schema.NestedAttributeObject {
	attributes := snapshotAttributes()
	attributes["external_id"] = readString("Your own id for the identity.")
	attributes["traits_json"] = readString("The traits as JSON, for `jsondecode()`.")
	attributes["metadata_public_json"] = readString("Metadata that the person can see in the session, as JSON, or null " +
		"if there is none.")
	return schema.NestedAttributeObject{Attributes: attributes}
}

// Read implements datasource.DataSource.
func (d *identitiesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m identitiesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	s := m.search(int(m.MaxResults.ValueInt64()), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, missing, err := s.Collect(ctx, d.Data.Client)
	if err != nil {
		base.AddError(&resp.Diagnostics, "Failed to read identities", err)
		return
	}
	rows, admin := make([]rowModel, 0, len(found)), map[string]attr.Value{}
	for _, identity := range found {
		rows = append(rows, newRow(identity))
		if metadata := jsonText(identity.MetadataAdmin); !metadata.IsNull() {
			admin[identity.ID] = metadata
		}
	}
	m.MetadataAdmin = types.MapValueMust(types.StringType, admin)
	m.Identities = listOf(ctx, rowObject().Type(), rows, &resp.Diagnostics)
	m.MissingIDs = listOf(ctx, types.StringType, missing, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func newRow(identity *kratos.Identity) rowModel {
	return rowModel{
		ID: types.StringValue(identity.ID), ExternalID: base.Optional(identity.ExternalID), Traits: jsonText(identity.Traits),
		MetadataPublic: jsonText(identity.MetadataPublic), snapshot: newSnapshot(identity),
	}
}

// jsonText formats JSON on one line with sorted keys, because databases format it differently.
func jsonText(raw []byte) types.String {
	if len(raw) == 0 {
		return types.StringNull()
	}
	return types.StringValue(string(jsonvalue.EncodePlain(jsonvalue.Plain(raw))))
}

func listOf[T any](ctx context.Context, elementType attr.Type, elements []T, diags *diag.Diagnostics) types.List {
	list, d := types.ListValueFrom(ctx, elementType, elements)
	diags.Append(d...)
	return list
}
