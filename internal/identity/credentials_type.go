package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// credentialsType is the type of credentials. It is the object type of its members, with the same values, and makes the
// types and the null values of all members once. The framework would make them again for each attribute that it
// validates and for each value that it converts, so that even null members would take time.
type credentialsType struct {
	basetypes.ObjectType
	terraform tftypes.Object
	nulls     map[string]attr.Value
}

var _ basetypes.ObjectTypable = credentialsType{}

func newCredentialsType(ctx context.Context, members basetypes.ObjectType) credentialsType {
	t := credentialsType{ObjectType: members, nulls: map[string]attr.Value{}}
	t.terraform, _ = members.TerraformType(ctx).(tftypes.Object)
	for name, member := range members.AttrTypes {
		t.nulls[name] = member.ValueType(ctx)
	}
	return t
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
	switch {
	case in.IsNull():
		return basetypes.NewObjectNull(t.AttrTypes), nil
	case !in.IsKnown():
		return basetypes.NewObjectUnknown(t.AttrTypes), nil
	}
	values := map[string]tftypes.Value{}
	if err := in.As(&values); err != nil {
		return nil, err
	}
	members := make(map[string]attr.Value, len(t.AttrTypes))
	for name, memberType := range t.AttrTypes {
		members[name] = t.nulls[name]
		if value := values[name]; !value.IsNull() {
			member, err := memberType.ValueFromTerraform(ctx, value)
			if err != nil {
				return nil, err
			}
			members[name] = member
		}
	}
	return basetypes.NewObjectValueMust(t.AttrTypes, members), nil
}

// ValueFromObject implements basetypes.ObjectTypable.
func (credentialsType) ValueFromObject(
	_ context.Context, in basetypes.ObjectValue,
) (basetypes.ObjectValuable, diag.Diagnostics) {
	return in, nil
}

// toTerraform converts a known value.
func (t credentialsType) toTerraform(ctx context.Context, value basetypes.ObjectValue) (tftypes.Value, error) {
	members := make(map[string]tftypes.Value, len(t.AttrTypes))
	for name, member := range value.Attributes() {
		if member.IsNull() {
			members[name] = tftypes.NewValue(t.terraform.AttributeTypes[name], nil)
			continue
		}
		converted, err := member.ToTerraformValue(ctx)
		if err != nil {
			return tftypes.Value{}, err
		}
		members[name] = converted
	}
	return tftypes.NewValue(t.terraform, members), nil
}
