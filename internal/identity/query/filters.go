package query

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// filters are the arguments that the data source ory_identities shares with the list resource.
type filters struct {
	IDs                   types.List    `tfsdk:"ids"`
	CredentialsIdentifier types.String  `tfsdk:"credentials_identifier"`
	IdentifierPrefix      types.String  `tfsdk:"credentials_identifier_prefix"`
	OrganizationID        types.String  `tfsdk:"organization_id"`
	SchemaID              types.String  `tfsdk:"schema_id"`
	State                 types.String  `tfsdk:"state"`
	Traits                types.Dynamic `tfsdk:"traits"`
}

// phoneDocs describes how the server spells a phone number.
const phoneDocs = " Write a phone number that receives codes as `+` and digits, such as `+4915123456789`."

// stringFilters are the filters of type string.
var stringFilters = map[string]struct {
	description string
	validator   validator.String
}{
	"credentials_identifier": {
		"Only identities with this login identifier: a complete address or user name in upper or lower case, or an exact " +
			"`provider:subject`." + phoneDocs, stringvalidator.LengthAtLeast(1),
	},
	"credentials_identifier_prefix": {
		"Only identities with a login identifier that begins with this text, in upper or lower case. A `provider:subject` " +
			"must begin with exactly this text. The server's parameter for this filter is experimental " +
			"(`preview_credentials_identifier_similar`). The provider checks the results, and reads all identities if the " +
			"server does not have the parameter.", stringvalidator.LengthAtLeast(1),
	},
	"organization_id": {
		"Only identities of this organization (UUID). Kratos before v25.4 has no organizations.",
		base.UUID(),
	},
	"schema_id": {
		"Only identities of this identity schema. The provider applies this filter to the results of the other filters, " +
			"because the server does not have it.", stringvalidator.LengthAtLeast(1),
	},
	"state": {
		"Only identities in this state, `active` or `inactive`. The provider applies this filter to the results of the " +
			"other filters, because the server does not have it.",
		stringvalidator.OneOf(kratos.StateActive, kratos.StateInactive),
	},
}

const traitsDescription = "Only identities whose traits have these members, as an object such as `{ name = { last = " +
	"\"Lovelace\" } }`. Nested objects are compared member by member, numbers by value, and lists as a whole. A member " +
	"that is `null` is ignored. The provider applies this filter to the results of the other filters, because the " +
	"server does not have it."

func traitsValidators() []validator.Dynamic {
	return []validator.Dynamic{identity.ObjectValidator("Traits", `{ email = "ada@example.org" }`)}
}

const idsDescription = "Only identities with these ids (UUID), 100 in one request. An empty list means no identity, " +
	"not all identities."

func idsValidators() []validator.List {
	return []validator.List{
		listvalidator.NoNullValues(),
		listvalidator.ValueStringsAre(base.UUID()),
	}
}

func dataSourceFilters() map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{
		"ids": datasource.ListAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: idsDescription, Validators: idsValidators(),
		},
		"traits": datasource.DynamicAttribute{
			Optional: true, MarkdownDescription: traitsDescription, Validators: traitsValidators(),
		},
	}
	for name, filter := range stringFilters {
		attributes[name] = datasource.StringAttribute{
			Optional: true, MarkdownDescription: filter.description, Validators: []validator.String{filter.validator},
		}
	}
	return attributes
}

func listFilters() map[string]list.Attribute {
	attributes := map[string]list.Attribute{
		"ids": list.ListAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: idsDescription, Validators: idsValidators(),
		},
		"traits": list.DynamicAttribute{
			Optional: true, MarkdownDescription: traitsDescription, Validators: traitsValidators(),
		},
	}
	for name, filter := range stringFilters {
		attributes[name] = list.StringAttribute{
			Optional: true, MarkdownDescription: filter.description, Validators: []validator.String{filter.validator},
		}
	}
	return attributes
}

// search converts the arguments to a search.
func (f filters) search(limit int, diags *diag.Diagnostics) lookup.Search {
	s := lookup.Search{
		Identifier: f.CredentialsIdentifier.ValueString(), Prefix: f.IdentifierPrefix.ValueString(),
		Organization: strings.ToLower(f.OrganizationID.ValueString()),
		SchemaID:     f.SchemaID.ValueString(), State: f.State.ValueString(), Limit: limit,
	}
	if !f.Traits.IsNull() && !f.Traits.IsUnderlyingValueNull() {
		var err error
		if s.Traits, err = jsonvalue.Encode(f.Traits); err != nil {
			diags.AddAttributeError(path.Root("traits"), "Value cannot be written as JSON",
				"The attribute traits cannot be written as JSON: "+err.Error()+".")
		}
	}
	if !f.IDs.IsNull() {
		s.IDs = []string{}
	}
	for _, element := range f.IDs.Elements() {
		if id, ok := element.(types.String); ok {
			s.IDs = append(s.IDs, strings.ToLower(id.ValueString()))
		}
	}
	return s
}
