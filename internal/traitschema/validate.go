package traitschema

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/ory/jsonschema/v3"
)

// Violation is one violation of an identity schema by traits.
type Violation struct {
	// Path is the path of the violation within the traits: names of members and indexes of elements. It is empty for the
	// traits as a whole. A missing member is a violation of the object that lacks it.
	Path []string

	// Message is the requirement of the schema in the words of the server. It contains no value of the traits and no name
	// that the schema doesn't have.
	Message string

	// Hint is a sentence about a probable known mistake, such as a number that csvdecode returns as a string, or "".
	Hint string
}

// Unknown replaces a value of the traits that isn't known yet. The value can become anything, including a null member,
// which means an absent member.
var Unknown any = unknown{}

type unknown struct{}

// Validate is [Parse] and [Schema.Validate].
func Validate(document json.RawMessage, traits any) ([]Violation, error) {
	s, err := Parse(document)
	if err != nil {
		return nil, err
	}
	return s.Validate(traits)
}

// Validate returns the violations of the schema by the traits, sorted by path. The traits are decoded JSON, with
// numbers as json.Number and [Unknown] in place of unknown values. A null member counts as present.
//
// It validates like the server, and reports only violations that hold for all possible values of unknown parts and that
// every version of the server refuses.
//
// An invalid schema is an error, and so is a schema of a draft that the server doesn't support. If only the server can
// validate the traits, the error is [ErrNotCheckable], or [ErrExtremeNumber] if a number of the traits is the reason.
func (s *Schema) Validate(traits any) (violations []Violation, err error) {
	defer noPanic(&err)
	if anyLeaf(traits, isExtreme) {
		return nil, ErrExtremeNumber
	}
	compiled, err := s.compiled()
	if err != nil {
		return nil, err
	}
	// The server wraps the traits in the same way, so that keywords at the root of the document apply too.
	instance := withoutDoubts(map[string]any{"traits": traits}, s.formats)
	cost := cost{schema: s}
	if err := cost.check(s.root, instance, 0); err != nil {
		return nil, err
	}
	var broken *jsonschema.ValidationError
	if err := compiled.ValidateInterface(withoutUnknown(instance)); !errors.As(err, &broken) {
		return nil, err
	}
	sieve := sieve{root: s.root, names: s.names(), instance: instance, anyUnknown: anyLeaf(instance, isUnknown)}
	violations = sieve.certain(broken)
	for i := range violations {
		if path := violations[i].Path; len(path) > 0 {
			violations[i].Path = path[1:] // below the traits
		}
		violations[i].Hint = hint(traits, violations[i])
	}
	inOrder(violations)
	return slices.CompactFunc(violations, func(a, b Violation) bool {
		return a.Message == b.Message && slices.Equal(a.Path, b.Path)
	}), nil
}

// inOrder sorts by path and message, because the validator visits the members of objects in random order.
func inOrder(violations []Violation) {
	slices.SortFunc(violations, func(a, b Violation) int {
		return cmp.Or(slices.Compare(a.Path, b.Path), strings.Compare(a.Message, b.Message))
	})
}

func isUnknown(leaf any) bool { return leaf == Unknown }

// withoutUnknown replaces unknown values with null. The sieve removes the violations that follow from this.
func withoutUnknown(value any) any {
	return mapLeaves(value, func(leaf any) any {
		if isUnknown(leaf) {
			return nil
		}
		return leaf
	})
}

// mapLeaves returns a copy of decoded JSON in which every value that is neither object nor array is replaced.
func mapLeaves(value any, replace func(leaf any) any) any {
	switch v := value.(type) {
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = mapLeaves(member, replace)
		}
		return members
	case []any:
		elements := make([]any, len(v))
		for i, element := range v {
			elements[i] = mapLeaves(element, replace)
		}
		return elements
	}
	return replace(value)
}

// anyLeaf reports whether decoded JSON contains a matching value that is neither object nor array.
func anyLeaf(value any, is func(leaf any) bool) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			if anyLeaf(member, is) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return anyLeaf(element, is) })
	}
	return is(value)
}
