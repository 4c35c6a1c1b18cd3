package traitschema

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ory/jsonschema/v3"
)

// location is the URL under which a schema is compiled. No request is made to it.
const location = "schema:///identity.json"

const extensionKeyword = "ory.sh/kratos"

// compile prepares a schema for validation, with the same rules as the server.
func (s *Schema) compile() (compiled *jsonschema.Schema, err error) {
	defer noPanic(&err)
	if s.overBudget != nil {
		return nil, s.overBudget
	}
	if anyLeaf(s.root, isExtreme) {
		return nil, notCheckable(fmt.Sprintf("it has a number with an exponent beyond %d", maxExponent))
	}
	survey := survey{schema: s, refs: map[string]bool{}}
	if err := survey.metaschema(s.root); err != nil {
		return nil, err
	}
	if err := survey.walk(s.root); err != nil {
		return nil, err
	}
	s.formats = survey.formats
	document, err := json.Marshal(s.root)
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.LoadURL = func(_ context.Context, url string) (io.ReadCloser, error) { return nil, neverLoaded(url) }
	compiler.Extensions[extensionKeyword] = jsonschema.Extension{Compile: compileExtension, Validate: validateExtension}
	if err := compiler.AddResource(location, strings.NewReader(string(document))); err != nil {
		return nil, err
	}
	compiled, err = compiler.Compile(context.Background(), location)
	if err != nil {
		return nil, invalid(err)
	}
	s.compiler = compiler
	return compiled, nil
}

func neverLoaded(url string) error {
	return notCheckable(fmt.Sprintf("it refers to %s, and the provider never loads other documents", url))
}

// invalid says on one line why a schema can't be compiled. It uses the innermost of the nested errors.
func invalid(err error) error {
	var broken *jsonschema.SchemaError
	var reason *jsonschema.ValidationError
	if !errors.As(err, &broken) || !errors.As(broken.Err, &reason) {
		return err
	}
	for len(reason.Causes) > 0 {
		reason = reason.Causes[0]
	}
	return fmt.Errorf("it is not valid by the metaschema of its draft: at %s, %s", reason.InstancePtr, reason.Message)
}

// noPanic converts a panic to an error, because a schema of the server must not end the provider. It hides the text of
// the panic, which may contain values of the traits.
func noPanic(err *error) {
	if recover() != nil {
		*err = errors.New("the validator of the provider fails with this schema")
	}
}

// survey visits the parts of a schema that the validator compiles, each once.
type survey struct {
	schema  *Schema
	refs    map[string]bool
	formats []string
	steps   cost
}

func (s *survey) walk(node any) error {
	keywords, ok := node.(map[string]any)
	if !ok {
		return nil
	}
	if ref, ok := keywords["$ref"].(string); ok {
		return s.reference(ref)
	}
	s.note(keywords)
	if text, ok := keywords["pattern"].(string); ok {
		if _, err := s.schema.patterns.compile(text); err != nil {
			return err
		}
	}
	named, _ := keywords["patternProperties"].(map[string]any)
	for text := range named {
		if _, err := s.schema.patterns.compile(text); err != nil {
			return err
		}
	}
	for keyword, held := range keywords {
		if err := s.held(keyword, held); err != nil {
			return err
		}
	}
	return nil
}

// held visits the schemas of a keyword.
func (s *survey) held(keyword string, held any) error {
	switch v := held.(type) {
	case map[string]any:
		switch {
		case holdsSchema[keyword]:
			return s.walk(v)
		case holdsNamed[keyword] && keyword != "definitions" && keyword != "$defs":
			for _, sub := range v {
				if err := s.walk(sub); err != nil {
					return err
				}
			}
		}
	case []any:
		if holdsList[keyword] {
			return s.steps.each(v, s.walk)
		}
	}
	return nil
}

// reference visits the target of a reference, which the validator checks against the metaschema each time.
func (s *survey) reference(ref string) error {
	if s.refs[ref] {
		return nil
	}
	s.refs[ref] = true
	if !strings.HasPrefix(ref, "#") && ref != "" {
		return neverLoaded(ref)
	}
	target, found := resolve(s.schema.root, ref)
	if !found {
		return fmt.Errorf("it refers to %q, which it does not contain", ref)
	}
	if err := s.metaschema(target); err != nil {
		return err
	}
	return s.walk(target)
}

// metaschema adds the cost of the check of a part of the schema against the metaschema.
func (s *survey) metaschema(node any) error {
	if err := s.steps.spend(weight(node)); err != nil {
		return notCheckable("its parts, or the parts that its references lead to, are too large or too many")
	}
	return nil
}

// weight estimates the steps of a check against the metaschema, which compares the elements of lists with each other.
func weight(node any) int {
	const stepsPerNode = 10
	n := stepsPerNode
	switch v := node.(type) {
	case map[string]any:
		for _, member := range v {
			n += weight(member)
		}
	case []any:
		n += len(v) * len(v)
		for _, element := range v {
			n += weight(element)
		}
	}
	return n
}

// note records the formats that are asserted.
func (s *survey) note(keywords map[string]any) {
	if format, ok := keywords["format"].(string); ok {
		s.formats = append(s.formats, format)
	}
	ext, err := decodeExtension(keywords[extensionKeyword])
	if err != nil {
		return
	}
	if ext.Recovery.Via == byEmail || ext.Verification.Via == byEmail {
		s.formats = append(s.formats, "email")
	}
	if ext.isPhone() {
		s.formats = append(s.formats, "tel")
	}
}
