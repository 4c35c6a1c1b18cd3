package schema

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ datasource.DataSourceWithConfigure = (*schemasDataSource)(nil)

// NewSchemas returns the data source ory_identity_schemas.
func NewSchemas() datasource.DataSource { return &schemasDataSource{} }

type schemasDataSource struct {
	base.DataSource
}

// schemasModel is the state of the data source ory_identity_schemas.
type schemasModel struct {
	Schemas types.List `tfsdk:"schemas"`
}

// Metadata implements datasource.DataSource.
func (*schemasDataSource) Metadata(
	_ context.Context,
	req datasource.MetadataRequest,
	resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identity_schemas"
}

// Schema implements datasource.DataSource.
func (*schemasDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists all identity schemas of the server." + base.Requirements,
		Attributes: map[string]schema.Attribute{
			"schemas": schema.ListNestedAttribute{
				Computed: true, NestedObject: schemaObject(), MarkdownDescription: "The schemas, sorted by `id`.",
			},
		},
	}
}

func schemaObject() schema.NestedAttributeObject {
	attributes := computed()
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the schema. Use it as " +
		"`schema_id` of `ory_identity`."}
	return schema.NestedAttributeObject{Attributes: attributes}
}

// Read implements datasource.DataSource.
func (d *schemasDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	found, err := d.Data.Client.ListIdentitySchemas(ctx)
	if err != nil {
		base.AddError(&resp.Diagnostics, "Failed to read identity schemas", err)
		return
	}
	slices.SortFunc(found, func(a, b kratos.IdentitySchema) int { return cmp.Compare(a.ID, b.ID) })
	models := make([]schemaModel, 0, len(found))
	for _, s := range found {
		models = append(models, newModel(ctx, s.ID, d.Data.Client.IdentitySchemaURL(s.ID), s.Schema, &resp.Diagnostics))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var m schemasModel
	list, diags := types.ListValueFrom(ctx, schemaObject().Type(), models)
	resp.Diagnostics.Append(diags...)
	m.Schemas = list
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
