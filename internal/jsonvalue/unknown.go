package jsonvalue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// UnknownError reports that a value can't become JSON because part of it isn't known yet.
type UnknownError struct {
	// Path leads from the encoded value to the first unknown value. It is empty if the encoded value itself is unknown.
	Path path.Path
}

// Error names the unknown value in the notation of HCL. It doesn't show the elements of sets, which may be sensitive.
func (e *UnknownError) Error() string {
	var name strings.Builder
	for _, step := range e.Path.Steps() {
		switch s := step.(type) {
		case path.PathStepAttributeName:
			if name.Len() > 0 {
				name.WriteByte('.')
			}
			name.WriteString(string(s))
		case path.PathStepElementKeyInt:
			fmt.Fprintf(&name, "[%d]", int64(s))
		case path.PathStepElementKeyString:
			fmt.Fprintf(&name, "[%q]", string(s))
		default:
			name.WriteString("[*]")
		}
	}
	if name.Len() == 0 {
		return "the value is not known yet"
	}
	return name.String() + " is not known yet"
}

// HasUnknown reports whether v is unknown or contains an unknown value.
func HasUnknown(v attr.Value) bool {
	_, found := findUnknown(v)
	return found
}

// unknownPath returns the path to the first unknown value within v, in the order of names and indexes.
func unknownPath(v attr.Value) (path.Path, bool) {
	steps, found := findUnknown(v)
	at := path.Empty()
	for _, step := range slices.Backward(steps) {
		at = step(at)
	}
	return at, found
}

type step func(path.Path) path.Path

// findUnknown returns the last step first: it collects the steps on the way back, so that a value without unknown
// values allocates no paths.
func findUnknown(v attr.Value) (steps []step, found bool) {
	seen, err := look(v)
	if err != nil {
		return nil, false
	}
	if seen.kind == unknown {
		return nil, true
	}
	for i, item := range seen.items {
		if steps, found = findUnknown(item); found {
			return append(steps, atItem(seen, i)), true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen.members)) {
		if steps, found = findUnknown(seen.members[name]); found {
			return append(steps, atMember(seen, name)), true
		}
	}
	return nil, false
}

func atItem(in view, i int) step {
	if in.set {
		return func(p path.Path) path.Path { return p.AtSetValue(in.items[i]) }
	}
	return func(p path.Path) path.Path { return p.AtListIndex(i) }
}

func atMember(in view, name string) step {
	if in.elem != nil {
		return func(p path.Path) path.Path { return p.AtMapKey(name) }
	}
	return func(p path.Path) path.Path { return p.AtName(name) }
}
