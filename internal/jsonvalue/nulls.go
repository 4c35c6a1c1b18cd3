package jsonvalue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Keep reports whether the null member at a path means null rather than an absent member. The path consists of names of
// members and indexes of elements.
type Keep func(path []string) bool

// EncodeKeeping is Encode, except that it keeps the null members that the function keep selects. If keep is nil, it
// keeps none.
func EncodeKeeping(v attr.Value, keep Keep) (json.RawMessage, error) {
	if at, found := unknownPath(v); found {
		return nil, &UnknownError{Path: at}
	}
	plain, err := PlainKeeping(v, nil, keep)
	if err != nil {
		return nil, err
	}
	return encodePlain(plain)
}

// PlainKeeping is PlainOf, except that it keeps the null members that the function keep selects. If keep is nil, it
// keeps none.
func PlainKeeping(v attr.Value, mark any, keep Keep) (any, error) {
	n, err := fromValue(v)
	if err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	plain := n.marked(mark)
	if keep != nil {
		n.restoreNulls(plain, nil, keep)
	}
	return plain, nil
}

// restoreNulls adds the null members that keep selects to plain, which comes from n.
func (n node) restoreNulls(plain any, at []string, keep Keep) {
	switch p := plain.(type) {
	case map[string]any:
		for _, name := range n.nulls {
			if keep(append(slices.Clip(at), name)) {
				p[name] = nil
			}
		}
		for name, member := range n.members {
			member.restoreNulls(p[name], append(slices.Clip(at), name), keep)
		}
	case []any:
		for i, item := range n.items {
			item.restoreNulls(p[i], append(slices.Clip(at), strconv.Itoa(i)), keep)
		}
	}
}

// DynamicWithNulls is Dynamic, except that it keeps the null members of raw.
func DynamicWithNulls(raw json.RawMessage) (types.Dynamic, error) {
	value, err := Dynamic(raw)
	if err != nil || value.IsNull() || crowded(raw) {
		return value, err
	}
	n, err := parse(raw)
	if err != nil {
		return value, err
	}
	with, err := withNulls(value.UnderlyingValue(), n)
	if err != nil {
		return value, err
	}
	return types.DynamicValue(with), nil
}

// withNulls requires value to be the natural form of n.
func withNulls(value attr.Value, n node) (attr.Value, error) {
	switch v := value.(type) {
	case types.Object:
		members := v.Attributes()
		for name, member := range terraformNames(n.members) {
			within, err := withNulls(members[name], member)
			if err != nil {
				return nil, err
			}
			members[name] = within
		}
		for _, name := range n.nulls {
			if _, there := members[name]; !there && isNFC(name) {
				members[name] = types.DynamicNull()
			}
		}
		return newObject(members)
	case types.Tuple:
		items := v.Elements()
		for i, item := range n.items {
			within, err := withNulls(items[i], item)
			if err != nil {
				return nil, err
			}
			items[i] = within
		}
		return newTuple(items)
	}
	return value, nil
}
