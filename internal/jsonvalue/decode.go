package jsonvalue

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Decode returns raw in its natural form, the one that HCL's own { } and [ ]
// have: an object is a types.Object without its null members, an array a
// types.Tuple, a number an exact types.Number, and null, where it isn't a
// member, a null of the dynamic type. Of members with the same name the last
// counts, and bytes that are no UTF-8 become U+FFFD, as in encoding/json.
//
// Invalid, empty or trailing JSON is an error, and so are nesting beyond 500
// levels and numbers with an exponent beyond 10,000: Terraform writes numbers
// out in full, and a person's 1e-1000000 would keep it busy for minutes.
func Decode(raw json.RawMessage) (attr.Value, error) {
	n, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return natural(n)
}

// Dynamic is Decode, wrapped as a dynamic attribute holds it. JSON null and an
// empty raw are types.DynamicNull.
func Dynamic(raw json.RawMessage) (types.Dynamic, error) {
	return AlignDynamic(types.DynamicNull(), raw)
}

func natural(n node) (attr.Value, error) {
	if n.deep {
		return types.StringValue(tooDeep), nil
	}
	switch n.kind {
	case boolean:
		return types.BoolValue(n.bool), nil
	case text:
		return types.StringValue(n.text), nil
	case number:
		if n.num == nil || !inRange(n.num) {
			return nil, errNumberRange
		}
		return types.NumberValue(n.num), nil
	case array:
		return naturalTuple(n.items)
	case object:
		return naturalObject(n.members)
	case null, unknown: // JSON has no unknown
	}
	return types.DynamicNull(), nil
}

func naturalTuple(items []node) (attr.Value, error) {
	values := make([]attr.Value, len(items))
	for i, item := range items {
		value, err := natural(item)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return newTuple(values)
}

func naturalObject(members map[string]node) (attr.Value, error) {
	values := make(map[string]attr.Value, len(members))
	for name, member := range terraformNames(members) {
		value, err := natural(member)
		if err != nil {
			return nil, err
		}
		values[name] = value
	}
	return newObject(values)
}
