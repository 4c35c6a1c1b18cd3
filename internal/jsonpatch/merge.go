package jsonpatch

import (
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Merge applies the changes from base to want to current and keeps everything else of current: a person may have
// changed another trait since Terraform read the state. Objects are merged member by member; any other value is
// replaced whole.
func Merge(base, want, current any) any {
	wantObject, isObject := want.(map[string]any)
	currentObject, currentIsObject := current.(map[string]any)
	if !isObject || !currentIsObject {
		return want
	}
	baseObject, ok := base.(map[string]any)
	if !ok {
		baseObject = map[string]any{}
	}
	merged := maps.Clone(currentObject)
	for name, value := range wantObject {
		before, had := baseObject[name]
		switch {
		case had && jsonvalue.EqualPlain(before, value):
		case had && currentObject[name] != nil:
			merged[name] = Merge(before, value, currentObject[name])
		default:
			merged[name] = value
		}
	}
	for name := range baseObject {
		if _, wanted := wantObject[name]; !wanted {
			delete(merged, name)
		}
	}
	return merged
}

// Respell renames the members of value as current spells them, where two names differ in Unicode form only. Terraform
// converts names to NFC, whereas the server keeps them as they were sent: without Respell, a patch would add a second
// member.
func Respell(value, current any) any {
	object, ok := value.(map[string]any)
	currentObject, both := current.(map[string]any)
	if !ok || !both {
		return value
	}
	spellings := map[string]string{}
	for name := range currentObject {
		spellings[norm.NFC.String(name)] = name
	}
	respelled := make(map[string]any, len(object))
	for name, member := range object {
		if _, same := currentObject[name]; !same {
			if other, ok := spellings[norm.NFC.String(name)]; ok {
				name = other
			}
		}
		respelled[name] = Respell(member, currentObject[name])
	}
	return respelled
}

// Diff returns the JSON Patch operations that turn current into target. Both values are at the JSON Pointer at. The
// operations are on the deepest members that differ, so that the patch names no member that stays.
func Diff(current, target any, at string) []kratos.PatchOperation {
	if jsonvalue.EqualPlain(current, target) && !addsNull(current, target) {
		return nil
	}
	currentObject, ok := current.(map[string]any)
	targetObject, both := target.(map[string]any)
	if !ok || !both {
		return []kratos.PatchOperation{{Op: kratos.OpReplace, Path: at, Value: jsonvalue.EncodePlain(target)}}
	}
	var ops []kratos.PatchOperation
	for _, name := range slices.Sorted(maps.Keys(targetObject)) {
		pointer := at + "/" + jsonvalue.EscapePointer(name)
		if _, exists := currentObject[name]; exists {
			ops = append(ops, Diff(currentObject[name], targetObject[name], pointer)...)
		} else {
			value := jsonvalue.EncodePlain(targetObject[name])
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpAdd, Path: pointer, Value: value})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(currentObject)) {
		if _, stays := targetObject[name]; !stays && currentObject[name] != nil {
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpRemove, Path: at + "/" + jsonvalue.EscapePointer(name)})
		}
	}
	return ops
}

// addsNull reports whether target has a null member that current lacks. For an identity schema that requires the
// member, the two differ.
func addsNull(current, target any) bool {
	currentObject, ok := current.(map[string]any)
	targetObject, both := target.(map[string]any)
	if !ok || !both {
		return false
	}
	for name, value := range targetObject {
		member, exists := currentObject[name]
		if (value == nil && !exists) || addsNull(member, value) {
			return true
		}
	}
	return false
}

// AddNulls adds to value the null members of want that value lacks.
func AddNulls(value, want any) any {
	object, ok := value.(map[string]any)
	wantObject, both := want.(map[string]any)
	if !ok || !both {
		return value
	}
	filled := maps.Clone(object)
	for name, member := range wantObject {
		if there, exists := filled[name]; exists {
			filled[name] = AddNulls(there, member)
		} else if member == nil {
			filled[name] = nil
		}
	}
	return filled
}
