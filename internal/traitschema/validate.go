package traitschema

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/ory/jsonschema/v3"
)

// Violation is one way in which traits break an identity schema.
type Violation struct {
	// Path leads from the traits to what is wrong, by the names of members and the indexes of elements. It is empty for
	// the traits as a whole. A member that is missing is a violation of the object that lacks it.
	Path []string

	// Message says what the schema demands, as the server would. It never holds a value of the traits, or a name that the
	// schema doesn't have.
	Message string

	// Hint is a sentence about a known mistake of how values get into Terraform, "" where there is none to see.
	Hint string
}

// Unknown stands within traits for a value that isn't known yet. It may turn out as anything, a null member included,
// which means an absent one.
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

// Validate returns how the traits break the schema, sorted by path. The traits are decoded JSON, with numbers as
// json.Number and [Unknown] in place of what isn't known. A member that is null counts as present.
//
// It validates as the server does, and reports only what is certain: what holds whatever the unknown values turn out to
// be, and what every version of the server refuses.
//
// A schema that isn't valid itself is an error, as is one of a draft that the server doesn't know. [ErrNotCheckable] is
// the error where the server alone can tell, and [ErrExtremeNumber] where that is because of a number of the traits.
func (s *Schema) Validate(traits any) (violations []Violation, err error) {
	defer noPanic(&err)
	if anyLeaf(traits, isExtreme) {
		return nil, ErrExtremeNumber
	}
	compiled, err := s.compiled()
	if err != nil {
		return nil, err
	}
	// The server wraps the traits likewise, so that keywords at the root of the document count too.
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

// inOrder sorts by path, then by message: the validator goes through objects in no order.
func inOrder(violations []Violation) {
	slices.SortFunc(violations, func(a, b Violation) int {
		return cmp.Or(slices.Compare(a.Path, b.Path), strings.Compare(a.Message, b.Message))
	})
}

func isUnknown(leaf any) bool { return leaf == Unknown }

// withoutUnknown puts null in place of what isn't known; the sieve takes out what follows from that.
func withoutUnknown(value any) any {
	return mapLeaves(value, func(leaf any) any {
		if isUnknown(leaf) {
			return nil
		}
		return leaf
	})
}

// mapLeaves returns a copy of decoded JSON with all that is neither object nor array replaced.
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

// anyLeaf says whether what is neither object nor array, anywhere in decoded JSON, is one that is looked for.
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
