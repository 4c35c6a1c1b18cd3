package traitschema_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

const identifier = `"ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}`

func document(traits, rest string) json.RawMessage {
	return json.RawMessage(`{"type": "object", "properties": {"traits": ` + traits + `}` + rest + `}`)
}

func TestMarks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		traits, rest string
		marked       []string
		unmarked     []string
	}{
		"property": {
			traits:   `{"properties": {"email": {` + identifier + `}, "name": {"properties": {"first": {"type": "string"}}}}}`,
			marked:   []string{"email", "email/below"},
			unmarked: []string{"name", "name/first", "other"},
		},
		"nested, seen from above": {
			traits:   `{"properties": {"contact": {"properties": {"email": {` + identifier + `}, "note": {}}}}}`,
			marked:   []string{"contact", "contact/email"},
			unmarked: []string{"contact/note"},
		},
		"items of an array": {
			traits:   `{"properties": {"emails": {"items": {` + identifier + `}}, "tags": {"items": {"type": "string"}}}}`,
			marked:   []string{"emails", "emails/0", "emails/17"},
			unmarked: []string{"tags", "tags/0"},
		},
		"properties without a name": {
			traits:   `{"properties": {"byKind": {"additionalProperties": {` + identifier + `}}}}`,
			marked:   []string{"byKind", "byKind/work"},
			unmarked: []string{"x"},
		},
		"patterns": {
			traits:   `{"patternProperties": {"^mail": {` + identifier + `}}}`,
			marked:   []string{"mail1", "mail"},
			unmarked: []string{"anything"},
		},
		"all other properties": {
			traits:   `{"properties": {"note": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": {` + identifier + `}}`,
			marked:   []string{"anything"},
			unmarked: []string{"note", "x-note"},
		},
		"elements at an index, and all others": {
			traits:   `{"properties": {"a": {"items": [{}, {` + identifier + `}], "additionalItems": {` + identifier + `}}, "b": {"items": [{}], "additionalItems": false}}}`,
			marked:   []string{"a/1", "a/2", "a"},
			unmarked: []string{"a/0", "b/0", "b/1"},
		},
		"a pattern that is none: anything may be marked": {
			traits: `{"patternProperties": {"(": {}}}`,
			marked: []string{"a"},
		},
		"combined": {
			traits:   `{"allOf": [{"properties": {"a": {` + identifier + `}}}, {"if": {}, "then": {"properties": {"b": {"ory.sh/kratos": {"verification": {"via": "email"}}}}}}]}`,
			marked:   []string{"a", "b"},
			unmarked: []string{"c"},
		},
		"local reference": {
			traits:   `{"properties": {"a": {"$ref": "#/definitions/mail~1address"}, "b": {}}}`,
			rest:     `, "definitions": {"mail/address": {"ory.sh/kratos": {"recovery": {"via": "email"}}}}`,
			marked:   []string{"a"},
			unmarked: []string{"b"},
		},
		"beside a reference": {
			traits:   `{"properties": {"a": {"$ref": "#/definitions/plain", ` + identifier + `}}}`,
			rest:     `, "definitions": {"plain": {"type": "string"}}`,
			unmarked: []string{"a"},
		},
		"reference elsewhere: anything may be marked": {
			traits: `{"properties": {"a": {"$ref": "https://schemas.example.org/mail.json"}, "b": {}}}`,
			marked: []string{"a", "b", "c/d"},
		},
		"reference in a circle": {
			traits: `{"properties": {"a": {"$ref": "#/properties/traits"}}}`,
			marked: []string{"a", "b"},
		},
		"reference to nothing": {
			traits: `{"properties": {"a": {"$ref": "#/definitions/nope"}}}`,
			marked: []string{"a"},
		},
		"no identifier after all": {
			traits:   `{"properties": {"a": {"ory.sh/kratos": {"credentials": {"totp": {"account_name": true}}}}}}`,
			unmarked: []string{"a"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := traitschema.Parse(document(test.traits, test.rest))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range test.marked {
				if !s.Marks(strings.Split(path, "/")) {
					t.Errorf("%s isn't marked", path)
				}
			}
			for _, path := range test.unmarked {
				if s.Marks(strings.Split(path, "/")) {
					t.Errorf("%s is marked", path)
				}
			}
		})
	}
}

// Each way not to know everything is told as what it is.
func TestGap(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ traits, want, remedy string }{
		"none":             {`{"properties": {"a": {"$ref": "#/definitions/plain"}}}`, "", ""},
		"another document": {`{"$ref": "other.json"}`, `refers to "other.json", another document`, "into the document itself"},
		"nothing":          {`{"$ref": "#/definitions/none"}`, `refers to "#/definitions/none", which it does not contain`, "under definitions"},
		"an anchor":        {`{"$ref": "#plain"}`, `refers to "#plain", which it does not contain`, "as in #/definitions/"},
		"a circle":         {`{"properties": {"a": {"$ref": "#/properties/traits"}}}`, `refers to "#/properties/traits" in a circle`, "without a reference"},
		"the root":         {`{"properties": {"a": {"$ref": "#"}}}`, `in a circle`, "without a reference"},
		"a pattern":        {`{"patternProperties": {"(": {}}}`, `has the pattern "(", which is not a regular expression`, "Correct the pattern"},
		"an extension":     {`{"ory.sh/kratos": {"credentials": 7}}`, `has an invalid "ory.sh/kratos"`, "Correct it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := traitschema.Parse(document(test.traits, `, "definitions": {"plain": {}}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Gap(); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got := s.Remedy(); (got == "") != (test.remedy == "") || !strings.Contains(got, test.remedy) {
				t.Errorf("remedy %q, want %q", got, test.remedy)
			}
		})
	}
}

// What can't be a schema is told in plain words.
func TestParseOfNoSchema(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "it is empty", " \n": "it is empty", "[]": "a JSON object, but is of type array", `"x"`: "a JSON object, but is of type string",
		"{": "incomplete", "schema.json": "it is not JSON", "null": "no properties.traits", "{}": "no properties.traits",
	} {
		if _, err := traitschema.Parse(json.RawMessage(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// References that multiply from level to level are given up, and quickly.
func TestParseBoundsTheWalk(t *testing.T) {
	t.Parallel()
	const levels = 30
	definitions := `"l` + strconv.Itoa(levels) + `": {` + identifier + `}`
	for i := range levels {
		next := `{"$ref": "#/definitions/l` + strconv.Itoa(i+1) + `"}`
		definitions += `, "l` + strconv.Itoa(i) + `": {"properties": {"a": ` + next + `, "b": ` + next + `}}`
	}
	began := time.Now()
	s, err := traitschema.Parse(document(`{"$ref": "#/definitions/l0"}`, `, "definitions": {`+definitions+`}`))
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if !strings.Contains(s.Gap(), "more than 10000 places") || !s.Marks([]string{"anything"}) || len(s.MarkedTraits().Login) > 0 {
		t.Errorf("gap %q, marked %v", s.Gap(), s.MarkedTraits())
	}
}

func TestCredentialTypes(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {
		"email": {"ory.sh/kratos": {"credentials": {"password": {"identifier": true}, "code": {"identifier": true, "via": "email"}}}},
		"login": {`+identifier+`},
		"other": {"ory.sh/kratos": {"credentials": {"webauthn": {"identifier": false}}, "recovery": {"via": "email"}}}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	types, ok := s.CredentialTypes()
	if !ok || !slices.Equal(types, []string{"code", "password"}) {
		t.Errorf("got %v, %v", types, ok)
	}
}

func TestParseRefusesWhatIsNoIdentitySchema(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{``, `[]`, `{}`, `{"properties": {"email": {}}}`, `{"properties"`} {
		if _, err := traitschema.Parse(json.RawMessage(bad)); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
