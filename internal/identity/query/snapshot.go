package query

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// snapshot has the attributes of an identity that both data sources show. The attributes have the same names in the
// resource.
type snapshot struct {
	SchemaID            types.String `tfsdk:"schema_id"`
	SchemaURL           types.String `tfsdk:"schema_url"`
	State               types.String `tfsdk:"state"`
	OrganizationID      types.String `tfsdk:"organization_id"`
	VerifiableAddresses types.List   `tfsdk:"verifiable_addresses"`
	RecoveryAddresses   types.List   `tfsdk:"recovery_addresses"`
	Identifiers         types.Map    `tfsdk:"identifiers"`
	CreatedAt           types.String `tfsdk:"created_at"`
	UpdatedAt           types.String `tfsdk:"updated_at"`
	StateChangedAt      types.String `tfsdk:"state_changed_at"`
}

func newSnapshot(found *kratos.Identity) snapshot {
	return snapshot{
		SchemaID:            types.StringValue(found.SchemaID),
		SchemaURL:           types.StringValue(found.SchemaURL),
		State:               types.StringValue(found.State),
		OrganizationID:      base.Optional(found.OrganizationID),
		VerifiableAddresses: identity.VerifiableAddresses(found.VerifiableAddresses),
		RecoveryAddresses:   identity.RecoveryAddresses(found.RecoveryAddresses),
		Identifiers:         identity.Identifiers(found.Credentials),
		CreatedAt:           base.Optional(found.CreatedAt),
		UpdatedAt:           base.Optional(found.UpdatedAt),
		StateChangedAt:      base.Optional(found.StateChangedAt),
	}
}

// snapshotAttributes returns the attributes of a snapshot. Attributes that the resource computes have the same
// descriptions in the resource.
func snapshotAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"schema_id":       readString("Id of the identity schema that the traits follow."),
		"state":           readString("`active` or `inactive`."),
		"organization_id": readString("Id (UUID) of the organization that the identity belongs to."),
	}
	for name, attribute := range identity.ComputedAttributes() {
		attributes[name] = toDataSource(attribute)
	}
	return attributes
}

func readString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// toDataSource converts a computed attribute of the resource to an attribute of a data source.
func toDataSource(attribute resource.Attribute) schema.Attribute {
	description := attribute.GetMarkdownDescription()
	switch a := attribute.(type) {
	case resource.BoolAttribute:
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	case resource.MapAttribute:
		return schema.MapAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
	case resource.ListAttribute:
		return schema.ListAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
	}
	return readString(description)
}
