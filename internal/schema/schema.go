package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// anyKey stands in a path for every element of an array and every property that isn't named.
const anyKey = "*"

// Schema is what an identity schema says of traits by Kratos' extension keyword "ory.sh/kratos": which of them are login
// identifiers and which are addresses to verify or to recover with.
type Schema struct {
	marks []mark

	// complete is false where the schema refers to documents that aren't loaded: then anything may be marked.
	complete bool

	// compiled is made when it is first wanted.
	compiled func() (*jsonschema.Schema, error)
	lenient  bool
}

// mark is one occurrence of the extension keyword, at a path below the traits.
type mark struct {
	path         []string
	credentials  []string
	verification string // "email", "sms", or "" where the trait is no address to verify
	recovery     string // likewise, where it is no address to recover with
	certain      bool   // it holds for every value at the path, whatever else the traits have
}

// extension is the value of "ory.sh/kratos".
type extension struct {
	Credentials map[string]struct {
		Identifier bool `json:"identifier"`
	} `json:"credentials"`
	Verification struct {
		Via string `json:"via"`
	} `json:"verification"`
	Recovery struct {
		Via string `json:"via"`
	} `json:"recovery"`
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
	s := &Schema{complete: true, lenient: isLenient(root)}
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
			if m.path[i] != anyKey && m.path[i] != path[i] {
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

// walker collects the marks of a schema, through every keyword that holds sub-schemas.
type walker struct {
	root      map[string]any
	schema    *Schema
	refs      []string
	uncertain int // how many of the enclosing sub-schemas may not apply
}

func (w *walker) walk(node any, path []string) {
	keywords, ok := node.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := keywords["$ref"].(string); ok {
		w.reference(ref, path) // the server ignores all that stands beside it
		return
	}
	w.note(keywords["ory.sh/kratos"], path)
	w.named(keywords["properties"], path)
	w.each(keywords["allOf"], path)
	if items, ok := keywords["items"].(map[string]any); ok {
		w.walk(items, append(slices.Clip(path), anyKey))
	}
	w.uncertain++
	defer func() { w.uncertain-- }()
	if tuple, ok := keywords["items"].([]any); ok {
		w.each(tuple, append(slices.Clip(path), anyKey))
	}
	for _, keyword := range []string{"additionalItems", "additionalProperties", "contains", "prefixItems"} {
		w.each(keywords[keyword], append(slices.Clip(path), anyKey))
	}
	if patterns, ok := keywords["patternProperties"].(map[string]any); ok {
		for _, sub := range patterns {
			w.walk(sub, append(slices.Clip(path), anyKey))
		}
	}
	for _, keyword := range []string{"anyOf", "oneOf", "if", "then", "else"} {
		w.each(keywords[keyword], path)
	}
	for _, keyword := range []string{"dependencies", "dependentSchemas"} {
		if subs, ok := keywords[keyword].(map[string]any); ok {
			for _, sub := range subs {
				w.walk(sub, path)
			}
		}
	}
}

func (w *walker) named(node any, path []string) {
	if properties, ok := node.(map[string]any); ok {
		for name, sub := range properties {
			w.walk(sub, append(slices.Clip(path), name))
		}
	}
}

// each walks a sub-schema or a list of them.
func (w *walker) each(node any, path []string) {
	if list, ok := node.([]any); ok {
		for _, sub := range list {
			w.walk(sub, path)
		}
		return
	}
	w.walk(node, path)
}

func (w *walker) note(value any, path []string) {
	if value == nil {
		return
	}
	var ext extension
	raw, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(raw, &ext)
	}
	if err != nil {
		w.schema.complete = false
		return
	}
	m := mark{path: slices.Clone(path), verification: ext.Verification.Via, recovery: ext.Recovery.Via, certain: w.uncertain == 0}
	for kind, credential := range ext.Credentials {
		if credential.Identifier {
			m.credentials = append(m.credentials, kind)
		}
	}
	if len(m.credentials) > 0 || m.verification != "" || m.recovery != "" {
		w.schema.marks = append(w.schema.marks, m)
	}
}

// reference follows a reference within the document. One that leads out of it, nowhere, or in a circle makes the schema
// incomplete.
func (w *walker) reference(ref string, path []string) {
	target, found := w.resolve(ref)
	if !found || slices.Contains(w.refs, ref) {
		w.schema.complete = false
		return
	}
	w.refs = append(w.refs, ref)
	w.walk(target, path)
	w.refs = w.refs[:len(w.refs)-1]
}

func (w *walker) resolve(ref string) (node any, found bool) {
	pointer, local := strings.CutPrefix(ref, "#/")
	if !local {
		return nil, false
	}
	node = w.root
	for segment := range strings.SplitSeq(pointer, "/") {
		object, ok := node.(map[string]any)
		if !ok {
			return nil, false
		}
		if node, ok = object[jsonvalue.UnescapePointer(segment)]; !ok {
			return nil, false
		}
	}
	return node, true
}
