package jsonvalue

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Decode returns raw in its natural form, which is the form of HCL's own { } and [ ]: an object becomes a types.Object
// without its null members, an array a types.Tuple, and a number an exact types.Number. A null that isn't a member
// becomes a null of the dynamic type. As in encoding/json, the last of several members with the same name counts, and
// bytes that aren't UTF-8 become U+FFFD.
//
// Invalid, empty or trailing JSON is an error. Nesting beyond 500 levels and numbers with an exponent beyond 10,000 are
// errors too: Terraform writes numbers out in full, and 1e-1000000 in a trait would keep Terraform busy for minutes.
func Decode(raw json.RawMessage) (attr.Value, error) {
	n, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return natural(n)
}

// Dynamic is Decode for a whole dynamic attribute. JSON null and empty raw are types.DynamicNull.
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
	case null, unknown: // JSON has no unknown values
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
