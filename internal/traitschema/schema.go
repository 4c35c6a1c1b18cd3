package traitschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/ory/jsonschema/v3"
)

// Schema is an identity schema. Kratos' extension keyword "ory.sh/kratos" marks the traits that are login identifiers,
// verifiable addresses and recovery addresses.
type Schema struct {
	marks []mark

	// gap says why the marks of the schema are not completely known, empty if they are. With a gap any trait may be
	// marked.
	gap string

	// remedy is the remedy for the gap.
	remedy string

	// root is the document, nil if it exceeds the budget.
	root       map[string]any
	overBudget error
	patterns   patterns

	// compiled is set at its first use, together with formats, the formats that the schema asserts anywhere.
	compiled func() (*jsonschema.Schema, error)
	formats  []string

	names func() map[string]bool // of the properties, collected when they are first wanted

	compiling sync.Mutex // guards compiler
	compiler  *jsonschema.Compiler

	nulls sync.Map // path of a member to whether it is to be null, see AllowsNull
}

// mark is one occurrence of the extension keyword, at a path below the traits.
type mark struct {
	path         []step
	credentials  []credential
	verification string // "email", "sms", or "" where the trait is no address to verify
	recovery     string // likewise, where it is no address to recover with
	phone        bool   // the server takes it for a phone number
	certain      bool   // it holds for every value at the path, whatever else the traits have
}

// credential is a type of credential for which a trait is a login identifier. If it receives codes, it has their via.
type credential struct {
	kind, via string
}

// Parse reads an identity schema. It doesn't check that the document is a valid JSON Schema. It records references to
// other documents and doesn't load them.
func Parse(document json.RawMessage) (*Schema, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		return nil, fmt.Errorf("reading identity schema: %w", plainly(err))
	}
	properties, ok := root["properties"].(map[string]any)
	if !ok || properties["traits"] == nil {
		return nil, errors.New("reading identity schema: it has no properties.traits")
	}
	s := &Schema{}
	s.compiled = sync.OnceValues(s.compile)
	s.names = sync.OnceValue(func() map[string]bool {
		names := map[string]bool{}
		collectNames(s.root, names)
		return names
	})
	switch {
	case len(document) > maxDocument:
		s.overBudget = notCheckable(fmt.Sprintf("it has more than %d kB", maxDocument>>10))
	case isDeep(root, maxDepth):
		s.overBudget = tooDeep("it is nested")
	default:
		s.root = root
	}
	w := walker{root: root, schema: s}
	w.walk(properties["traits"], nil)
	if w.nodes > maxMarkedNodes {
		s.marks = nil // which of them were found is chance
	}
	return s, nil
}

// plainly explains to users why a document can't be decoded as an object.
func plainly(err error) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON is incomplete")
	case errors.As(err, &wrongType):
		return fmt.Errorf("it must be a JSON object, but is of type %s", wrongType.Value)
	}
	return fmt.Errorf("it is not JSON: %w", err)
}

// Gap says why the marks of the schema are not completely known, as a clause such as "the identity schema refers to
// ...". It is empty if they are known.
func (s *Schema) Gap() string { return s.gap }

// Remedy returns the remedy for the gap, as a sentence without its full stop.
func (s *Schema) Remedy() string { return s.remedy }

// addGap records a gap. Of several gaps it always keeps the same one.
func (s *Schema) addGap(remedy, format string, values ...any) {
	if gap := "the identity schema " + fmt.Sprintf(format, values...); s.gap == "" || gap < s.gap {
		s.gap, s.remedy = gap, remedy
	}
}

// Marks reports whether the trait at path, or a trait above or below it, is a login identifier or an address. It
// returns true if the schema doesn't show it.
func (s *Schema) Marks(path []string) bool {
	if s.gap != "" {
		return true
	}
	return slices.ContainsFunc(s.marks, func(m mark) bool { return m.leadsAlong(path) })
}

// leadsAlong reports whether the mark is on the path, above it or below it.
func (m mark) leadsAlong(path []string) bool {
	for i := range min(len(m.path), len(path)) {
		if !m.path[i].leadsTo(path[i]) {
			return false
		}
	}
	return true
}

// isAt reports whether the mark is exactly at the path.
func (m mark) isAt(path []string) bool { return len(m.path) == len(path) && m.leadsAlong(path) }

func (m mark) isEmail() bool {
	return m.verification == byEmail || m.recovery == byEmail ||
		slices.ContainsFunc(m.credentials, func(c credential) bool { return c.via == byEmail })
}

// CredentialTypes returns the sorted types of credential for which the schema has a login identifier. ok is false if
// the schema doesn't show all of them.
func (s *Schema) CredentialTypes() (types []string, ok bool) {
	for _, m := range s.marks {
		for _, login := range m.credentials {
			types = append(types, login.kind)
		}
	}
	slices.Sort(types)
	return slices.Compact(types), s.gap == ""
}
