package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// encodeJSON returns the JSON of a dynamic attribute, nil for null and for what isn't known and isn't configured. Null
// members are absent, except those that keep chooses.
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
			"Value not known",
			"A part of the attribute "+at.String()+" isn't known at apply: "+err.Error()+
				". Please report this to the provider's developers.",
		)
	} else {
		text := fmt.Sprintf("The attribute %s can't be written as JSON: %s.", at, err)
		diags.AddAttributeError(at, "Value is no JSON", text)
	}
	return nil
}

// plainBefore returns the JSON of a value of the state. Where it means the same as the plan's, it has the order of the
// plan's: a set in the plan and a list in the state, as after an import, are no difference to be sent.
func plainBefore(at path.Path, plan, state types.Dynamic, keep jsonvalue.Keep, diags *diag.Diagnostics) any {
	raw := encodeJSON(at, state, keep, diags)
	if aligned, err := jsonvalue.AlignDynamic(plan, raw); err == nil {
		raw = encodeJSON(at, aligned, keep, diags)
	}
	return jsonvalue.Plain(raw)
}

// align returns the server's JSON as a value, in the representation of the prior value where both mean the same.
func align(at path.Path, prior types.Dynamic, raw []byte, diags *diag.Diagnostics) types.Dynamic {
	value, err := jsonvalue.AlignDynamic(prior, raw)
	if err == nil {
		return value
	}
	// A person may have put a number or a nesting there that Terraform can't hold. That must not keep everybody else from
	// being planned: it is shown as text, which is drift, and the next apply puts it right.
	diags.AddAttributeWarning(
		at,
		"Value can't be represented",
		"The server's value of "+at.String()+" is shown as JSON text, because "+
			"Terraform can't hold it: "+err.Error()+".",
	)
	return types.DynamicValue(types.StringValue(string(raw)))
}

// members returns the members of an object or a map that aren't null: null means absent.
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

// isNull tells whether a value is null, a dynamic one by what it holds.
func isNull(value attr.Value) bool {
	if dynamic, ok := value.(types.Dynamic); ok {
		return dynamic.IsNull() || dynamic.IsUnderlyingValueNull()
	}
	return value == nil || value.IsNull()
}

// segments splits a JSON Pointer. The server writes it as the fragment of a URL (RFC 6901, section 6).
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

// traitPath returns the attribute path of the trait that the segments lead to from the traits, its name in words, and
// its value. It ends where the configuration has nothing deeper.
func traitPath(traits types.Dynamic, segments []string) (path.Path, string, attr.Value) {
	at, where := path.Root("traits"), "traits"
	value := jsonvalue.Unwrap(traits)
	for _, segment := range segments {
		where += "." + segment
		switch v := value.(type) {
		case types.Object:
			at, value = at.AtName(segment), jsonvalue.Unwrap(v.Attributes()[segment])
		case types.Map:
			at, value = at.AtMapKey(segment), jsonvalue.Unwrap(v.Elements()[segment])
		case interface{ Elements() []attr.Value }:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v.Elements()) {
				return at, where, value
			}
			at, value = elementPath(at, value, i), jsonvalue.Unwrap(v.Elements()[i])
		default:
			return at, where, value
		}
	}
	return at, where, value
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
