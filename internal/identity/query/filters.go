package query

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// filters are the arguments that the data source ory_identities shares with the list resource.
type filters struct {
	IDs                   types.List   `tfsdk:"ids"`
	CredentialsIdentifier types.String `tfsdk:"credentials_identifier"`
	OrganizationID        types.String `tfsdk:"organization_id"`
	SchemaID              types.String `tfsdk:"schema_id"`
	State                 types.String `tfsdk:"state"`
}

// phoneDocs says how a phone number is given.
const phoneDocs = " A phone number has its country code, as in `+49 1512 3456789`."

// stringFilters are the filters of type string.
var stringFilters = map[string]struct {
	description string
	validator   validator.String
}{
	"credentials_identifier": {
		"Only identities that sign in with this identifier: an address or a user name, upper and lower case aside, or " +
			"`provider:subject` exactly. It is compared as a whole." + phoneDocs, stringvalidator.LengthAtLeast(1),
	},
	"organization_id": {
		"Only identities of this organization (UUID). Kratos before v25.4 has no organizations.",
		base.UUID(),
	},
	"schema_id": {
		"Only identities of this identity schema. The server has no such filter: all identities that the other arguments " +
			"leave are read, and the provider picks.", stringvalidator.LengthAtLeast(1),
	},
	"state": {
		"Only identities in this state, `active` or `inactive`. The server has no such filter: all identities that the " +
			"other arguments leave are read, and the provider " +
			"picks.", stringvalidator.OneOf(kratos.StateActive, kratos.StateInactive),
	},
}

const idsDescription = "Only identities with these ids (UUID). They are asked for a hundred at a time. An empty list " +
	"means no identity, not all of them."

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
	}
	for name, filter := range stringFilters {
		attributes[name] = list.StringAttribute{
			Optional: true, MarkdownDescription: filter.description, Validators: []validator.String{filter.validator},
		}
	}
	return attributes
}

// search converts the arguments to a search.
func (f filters) search(limit int) lookup.Search {
	s := lookup.Search{
		Identifier: f.CredentialsIdentifier.ValueString(), Organization: strings.ToLower(f.OrganizationID.ValueString()),
		SchemaID: f.SchemaID.ValueString(), State: f.State.ValueString(), Limit: limit,
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
