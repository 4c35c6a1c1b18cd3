package jsonpatch

import (
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Merge carries the changes from base to want over to current, and leaves alone what they don't touch: a person may have
// changed another trait since the state was read. Objects are merged member by member, all else is replaced whole.
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

// Respell gives the members of a value the names that current has for them, where they differ in nothing but Unicode form:
// Terraform turns names into NFC, the server keeps them as they came, and would take the two for two members.
func Respell(value, current any) any {
	object, ok := value.(map[string]any)
	currentObject, both := current.(map[string]any)
	if !ok || !both {
		return value
	}
	theirs := map[string]string{}
	for name := range currentObject {
		theirs[norm.NFC.String(name)] = name
	}
	spelled := make(map[string]any, len(object))
	for name, member := range object {
		if _, same := currentObject[name]; !same {
			if other, ok := theirs[norm.NFC.String(name)]; ok {
				name = other
			}
		}
		spelled[name] = Respell(member, currentObject[name])
	}
	return spelled
}

// Diff returns the JSON Patch operations that turn current into target, both at the JSON Pointer at: the fewest and the
// deepest, so that a patch names nothing that stays.
func Diff(current, target any, at string) []kratos.PatchOperation {
	if jsonvalue.EqualPlain(current, target) {
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
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpAdd, Path: pointer, Value: jsonvalue.EncodePlain(targetObject[name])})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(currentObject)) {
		if _, stays := targetObject[name]; !stays && currentObject[name] != nil {
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpRemove, Path: at + "/" + jsonvalue.EscapePointer(name)})
		}
	}
	return ops
}
