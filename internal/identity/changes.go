package identity

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// isASCII reports whether a value contains no characters outside ASCII. Values that are not text contain none.
func isASCII(value attr.Value) bool {
	text, ok := value.(types.String)
	return !ok || !strings.ContainsFunc(text.ValueString(), func(r rune) bool { return r > unicode.MaxASCII })
}

// eachChange calls visit for every place where two values differ, and descends as long as both values are objects. A
// value that is absent on one side is nil on that side.
func eachChange(before, after attr.Value, at []string, visit func(at []string, before, after attr.Value)) {
	before, after = jsonvalue.Unwrap(before), jsonvalue.Unwrap(after)
	old, isObject := members(before)
	current, both := members(after)
	if !isObject || !both {
		if before == nil || after == nil || !jsonvalue.Equal(before, after) {
			visit(at, before, after)
		}
		return
	}
	names := slices.Sorted(maps.Keys(old))
	for name := range current {
		if _, ok := old[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		eachChange(old[name], current[name], append(slices.Clip(at), name), visit)
	}
}

// texts returns every string and number within a value as text.
func texts(value attr.Value) []string {
	if object, ok := members(value); ok {
		var all []string
		for _, member := range object {
			all = append(all, texts(member)...)
		}
		return all
	}
	switch v := jsonvalue.Unwrap(value).(type) {
	case types.String:
		if v.ValueString() != "" {
			return []string{v.ValueString()}
		}
	case types.Number:
		if !v.IsNull() && !v.IsUnknown() {
			return []string{v.ValueBigFloat().Text('f', -1)}
		}
	case interface{ Elements() []attr.Value }:
		var all []string
		for _, element := range v.Elements() {
			all = append(all, texts(element)...)
		}
		return all
	}
	return nil
}

func isScalar(value attr.Value) bool {
	switch value.(type) {
	case types.String, types.Number, types.Bool:
		return true
	}
	return false
}
