package traitschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Violation is one way in which traits break an identity schema.
type Violation struct {
	// Path leads from the traits to what is wrong, by the names of members and the indexes of elements. It is empty for the
	// traits as a whole. A member that is missing is a violation of the object that lacks it.
	Path []string

	// Message says what the schema demands, as the server would. It never holds a value of the traits.
	Message string
}

// Unknown stands within traits for a value that isn't known yet. It may turn out as anything, a null member included, which
// means an absent one.
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

// Validate returns how the traits break the schema, sorted by path. The traits are decoded JSON, with numbers as json.Number
// and [Unknown] in place of what isn't known.
//
// It reports only what is certain: what holds whatever the unknown values turn out to be, and what the server, which
// validates by github.com/ory/jsonschema, refuses too. So some of what the server refuses is missing: formats such as tel are
// not checked, nor is what the keyword ory.sh/kratos implies.
//
// A schema that can't be checked is an error: one that isn't valid itself, is of a draft that the server doesn't know, has a number
// of an extreme exponent, or refers to other documents, which are never loaded. Traits with such a number are [ErrExtremeNumber].
func (s *Schema) Validate(traits any) (violations []Violation, err error) {
	defer noPanic(&err)
	if hasExtreme(traits) {
		return nil, ErrExtremeNumber
	}
	compiled, err := s.compiled()
	if err != nil {
		return nil, err
	}
	// The server wraps the traits likewise, so that keywords at the root of the document count too.
	instance := map[string]any{"traits": traits}
	var broken *jsonschema.ValidationError
	if err := compiled.Validate(withoutUnknown(instance)); !errors.As(err, &broken) {
		return nil, err
	}
	sieve := sieve{instance: instance, anyUnknown: hasUnknown(instance), doubtful: s.doubts.about(instance)}
	violations = sieve.certain(broken)
	for i := range violations {
		if path := violations[i].Path; len(path) > 0 {
			violations[i].Path = path[1:] // below the traits
		}
	}
	slices.SortFunc(violations, func(a, b Violation) int {
		if byPath := slices.Compare(a.Path, b.Path); byPath != 0 {
			return byPath
		}
		return strings.Compare(a.Message, b.Message)
	})
	return slices.CompactFunc(violations, func(a, b Violation) bool {
		return a.Message == b.Message && slices.Equal(a.Path, b.Path)
	}), nil
}

// withoutUnknown puts null in place of what isn't known; the sieve takes out what follows from that.
func withoutUnknown(value any) any {
	switch v := value.(type) {
	case unknown:
		return nil
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = withoutUnknown(member)
		}
		return members
	case []any:
		elements := make([]any, len(v))
		for i, element := range v {
			elements[i] = withoutUnknown(element)
		}
		return elements
	}
	return value
}

func hasUnknown(value any) bool {
	return hasLeaf(value, func(leaf any) bool {
		_, ok := leaf.(unknown)
		return ok
	})
}

// hasLeaf says whether what is neither object nor array, anywhere in decoded JSON, is one that is looked for.
func hasLeaf(value any, is func(leaf any) bool) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			if hasLeaf(member, is) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return hasLeaf(element, is) })
	}
	return is(value)
}

// location is where a schema is compiled from; it leads nowhere.
const location = "schema:///identity.json"

// compile prepares a schema for validation as the server does: the draft is the root's, by default draft-07. The root's own id
// only gives a name to what it holds, so it goes, and with it the means to mistake another document for this one.
func compile(root map[string]any) (compiled *jsonschema.Schema, err error) {
	defer noPanic(&err)
	if hasExtreme(root) {
		return nil, fmt.Errorf("it has a number with an exponent beyond %d", maxExponent)
	}
	draft, err := draftOf(root)
	if err != nil {
		return nil, err
	}
	document := make(map[string]any, len(root))
	for keyword, value := range root {
		if !isIdentification(keyword, value, true) {
			document[keyword] = value
		}
	}
	document, _ = withoutIgnored(document).(map[string]any)
	if identifiesParts(document, draft == jsonschema.Draft4) {
		return nil, errors.New("it has parts with an $id or $schema of their own")
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(draft)
	compiler.UseLoader(noLoader{})
	for _, format := range formats() {
		compiler.RegisterFormat(format)
	}
	if err := compiler.AddResource(location, document); err != nil {
		return nil, err
	}
	return compiler.Compile(location)
}

func draftOf(root map[string]any) (*jsonschema.Draft, error) {
	name, ok := root["$schema"]
	if !ok {
		return jsonschema.Draft7, nil
	}
	switch name {
	case "http://json-schema.org/schema#", "http://json-schema.org/draft-07/schema#":
		return jsonschema.Draft7, nil
	case "http://json-schema.org/draft-06/schema#":
		return jsonschema.Draft6, nil
	case "http://json-schema.org/draft-04/schema#":
		return jsonschema.Draft4, nil
	}
	return nil, fmt.Errorf("the server doesn't know its $schema %v", name)
}

// isIdentification tells keywords by which parts of a schema are known from properties of that name.
func isIdentification(keyword string, value any, draft4 bool) bool {
	_, isText := value.(string)
	return isText && (keyword == "$id" || keyword == "$schema" || keyword == "id" && draft4)
}

// identifiesParts says whether a part of a schema has an id, against which the server and the JSON Schema specification
// resolve references differently.
func identifiesParts(value any, draft4 bool) bool {
	switch v := value.(type) {
	case map[string]any:
		for keyword, member := range v {
			if isIdentification(keyword, member, draft4) || identifiesParts(member, draft4) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(element any) bool { return identifiesParts(element, draft4) })
	}
	return false
}

// noLoader refuses to load anything.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("it refers to %s, and other documents are never loaded", url)
}
