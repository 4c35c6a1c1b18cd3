package jsonvalue

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// view is one level of a value: its own meaning, and the values directly within it.
type view struct {
	node // of a scalar; its items and members stay empty

	items   []attr.Value
	members map[string]attr.Value
	// elem is the element type of a list, map or set, and nil for any other value.
	elem attr.Type
}

// Unwrap removes the types.Dynamic layers around v. It returns a dynamic value that is itself null or unknown
// unchanged.
func Unwrap(v attr.Value) attr.Value {
	for {
		dynamic, ok := v.(basetypes.DynamicValuable)
		if !ok || dynamic.IsNull() || dynamic.IsUnknown() {
			return v
		}
		d, diags := dynamic.ToDynamicValue(context.Background())
		if diags.HasError() || d.UnderlyingValue() == nil {
			return v
		}
		v = d.UnderlyingValue()
	}
}

// look opens one level of v. It converts custom types to their base types. A nil value is null.
func look(v attr.Value) (view, error) {
	v = Unwrap(v)
	switch {
	case v == nil || v.IsNull():
		return view{}, nil
	case v.IsUnknown():
		return view{node: node{kind: unknown}}, nil
	}
	if seen, ok, err := lookIntoCollection(v); ok || err != nil {
		return seen, err
	}
	n, err := scalar(v)
	return view{node: n}, err
}

func lookIntoCollection(v attr.Value) (seen view, ok bool, err error) {
	ctx := context.Background() // the framework requires a context, but doesn't wait for it
	var diags diag.Diagnostics
	switch t := v.(type) {
	case basetypes.ObjectValuable:
		var value basetypes.ObjectValue
		value, diags = t.ToObjectValue(ctx)
		seen = view{node: node{kind: object}, members: value.Attributes()}
	case basetypes.MapValuable:
		var value basetypes.MapValue
		value, diags = t.ToMapValue(ctx)
		seen = view{node: node{kind: object}, members: value.Elements(), elem: value.ElementType(ctx)}
	case basetypes.ListValuable:
		var value basetypes.ListValue
		value, diags = t.ToListValue(ctx)
		seen = view{node: node{kind: array}, items: value.Elements(), elem: value.ElementType(ctx)}
	case basetypes.SetValuable:
		var value basetypes.SetValue
		value, diags = t.ToSetValue(ctx)
		seen = view{node: node{kind: array, set: true}, items: value.Elements(), elem: value.ElementType(ctx)}
	case basetypes.TupleValue:
		seen = view{node: node{kind: array}, items: t.Elements()}
	default:
		return view{}, false, nil
	}
	return seen, true, asError(diags)
}

func scalar(v attr.Value) (node, error) {
	ctx := context.Background()
	switch t := v.(type) {
	case basetypes.BoolValuable:
		value, diags := t.ToBoolValue(ctx)
		return node{kind: boolean, bool: value.ValueBool()}, asError(diags)
	case basetypes.StringValuable:
		value, diags := t.ToStringValue(ctx)
		return node{kind: text, text: value.ValueString()}, asError(diags)
	case basetypes.NumberValuable, basetypes.Int32Valuable, basetypes.Int64Valuable,
		basetypes.Float32Valuable, basetypes.Float64Valuable:
		return numeric(v)
	}
	return node{}, fmt.Errorf("a %T has no JSON form", v)
}

// numeric returns the exact value of a Number or an integer. A Float32 or Float64 means the shortest decimal that
// identifies it: 0.1, not 0.1000000000000000055.
func numeric(v attr.Value) (node, error) {
	f := new(big.Float)
	tf, err := v.ToTerraformValue(context.Background())
	if err != nil {
		return node{}, fmt.Errorf("reading a number: %w", err)
	}
	if err := tf.As(&f); err != nil {
		return node{}, fmt.Errorf("reading a number: %w", err)
	}
	if f == nil {
		return node{}, nil
	}
	if f.IsInf() {
		return node{}, errInfinite
	}
	switch v.(type) {
	case basetypes.Float32Valuable:
		const float32Precision = 24 // the framework stores a Float32 as a double
		short := new(big.Float).SetPrec(float32Precision).Set(f)
		return fromLiteral(short.Text('e', -1)), nil
	case basetypes.Float64Valuable:
		return fromLiteral(f.Text('e', -1)), nil
	}
	return node{kind: number, num: canonical(f)}, nil
}

// fromValue returns the meaning of v, including unknown values.
func fromValue(v attr.Value) (node, error) {
	return fromNested(v, 0)
}

func fromNested(v attr.Value, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, errTooDeep
	}
	seen, err := look(v)
	if err != nil {
		return node{}, err
	}
	n := seen.node
	if seen.items != nil {
		n.items = make([]node, len(seen.items))
	}
	for i, item := range seen.items {
		if n.items[i], err = fromNested(item, depth+1); err != nil {
			return node{}, err
		}
	}
	if seen.members != nil {
		n.members = make(map[string]node, len(seen.members))
	}
	for name, value := range seen.members {
		member, err := fromNested(value, depth+1)
		if err != nil {
			return node{}, err
		}
		if member.kind == null {
			n.nulls = append(n.nulls, name)
		} else {
			n.members[name] = member
		}
	}
	return n, nil
}
