package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// credentialsType is the type of credentials. It is the object type of its members with the same values, and differs in
// one thing: the framework makes the types of all members anew for each attribute that it validates, also where
// credentials is null, and this type is made once.
type credentialsType struct {
	basetypes.ObjectType
	terraform tftypes.Type
}

var _ basetypes.ObjectTypable = credentialsType{}

func newCredentialsType(ctx context.Context, members basetypes.ObjectType) credentialsType {
	return credentialsType{members, members.TerraformType(ctx)}
}

// TerraformType implements attr.Type.
func (t credentialsType) TerraformType(context.Context) tftypes.Type { return t.terraform }

// Equal implements attr.Type.
func (t credentialsType) Equal(other attr.Type) bool {
	if same, ok := other.(credentialsType); ok {
		return t.ObjectType.Equal(same.ObjectType)
	}
	return t.ObjectType.Equal(other)
}

// ValueFromTerraform implements attr.Type.
func (t credentialsType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.IsNull() {
		return basetypes.NewObjectNull(t.AttrTypes), nil
	}
	return t.ObjectType.ValueFromTerraform(ctx, in)
}

// ValueFromObject implements basetypes.ObjectTypable.
func (credentialsType) ValueFromObject(
	_ context.Context, in basetypes.ObjectValue,
) (basetypes.ObjectValuable, diag.Diagnostics) {
	return in, nil
}
