package jsonvalue

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// fitMap returns a map of elem, if all members fit. For a member whose name is in values, it uses that value if the
// value has the element type.
func fitMap(elem attr.Type, values map[string]attr.Value, members map[string]node) (attr.Value, bool) {
	if !homogeneous(elem) {
		return nil, false
	}
	fitted := make(map[string]attr.Value, len(members))
	for name, member := range members {
		var ok bool
		if fitted[name], ok = fitElement(elem, values[name], member); !ok {
			return nil, false
		}
	}
	value, diags := types.MapValue(elem, fitted)
	return value, !diags.HasError()
}

// fitList is fitMap for lists. The parameter values is nil or as long as items.
func fitList(elem attr.Type, values []attr.Value, items []node) (attr.Value, bool) {
	fitted, ok := fitElements(elem, values, items)
	if !ok {
		return nil, false
	}
	value, diags := types.ListValue(elem, fitted)
	return value, !diags.HasError()
}

// fitSet is fitList for sets. It refuses equal elements: Terraform would drop one of them.
func fitSet(elem attr.Type, values []attr.Value, items []node) (attr.Value, bool) {
	fitted, ok := fitElements(elem, values, items)
	if !ok || hasDuplicates(fitted) {
		return nil, false
	}
	value, diags := types.SetValue(elem, fitted)
	return value, !diags.HasError()
}

func fitElements(elem attr.Type, values []attr.Value, items []node) ([]attr.Value, bool) {
	if !homogeneous(elem) {
		return nil, false
	}
	fitted := make([]attr.Value, len(items))
	for i, item := range items {
		var value attr.Value
		if values != nil {
			value = values[i]
		}
		var ok bool
		if fitted[i], ok = fitElement(elem, value, item); !ok {
			return nil, false
		}
	}
	return fitted, true
}

func fitElement(elem attr.Type, value attr.Value, n node) (attr.Value, bool) {
	if value != nil && elem.Equal(value.Type(context.Background())) {
		return value, true
	}
	return fit(n, elem)
}

// hasDuplicates compares values rather than their JSON: two arrays that differ only in order may be the same set.
func hasDuplicates(values []attr.Value) bool {
	nodes := make([]node, len(values))
	for i, value := range values {
		n, err := fromValue(value)
		if err != nil {
			return true
		}
		nodes[i] = n
	}
	for _, same := range newIndex(nodes) {
		for i := range same {
			for j := range i {
				if equal(nodes[same[i]], nodes[same[j]]) {
					return true
				}
			}
		}
	}
	return false
}

// homogeneous reports whether elem is a single type. Terraform's collections can't mix types, but the dynamic type,
// which an empty collection may have, would let them.
func homogeneous(elem attr.Type) bool {
	switch t := elem.(type) {
	case nil, basetypes.DynamicType:
		return false
	case attr.TypeWithElementType:
		return homogeneous(t.ElementType())
	case attr.TypeWithAttributeTypes:
		for _, of := range t.AttributeTypes() {
			if !homogeneous(of) {
				return false
			}
		}
	case attr.TypeWithElementTypes:
		for _, of := range t.ElementTypes() {
			if !homogeneous(of) {
				return false
			}
		}
	}
	return true
}
