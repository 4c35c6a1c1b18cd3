// Package schema has the data sources and the functions on identity schemas.
package schema

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// schemaModel is the state of an identity schema.
type schemaModel struct {
	ID                  types.String `tfsdk:"id"`
	URL                 types.String `tfsdk:"url"`
	Schema              types.String `tfsdk:"schema"`
	LoginIdentifiers    types.Map    `tfsdk:"login_identifiers"`
	VerifiableAddresses types.Map    `tfsdk:"verifiable_addresses"`
	RecoveryAddresses   types.Map    `tfsdk:"recovery_addresses"`
	Complete            types.Bool   `tfsdk:"complete"`
}

var pathsType = types.ListType{ElemType: types.StringType}

// computed returns the attributes of an identity schema, except its id.
func computed() map[string]schema.Attribute {
	paths := func(description string) schema.MapAttribute {
		return schema.MapAttribute{Computed: true, ElementType: pathsType, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"url": schema.StringAttribute{
			Computed: true, MarkdownDescription: "URL of the schema on the public API. Without `public_url` in the provider " +
				"block it is on the admin API, which redirects to the public API.",
		},
		"schema": schema.StringAttribute{Computed: true, MarkdownDescription: "The JSON Schema, as JSON in one line."},
		"login_identifiers": paths("Traits that are login identifiers, by type of credential (`password`, `code` and " +
			"others). Each list contains sorted paths within the traits, such as `email`, `contact.email` or `emails[*]`."),
		"verifiable_addresses": paths("Traits that are verifiable addresses, by `email` and `sms`, as paths."),
		"recovery_addresses":   paths("Traits that are recovery addresses, by `email` and `sms`, as paths."),
		"complete": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether the three lists are complete. They are incomplete if the schema has " +
				"references to other documents, circular references, references without a target, or too many references.",
		},
	}
}

// newModel returns the model of a schema that the server has at this URL.
func newModel(ctx context.Context, id, url string, document json.RawMessage, diags *diag.Diagnostics) schemaModel {
	var compact bytes.Buffer
	parsed, err := traitschema.Parse(document)
	if err == nil {
		err = json.Compact(&compact, document)
	}
	if err != nil {
		diags.AddError("Failed to read identity schema", fmt.Sprintf("The server's schema %q is not an identity schema: "+
			"%s.", id, err))
		return schemaModel{}
	}
	marked := parsed.MarkedTraits()
	paths := func(byKind map[string][]string) types.Map {
		value, d := types.MapValueFrom(ctx, pathsType, byKind)
		diags.Append(d...)
		return value
	}
	return schemaModel{
		ID: types.StringValue(id), URL: types.StringValue(url), Schema: types.StringValue(compact.String()),
		LoginIdentifiers: paths(
			marked.Login,
		), VerifiableAddresses: paths(marked.Verification), RecoveryAddresses: paths(marked.Recovery),
		Complete: types.BoolValue(marked.Complete),
	}
}
