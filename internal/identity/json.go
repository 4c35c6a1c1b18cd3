package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// encodeJSON returns the JSON of a dynamic attribute. It returns nil for null and for an attribute that is unknown as a
// whole, which the configuration then leaves out. It omits null members, except those that keep selects.
func encodeJSON(at path.Path, value types.Dynamic, keep jsonvalue.Keep, diags *diag.Diagnostics) json.RawMessage {
	if isNull(value) || value.IsUnknown() {
		return nil
	}
	raw, err := jsonvalue.EncodeKeeping(value, keep)
	if err == nil {
		return raw
	}
	var unknown *jsonvalue.UnknownError
	if errors.As(err, &unknown) {
		diags.AddAttributeError(
			at,
			"Provider defect",
			"A part of the attribute "+at.String()+" is not known during the apply: "+err.Error()+". Please "+
				"report this to the provider's developers.",
		)
	} else {
		text := fmt.Sprintf("The attribute %s cannot be written as JSON: %s.", at, err)
		diags.AddAttributeError(at, "Value cannot be written as JSON", text)
	}
	return nil
}

// plainBefore returns the JSON of a value of the state. If the value has the same meaning as the plan's value, the JSON
// has the order of the plan. A set in the plan and a list in the state, as after an import, then give no difference to
// send.
func plainBefore(at path.Path, plan, state types.Dynamic, keep jsonvalue.Keep, diags *diag.Diagnostics) any {
	raw := encodeJSON(at, state, keep, diags)
	if aligned, err := jsonvalue.AlignDynamic(plan, raw); err == nil {
		raw = encodeJSON(at, aligned, keep, diags)
	}
	return jsonvalue.Plain(raw)
}

// align converts the server's JSON to a value. If the prior value has the same meaning, align keeps its representation.
func align(at path.Path, prior types.Dynamic, raw []byte, diags *diag.Diagnostics) types.Dynamic {
	value, err := jsonvalue.AlignDynamic(prior, raw)
	if err == nil {
		return value
	}
	// The value has a number or a nesting that Terraform can't hold. An error would block the plan of all other
	// identities. The value is therefore shown as text, which the plan reports as drift and the next apply corrects.
	diags.AddAttributeWarning(
		at,
		"Value cannot be represented",
		"The server's value of "+at.String()+" is shown as JSON text, because Terraform cannot represent it: "+
			err.Error()+".",
	)
	return types.DynamicValue(types.StringValue(string(raw)))
}

// members returns the members of an object or a map, without null members, because null means absent.
func members(value attr.Value) (map[string]attr.Value, bool) {
	var all map[string]attr.Value
	switch v := value.(type) {
	case types.Object:
		all = v.Attributes()
	case types.Map:
		all = v.Elements()
	default:
		return nil, false
	}
	present := make(map[string]attr.Value, len(all))
	for name, member := range all {
		if member = jsonvalue.Unwrap(member); !isNull(member) {
			present[name] = member
		}
	}
	return present, !value.IsNull() && !value.IsUnknown()
}

// isNull reports whether a value is null. A dynamic value is null if its underlying value is null.
func isNull(value attr.Value) bool {
	if dynamic, ok := value.(types.Dynamic); ok {
		return dynamic.IsNull() || dynamic.IsUnderlyingValueNull()
	}
	return value == nil || value.IsNull()
}

// segments splits a JSON Pointer, which the server writes as a URL fragment (RFC 6901, section 6).
func segments(pointer string) []string {
	var all []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if segment == "" {
			continue
		}
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		all = append(all, jsonvalue.UnescapePointer(segment))
	}
	return all
}

// traitPath returns the attribute path of a trait, and its name in words. The segments start at the traits. The path
// ends at the deepest value that the configuration contains. isName reports whether the identity schema has this name
// of a property. Any other name is data, which the configuration may mark as sensitive without telling the provider, so
// the words show only its position.
func traitPath(traits types.Dynamic, segments []string, isName func(string) bool) (at path.Path, where string) {
	at, where = path.Root("traits"), "traits"
	value := jsonvalue.Unwrap(traits)
	for _, segment := range segments {
		var keys map[string]attr.Value
		switch v := value.(type) {
		case types.Object:
			at, keys = at.AtName(segment), v.Attributes()
		case types.Map:
			at, keys = at.AtMapKey(segment), v.Elements()
		case interface{ Elements() []attr.Value }:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v.Elements()) {
				return at, where
			}
			at, value = elementPath(at, value, i), jsonvalue.Unwrap(v.Elements()[i])
			where += "." + segment
			continue
		default:
			return at, where
		}
		value = jsonvalue.Unwrap(keys[segment])
		if isName(segment) {
			where += "." + segment
		} else {
			where += "." + position(segment, keys)
		}
	}
	return at, where
}

// stringsWith returns the paths of the strings within a value for which is returns true. The path of a key is the path
// of its object.
func stringsWith(value attr.Value, is func(text string, isKey bool) bool) (found [][]string) {
	within := func(segment string, member attr.Value) {
		for _, rest := range stringsWith(jsonvalue.Unwrap(member), is) {
			found = append(found, append([]string{segment}, rest...))
		}
	}
	var members map[string]attr.Value
	switch v := value.(type) {
	case types.String:
		if is(v.ValueString(), false) {
			return [][]string{nil}
		}
	case types.Object:
		members = v.Attributes()
	case types.Map:
		members = v.Elements()
	case interface{ Elements() []attr.Value }:
		for i, element := range v.Elements() {
			within(strconv.Itoa(i), element)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if is(name, true) {
			found = append(found, nil)
		}
		within(name, members[name])
	}
	return found
}

// position describes a key of an object without its name.
func position(key string, object map[string]attr.Value) string {
	i, found := slices.BinarySearch(slices.Sorted(maps.Keys(object)), key)
	if !found {
		return "(a key)"
	}
	return fmt.Sprintf("(key %d of %d in alphabetical order)", i+1, len(object))
}

func elementPath(at path.Path, array attr.Value, i int) path.Path {
	switch array.(type) {
	case types.List:
		return at.AtListIndex(i)
	case types.Tuple:
		return at.AtTupleIndex(i)
	}
	return at
}
