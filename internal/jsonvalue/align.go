package jsonvalue

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Align returns raw in the representation of prior, so that Terraform shows only the differences. It compares subtree
// by subtree:
//
//   - an equal subtree keeps the value and the type of prior;
//   - an object or map keeps the null members of prior, with their types, if raw lacks the members; a member that
//     an object has lost becomes such a null member, so that Terraform's ignore_changes finds it;
//   - a map stays a map, a list stays a list, and a set stays a set as long as the elements fit the element type; a set
//     stays a set only while no two elements are equal;
//   - every other subtree takes the natural form of Decode.
//
// Matches(Align(prior, raw), raw) holds, unless raw is nested beyond 64 levels: a deeper value that differs from prior
// becomes a text that says so. Raw of more than 10000 values becomes such a text too, unless prior has as many. Empty
// raw is null. The errors are those of Decode, except that a number out of range is no error if prior equals it.
func Align(prior attr.Value, raw json.RawMessage) (attr.Value, error) {
	before, problem := fromValue(prior)
	if before.outgrown(raw) {
		return align(prior, before, node{kind: text, text: tooMany})
	}
	n, err := parseShown(raw)
	if err != nil {
		return nil, err
	}
	if problem != nil || prior == nil {
		return natural(n) // prior has no shape to follow
	}
	return align(prior, before, n)
}

// AlignDynamic is Align for a whole dynamic attribute. Null is types.DynamicNull, unless prior holds a null of its own.
func AlignDynamic(prior types.Dynamic, raw json.RawMessage) (types.Dynamic, error) {
	value, err := Align(prior, raw)
	if err != nil {
		return types.DynamicNull(), err
	}
	if dynamic, ok := value.(types.Dynamic); ok {
		return dynamic, nil
	}
	return types.DynamicValue(value), nil
}

// align requires before to be the meaning of prior.
func align(prior attr.Value, before, n node) (attr.Value, error) {
	if equal(before, n) {
		return prior, nil
	}
	if before.kind != n.kind {
		return natural(n)
	}
	if within := Unwrap(prior); wrapped(prior) {
		value, err := align(within, before, n)
		if err != nil || wrapped(value) {
			return value, err
		}
		return types.DynamicValue(value), nil
	}
	seen, err := look(prior)
	if err != nil {
		return natural(n)
	}
	switch {
	case n.kind == object:
		return alignObject(seen, before, n)
	case n.kind == array && seen.set:
		return alignSet(seen, before, n)
	case n.kind == array:
		return alignArray(seen, before, n)
	}
	if value, ok := fit(n, prior.Type(context.Background())); ok {
		return value, nil
	}
	return natural(n)
}

func wrapped(v attr.Value) bool {
	_, ok := v.(basetypes.DynamicValuable)
	return ok
}

// alignObject keeps the names of prior and adds the members that only the server has.
func alignObject(prior view, before, n node) (attr.Value, error) {
	values, nodes, rest, err := alignMembers(prior, before, n)
	if err != nil {
		return nil, err
	}
	for name, member := range terraformNames(rest) {
		if _, taken := values[name]; taken {
			continue // the names differ only in their Unicode form
		}
		if values[name], err = natural(member); err != nil {
			return nil, err
		}
		nodes[name] = member
	}
	if fitted, ok := fitMap(prior.elem, values, nodes); ok {
		return fitted, nil
	}
	return newObject(values)
}

// nullOf returns a null of the same type as value.
func nullOf(value attr.Value) (attr.Value, error) {
	ctx := context.Background()
	of := value.Type(ctx)
	return of.ValueFromTerraform(ctx, tftypes.NewValue(of.TerraformType(ctx), nil))
}

// alignMembers returns the members of prior that raw has, or that are absent in raw and null in prior, and the
// remaining members of raw. A name that differs only in its Unicode form keeps the form of prior: Terraform would
// normalize the server's form anyway.
func alignMembers(prior view, before, n node) (values map[string]attr.Value, nodes, rest map[string]node, err error) {
	values = make(map[string]attr.Value, len(n.members))
	nodes = make(map[string]node, len(n.members))
	rest = maps.Clone(n.members)
	in := newNames(prior.members, n.members)
	for name, value := range prior.members {
		was, had := before.members[name]
		theirs, has := in.find(name)
		switch {
		case has:
			member := n.members[theirs]
			if values[name], err = align(value, was, member); err != nil {
				return nil, nil, nil, err
			}
			nodes[name] = member
			delete(rest, theirs)
		case !had: // null before, and absent or null now
			values[name], nodes[name] = value, node{}
		case prior.elem == nil:
			if values[name], err = nullOf(value); err != nil {
				return nil, nil, nil, err
			}
			nodes[name] = node{}
		}
	}
	return values, nodes, rest, nil
}

func alignArray(prior view, before, n node) (attr.Value, error) {
	values := make([]attr.Value, len(n.items))
	for i, item := range n.items {
		var err error
		if i < len(prior.items) {
			values[i], err = align(prior.items[i], before.items[i], item)
		} else {
			values[i], err = natural(item)
		}
		if err != nil {
			return nil, err
		}
	}
	if fitted, ok := fitList(prior.elem, values, n.items); ok {
		return fitted, nil
	}
	return newTuple(values)
}

// alignSet matches elements by value, because a set has no indexes: an element either equals an element of prior, or is
// new.
func alignSet(prior view, before, n node) (attr.Value, error) {
	values := make([]attr.Value, len(n.items))
	in := newIndex(before.items)
	for i, item := range n.items {
		if j, ok := in.find(before.items, item); ok {
			values[i] = prior.items[j]
			continue
		}
		value, err := natural(item)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	if fitted, ok := fitSet(prior.elem, values, n.items); ok {
		return fitted, nil
	}
	return newTuple(values)
}
