package identity

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

var (
	// VerifiableAddressType is the type of one verifiable address. Its attributes have the names of the API.
	VerifiableAddressType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "value": types.StringType, "via": types.StringType, "status": types.StringType,
		"verified":    types.BoolType,
		"verified_at": types.StringType, "created_at": types.StringType, "updated_at": types.StringType,
	}}

	// RecoveryAddressType is the type of one recovery address. Its attributes have the names of the API.
	RecoveryAddressType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "value": types.StringType, "via": types.StringType,
		"created_at": types.StringType, "updated_at": types.StringType,
	}}

	// IdentifiersType is the element type of identifiers: each type of credential has a list of login identifiers.
	IdentifiersType = types.ListType{ElemType: types.StringType}
)

// VerifiableAddresses returns the server's addresses as a list. It sorts them by via and value, because the server's
// order is random.
func VerifiableAddresses(addresses []kratos.VerifiableAddress) types.List {
	sorted := slices.SortedFunc(slices.Values(addresses), func(a, b kratos.VerifiableAddress) int {
		return cmp.Or(cmp.Compare(a.Via, b.Via), cmp.Compare(a.Value, b.Value))
	})
	elements := make([]attr.Value, 0, len(sorted))
	for _, a := range sorted {
		elements = append(elements, types.ObjectValueMust(VerifiableAddressType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(a.ID), "value": types.StringValue(a.Value), "via": types.StringValue(a.Via),
			"status": types.StringValue(
				a.Status,
			), "verified": types.BoolValue(a.Verified), "verified_at": base.Optional(a.VerifiedAt),
			"created_at": base.Optional(a.CreatedAt), "updated_at": base.Optional(a.UpdatedAt),
		}))
	}
	return types.ListValueMust(VerifiableAddressType, elements)
}

// RecoveryAddresses returns the server's addresses as a list. It sorts them by via and value, because the server's
// order is random.
func RecoveryAddresses(addresses []kratos.RecoveryAddress) types.List {
	sorted := slices.SortedFunc(slices.Values(addresses), func(a, b kratos.RecoveryAddress) int {
		return cmp.Or(cmp.Compare(a.Via, b.Via), cmp.Compare(a.Value, b.Value))
	})
	elements := make([]attr.Value, 0, len(sorted))
	for _, a := range sorted {
		elements = append(elements, types.ObjectValueMust(RecoveryAddressType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(a.ID), "value": types.StringValue(a.Value), "via": types.StringValue(a.Via),
			"created_at": base.Optional(a.CreatedAt), "updated_at": base.Optional(a.UpdatedAt),
		}))
	}
	return types.ListValueMust(RecoveryAddressType, elements)
}

// Identifiers returns the sorted login identifiers of each type of credential.
func Identifiers(byType map[string]kratos.Credential) types.Map {
	lists := make(map[string]attr.Value, len(byType))
	for kind, credential := range byType {
		identifiers := make([]attr.Value, 0, len(credential.Identifiers))
		for _, identifier := range slices.Sorted(slices.Values(credential.Identifiers)) {
			identifiers = append(identifiers, types.StringValue(identifier))
		}
		lists[kind] = types.ListValueMust(types.StringType, identifiers)
	}
	return types.MapValueMust(IdentifiersType, lists)
}

// identifiers returns the login identifiers of the state by type of credential.
func (m *model) identifiers() map[string][]string {
	byType := map[string][]string{}
	for kind, element := range m.Identifiers.Elements() {
		list, _ := element.(types.List)
		identifiers := make([]string, 0, len(list.Elements()))
		for _, identifier := range list.Elements() {
			if text, ok := identifier.(types.String); ok {
				identifiers = append(identifiers, text.ValueString())
			}
		}
		byType[kind] = identifiers
	}
	return byType
}

// identifierSet returns all login identifiers and addresses of the state, folded.
func (m *model) identifierSet() map[string]bool {
	set := map[string]bool{}
	for _, identifiers := range m.identifiers() {
		for _, identifier := range identifiers {
			set[traitschema.Canonical(identifier)] = true
		}
	}
	for _, list := range []types.List{m.VerifiableAddresses, m.RecoveryAddresses} {
		for _, element := range list.Elements() {
			if object, ok := element.(types.Object); ok {
				if value, ok := object.Attributes()["value"].(types.String); ok {
					set[traitschema.Canonical(value.ValueString())] = true
				}
			}
		}
	}
	return set
}
