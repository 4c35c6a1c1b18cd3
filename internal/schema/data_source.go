package schema

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ datasource.DataSourceWithConfigure = (*schemaDataSource)(nil)

// NewSchema returns the data source ory_identity_schema.
func NewSchema() datasource.DataSource { return &schemaDataSource{} }

type schemaDataSource struct {
	base.DataSource
}

// Metadata implements datasource.DataSource.
func (*schemaDataSource) Metadata(
	_ context.Context,
	req datasource.MetadataRequest,
	resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identity_schema"
}

// Schema implements datasource.DataSource.
func (*schemaDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := computed()
	attributes["id"] = schema.StringAttribute{
		Required: true, MarkdownDescription: "Id of the schema, such as `preset://email` or an id of the server's " +
			"configuration.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an identity schema of the server: the JSON document, and the traits that are login " +
			"identifiers and addresses." + base.Requirements,
		Attributes: attributes,
	}
}

// Read implements datasource.DataSource.
func (d *schemaDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m schemaModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	id := m.ID.ValueString()
	document, err := d.Data.Client.GetIdentitySchema(ctx, id)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		resp.Diagnostics.AddAttributeError(
			path.Root("id"),
			"Identity schema not found",
			fmt.Sprintf("The server has no identity schema %q. The data source ory_identity_schemas lists the identity "+
				"schemas of the server.", id),
		)
	case err != nil:
		base.AddError(&resp.Diagnostics, "Failed to read identity schema", err)
	default:
		m = newModel(ctx, id, d.Data.Client.IdentitySchemaURL(id), document, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
		}
	}
}
