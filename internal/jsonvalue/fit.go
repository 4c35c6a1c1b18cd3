package jsonvalue

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fit returns n as a value of type typ, if typ can represent n without a change of meaning.
func fit(n node, typ attr.Type) (attr.Value, bool) {
	switch n.kind {
	case object:
		return fitToObject(n.members, typ)
	case array:
		return fitToArray(n.items, typ)
	case null:
		return fitScalar(n, typ, nil)
	case boolean:
		return fitScalar(n, typ, n.bool)
	case text:
		return fitScalar(n, typ, n.text)
	case number:
		if n.num != nil && inRange(n.num) {
			return fitScalar(n, typ, n.num)
		}
	case unknown:
	}
	return nil, false
}

// fitScalar lets typ itself make the value, so that it supports custom types and every kind of number. Some types lose
// information: the result counts only if it still means the same as n.
func fitScalar(n node, typ attr.Type, plain any) (attr.Value, bool) {
	ctx := context.Background()
	tf := typ.TerraformType(ctx)
	if tftypes.ValidateValue(tf, plain) != nil {
		return nil, false
	}
	value, err := typ.ValueFromTerraform(ctx, tftypes.NewValue(tf, plain))
	if err != nil {
		return nil, false
	}
	back, err := fromValue(value)
	return value, err == nil && equal(back, n)
}

func fitToObject(members map[string]node, typ attr.Type) (attr.Value, bool) {
	switch t := typ.(type) {
	case basetypes.MapType:
		return fitMap(t.ElemType, nil, members)
	case basetypes.ObjectType:
		return fitObject(members, t)
	}
	return nil, false
}

func fitObject(members map[string]node, typ basetypes.ObjectType) (attr.Value, bool) {
	in := newNames(typ.AttrTypes, members)
	values := make(map[string]attr.Value, len(typ.AttrTypes))
	found := 0
	for name, of := range typ.AttrTypes {
		member, ok := in.get(name)
		if ok {
			found++
		}
		if values[name], ok = fit(member, of); !ok {
			return nil, false
		}
	}
	if found < len(members) {
		return nil, false
	}
	value, diags := types.ObjectValue(typ.AttrTypes, values)
	return value, !diags.HasError()
}

func fitToArray(items []node, typ attr.Type) (attr.Value, bool) {
	switch t := typ.(type) {
	case basetypes.ListType:
		return fitList(t.ElemType, nil, items)
	case basetypes.SetType:
		return fitSet(t.ElemType, nil, items)
	case basetypes.TupleType:
		return fitTuple(items, t)
	}
	return nil, false
}

func fitTuple(items []node, typ basetypes.TupleType) (attr.Value, bool) {
	if len(items) != len(typ.ElemTypes) {
		return nil, false
	}
	values := make([]attr.Value, len(items))
	for i, of := range typ.ElemTypes {
		var ok bool
		if values[i], ok = fit(items[i], of); !ok {
			return nil, false
		}
	}
	value, diags := types.TupleValue(typ.ElemTypes, values)
	return value, !diags.HasError()
}
