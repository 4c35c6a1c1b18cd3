package traitschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ory/jsonschema/v3"
)

// Names reports whether the schema itself has this name of a property. Any other name of a property is data, such as a
// key of a map, and may be a secret.
func (s *Schema) Names(property string) bool { return s.names()[property] }

// hiddenName replaces the name of a property that is data.
const hiddenName = "(a key)"

// shown returns a path from a depth on, without the names that are data.
func (s sieve) shown(path []string, depth int) string {
	var words []string
	for i, name := range path[depth:] {
		_, isElement := s.at(path[:depth+i]).([]any)
		if !isElement && !s.names[name] {
			name = hiddenName
		}
		words = append(words, name)
	}
	return strings.Join(words, ".")
}

// collectNames collects the names of the properties in a schema.
func collectNames(node any, into map[string]bool) {
	switch v := node.(type) {
	case map[string]any:
		properties, _ := v["properties"].(map[string]any)
		for name := range properties {
			into[name] = true
		}
		for _, member := range v {
			collectNames(member, into)
		}
	case []any:
		for _, element := range v {
			collectNames(element, into)
		}
	}
}

// shownNames bounds the names in a message about a property that the schema doesn't allow.
const shownNames = 10

// noSuchProperty is the message for a property that the schema doesn't allow, with the names that the schema has.
func (s sieve) noSuchProperty(e *jsonschema.ValidationError) string {
	holder, _ := resolve(s.root, strings.TrimSuffix(e.SchemaPtr, "/additionalProperties"))
	keywords, _ := holder.(map[string]any)
	properties, _ := keywords["properties"].(map[string]any)
	if len(properties) == 0 {
		return NoSuchProperty
	}
	more := ""
	names := slices.Sorted(maps.Keys(properties))
	if len(names) > shownNames {
		names, more = names[:shownNames], fmt.Sprintf(" and %d more", len(names)-shownNames)
	}
	quoted := make([]any, 0, len(names))
	for _, name := range names {
		quoted = append(quoted, name)
	}
	return NoSuchProperty + "; it has " + list(quoted) + more
}
