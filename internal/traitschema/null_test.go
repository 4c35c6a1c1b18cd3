package traitschema_test

import (
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func TestAllowsNull(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{
		"required": ["nick", "text", "mail", "any", "refused", "referred", "patterned", "only"],
		"properties": {
			"nick": {"type": ["string", "null"]},
			"optional": {"type": ["string", "null"]},
			"text": {"type": "string"},
			"mail": {"type": ["string", "null"], "format": "email"},
			"any": {},
			"refused": {"allOf": [{"type": ["string", "null"]}, {"not": {"type": "null"}}]},
			"referred": {"$ref": "#/definitions/a~1b%25"},
			"only": {"anyOf": [{"type": "string"}, {"const": null}]},
			"name": {"allOf": [{"required": ["first"]}, {"properties": {"first": {"enum": ["Ada", null]}}}]},
			"list": {"items": {"required": ["x"], "additionalProperties": {"type": ["null", "number"]}}},
			"tuple": {"items": [{}, {"required": ["x"]}], "additionalItems": {"required": ["x"], "properties": {"x": false}}},
			"condition": {"if": {}, "then": {"required": ["x"]}}
		},
		"patternProperties": {"^patt": {"type": "null"}, "^nick$": true}}`, `, "definitions": {"a/b%": {"type": "null"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"nick": true, "any": true, "referred": true, "patterned": true, "only": true, "name/first": true, "list/0/x": true, "tuple/1/x": true,
		"optional": false, "text": false, "mail": false, "refused": false, "none": false, "name": false, "name/last": false, "tuple/0/x": false,
		"tuple/2/x": false, "condition/x": false, "": false,
	} {
		for range 2 { // the second answer is remembered
			if got := s.AllowsNull(strings.Split(path, "/")); got != want {
				t.Errorf("%s: %v", path, got)
			}
		}
	}
}

// The null that the schema wants counts as there, and one that it doesn't take is refused, as by the server.
func TestValidate_null(t *testing.T) {
	t.Parallel()
	nick := document(
		`{"required": ["nick"], "properties": {"nick": {"type": ["string", "null"]}, "name": {"type": "string"}}}`,
		"",
	)
	for traits, broken := range map[string]bool{`{"nick":null}`: false, `{}`: true, `{"nick":null,"name":null}`: true} {
		violations, err := traitschema.Validate(nick, decode(t, traits))
		if err != nil || len(violations) > 0 != broken {
			t.Errorf("%s: %v, %v", traits, violations, err)
		}
	}
}

// No schema is too hostile for the question.
func TestAllowsNull_budget(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a circle":  `{"$ref": "#/definitions/a"}`,
		"elsewhere": `{"$ref": "https://schemas.example.org/x.json"}`,
		"invalid":   `{"type": 7}`,
	} {
		s, err := traitschema.Parse(document(text, `, "definitions": {"a": {"$ref": "#/definitions/a"}}`))
		if err != nil {
			t.Fatal(err)
		}
		if s.AllowsNull([]string{"a"}) {
			t.Errorf("%s: allowed", name)
		}
	}
	s, err := traitschema.Parse(doubled("allOf", 30))
	if err != nil || s.AllowsNull([]string{"a", "b"}) {
		t.Errorf("doubled: %v", err)
	}
}
