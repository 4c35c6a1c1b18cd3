package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is what an identity schema says of traits by Kratos' extension keyword "ory.sh/kratos": which of them are login
// identifiers and which are addresses to verify or to recover with.
type Schema struct {
	marks []mark

	// complete is false where the schema refers to documents that aren't loaded: then anything may be marked.
	complete bool

	// compiled is made when it is first wanted.
	compiled func() (*jsonschema.Schema, error)
	doubts   doubts
}

// mark is one occurrence of the extension keyword, at a path below the traits.
type mark struct {
	path         []step
	credentials  []string
	verification string // "email", "sms", or "" where the trait is no address to verify
	recovery     string // likewise, where it is no address to recover with
	certain      bool   // it holds for every value at the path, whatever else the traits have
}

// Parse reads an identity schema. It doesn't check that the document is a valid JSON Schema; references to other documents
// are noted, never loaded.
func Parse(document json.RawMessage) (*Schema, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		return nil, fmt.Errorf("reading identity schema: %w", err)
	}
	properties, ok := root["properties"].(map[string]any)
	if !ok || properties["traits"] == nil {
		return nil, errors.New("reading identity schema: it has no properties.traits")
	}
	s := &Schema{complete: true}
	s.doubts.of(root)
	s.compiled = sync.OnceValues(func() (*jsonschema.Schema, error) { return compile(root) })
	w := walker{root: root, schema: s}
	w.walk(properties["traits"], nil)
	return s, nil
}

// Marks says whether the trait at path, one above it or one below it is a login identifier or an address. It is true where
// the schema can't tell.
func (s *Schema) Marks(path []string) bool {
	if !s.complete {
		return true
	}
	return slices.ContainsFunc(s.marks, func(m mark) bool {
		for i := range min(len(m.path), len(path)) {
			if !m.path[i].leadsTo(path[i]) {
				return false
			}
		}
		return true
	})
}

// CredentialTypes returns the types of credentials for which the schema names a login identifier, sorted; ok is false where
// the schema can't tell them all.
func (s *Schema) CredentialTypes() (types []string, ok bool) {
	for _, m := range s.marks {
		types = append(types, m.credentials...)
	}
	slices.Sort(types)
	return slices.Compact(types), s.complete
}
