package identity

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

type verifiableAddressModel struct {
	ID         types.String `tfsdk:"id"`
	Value      types.String `tfsdk:"value"`
	Via        types.String `tfsdk:"via"`
	Status     types.String `tfsdk:"status"`
	Verified   types.Bool   `tfsdk:"verified"`
	VerifiedAt types.String `tfsdk:"verified_at"`
	CreatedAt  types.String `tfsdk:"created_at"`
	UpdatedAt  types.String `tfsdk:"updated_at"`
}

type recoveryAddressModel struct {
	ID        types.String `tfsdk:"id"`
	Value     types.String `tfsdk:"value"`
	Via       types.String `tfsdk:"via"`
	CreatedAt types.String `tfsdk:"created_at"`
	UpdatedAt types.String `tfsdk:"updated_at"`
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// recoveryAddress is the shape of one recovery address.
func recoveryAddress() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"id":         computedString("Id of the address."),
		"value":      computedString("The address, in lower case and without spaces around it."),
		"via":        computedString("How it is reached: `email` or `sms`."),
		"created_at": computedString("When the address was added (RFC 3339)."),
		"updated_at": computedString("When the address was last changed (RFC 3339)."),
	}}
}

// verifiableAddress is the shape of one verifiable address: a recovery address and the state of its verification.
func verifiableAddress() schema.NestedAttributeObject {
	object := recoveryAddress()
	object.Attributes["status"] = computedString("Where the verification stands: `pending`, `sent` or `completed`.")
	object.Attributes["verified"] = schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the address is verified."}
	object.Attributes["verified_at"] = computedString("When it was verified (RFC 3339).")
	return object
}

// VerifiableAddresses are the addresses as the attribute verifiable_addresses has them. The server answers with addresses in random
// order, so the list is sorted by via, then value.
func VerifiableAddresses(ctx context.Context, addresses []kratos.VerifiableAddress, diags *diag.Diagnostics) types.List {
	models := make([]verifiableAddressModel, 0, len(addresses))
	for _, a := range addresses {
		models = append(models, verifiableAddressModel{
			ID: types.StringValue(a.ID), Value: types.StringValue(a.Value), Via: types.StringValue(a.Via),
			Status: types.StringValue(a.Status), Verified: types.BoolValue(a.Verified), VerifiedAt: optional(a.VerifiedAt),
			CreatedAt: optional(a.CreatedAt), UpdatedAt: optional(a.UpdatedAt),
		})
	}
	slices.SortFunc(models, func(a, b verifiableAddressModel) int {
		return cmp.Or(cmp.Compare(a.Via.ValueString(), b.Via.ValueString()), cmp.Compare(a.Value.ValueString(), b.Value.ValueString()))
	})
	return listOf(ctx, verifiableAddress().Type(), models, diags)
}

// RecoveryAddresses are the addresses as the attribute recovery_addresses has them, sorted as [VerifiableAddresses] are.
func RecoveryAddresses(ctx context.Context, addresses []kratos.RecoveryAddress, diags *diag.Diagnostics) types.List {
	models := make([]recoveryAddressModel, 0, len(addresses))
	for _, a := range addresses {
		models = append(models, recoveryAddressModel{
			ID: types.StringValue(a.ID), Value: types.StringValue(a.Value), Via: types.StringValue(a.Via),
			CreatedAt: optional(a.CreatedAt), UpdatedAt: optional(a.UpdatedAt),
		})
	}
	slices.SortFunc(models, func(a, b recoveryAddressModel) int {
		return cmp.Or(cmp.Compare(a.Via.ValueString(), b.Via.ValueString()), cmp.Compare(a.Value.ValueString(), b.Value.ValueString()))
	})
	return listOf(ctx, recoveryAddress().Type(), models, diags)
}

func listOf[T any](ctx context.Context, elementType attr.Type, elements []T, diags *diag.Diagnostics) types.List {
	list, d := types.ListValueFrom(ctx, elementType, elements)
	diags.Append(d...)
	return list
}

// CredentialsType is the element type of the attribute credentials: identifiers by credential type.
func CredentialsType() attr.Type { return types.ListType{ElemType: types.StringType} }

// Credentials are the sorted login identifiers by type of credential, as the attribute credentials has them.
func Credentials(ctx context.Context, byType map[string]kratos.Credential, diags *diag.Diagnostics) types.Map {
	identifiers := make(map[string][]string, len(byType))
	for kind, credential := range maps.All(byType) {
		sorted := slices.Sorted(slices.Values(credential.Identifiers))
		if sorted == nil {
			sorted = []string{}
		}
		identifiers[kind] = sorted
	}
	m, d := types.MapValueFrom(ctx, CredentialsType(), identifiers)
	diags.Append(d...)
	return m
}

// optional is [base.Optional].
func optional(s string) types.String { return base.Optional(s) }
