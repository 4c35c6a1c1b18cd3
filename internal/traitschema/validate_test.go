package traitschema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func TestValidateSamples(t *testing.T) {
	t.Parallel()
	schemas := parsed(t)
	for _, s := range samples {
		t.Run(s.schema+" "+s.traits, func(t *testing.T) {
			t.Parallel()
			violations, err := schemas[s.schema].Validate(decode(t, s.traits))
			if err != nil {
				t.Fatal(err)
			}
			if got := len(violations) > 0; got != (s.want == refused) {
				t.Errorf("violations: %v", violations)
			}
		})
	}
}

// What is reported while something isn't known must hold in the end: with a part of valid traits put out of sight, and
// with something unknown put into each of their objects, which may be absent in the end, there is nothing to report.
func TestValidateUnknownIsSound(t *testing.T) {
	t.Parallel()
	schemas := parsed(t)
	for _, s := range samples {
		if s.want == refused {
			continue
		}
		traits := decode(t, s.traits)
		for description, hidden := range withOneUnknown(traits) {
			violations, err := schemas[s.schema].Validate(hidden)
			if err != nil {
				t.Fatal(err)
			}
			if len(violations) > 0 {
				t.Errorf("%s %s with %s unknown: %v", s.schema, s.traits, description, violations)
			}
		}
	}
}

// withOneUnknown returns copies of a value, each with one thing in it unknown.
func withOneUnknown(value any) map[string]any {
	all := map[string]any{"all": traitschema.Unknown}
	switch v := value.(type) {
	case map[string]any:
		all["a new member"] = with(v, "unheard of", traitschema.Unknown)
		for name, member := range v {
			for description, hidden := range withOneUnknown(member) {
				all[name+"/"+description] = with(v, name, hidden)
			}
		}
	case []any:
		for i, element := range v {
			for description, hidden := range withOneUnknown(element) {
				copied := append([]any(nil), v...)
				copied[i] = hidden
				all[fmt.Sprint(i)+"/"+description] = copied
			}
		}
	}
	return all
}

func with(object map[string]any, name string, member any) map[string]any {
	copied := map[string]any{name: member}
	for other, value := range object {
		if other != name {
			copied[other] = value
		}
	}
	return copied
}

// unknown stands for traitschema.Unknown in the traits of a test.
const unknownText = `"?"`

func TestValidateReports(t *testing.T) {
	t.Parallel()
	schemas := parsed(t)
	tests := map[string]struct {
		schema, traits string
		want           []string // "path: message"
	}{
		"several, in order": {
			"email", `{"email":"ada","name":{"first":1,"last":2},"zzz":true}`,
			[]string{
				`email: the value is not valid "email"`,
				`name.first: expected string, but got number`,
				`name.last: expected string, but got number`,
				`zzz: the schema has no property with this name; it has "email", "name"`,
			},
		},
		"missing": {"email", `{}`, []string{`: missing properties: "email"`}},
		"in an array": {
			"username",
			`{"username":"ada","tags":["a",1]}`,
			[]string{`tags.1: expected string, but got number`},
		},
		"the traits themselves": {"email", `7`, []string{`: expected object, but got number`}},
		"of a schema": {
			"keywords",
			`{"role":"root","level":0}`,
			[]string{`level: must be >= 1`, `role: value must be one of "admin", "staff", 7, null`},
		},
		"a fraction": {"keywords", `{"price":1.8}`, []string{`price: must be a multiple of 0.25`}},
		"through a reference": {
			"composed",
			`{"tree":{"children":[{"label":7}]}}`,
			[]string{`tree.children.0.label: expected string, but got number`},
		},
		"alternatives": {
			"composed",
			`{"contact":{"fax":"1"}}`,
			[]string{
				`contact: matches none of the alternatives: (1) expected string, but got object; (2) missing properties: "phone"`,
			},
		},
		"several alternatives": {
			"composed",
			`{"plan":{"tier":"free","seats":3}}`,
			[]string{`plan: matches several alternatives (oneOf): at indexes 0 and 1`},
		},
		"a condition": {"composed", `{"country":"US"}`, []string{`: missing properties: "state"`}},
		"a dependency": {
			"composed",
			`{"card":"1"}`,
			[]string{`: missing properties: "billing", which are required because "card" is present`},
		},
		"a name": {
			"keywords",
			`{"labels":{"A":"x"}}`,
			[]string{`labels.A: the name of this property: does not match pattern "^[a-z]+$"`},
		},
		"unknown beside": {
			"email",
			`{"email":?,"name":{"first":1,"last":?}}`,
			[]string{`name.first: expected string, but got number`},
		},
		"missing beside unknown": {"email", `{"name":?}`, []string{`: missing properties: "email"`}},
		"additional, but unknown": {
			"email",
			`{"email":"ada@example.org","zzz":?,"yyy":{"x":?}}`,
			[]string{`yyy: the schema has no property with this name; it has "email", "name"`},
		},
		"unknown elements": {
			"keywords",
			`{"tags":[?,?,?,?]}`,
			[]string{`tags: maximum 3 items allowed, but found 4 items`},
		},
		"unknown in a condition": {"composed", `{"country":?,"state":"Bayern"}`, nil},
		"no alternative anyhow": {
			"composed",
			`{"contact":{"fax":?}}`,
			[]string{
				`contact: matches none of the alternatives: (1) expected string, but got object; (2) missing properties: "phone"`,
			},
		},
		"perhaps an alternative": {"composed", `{"contact":{"phone":?}}`, nil},
		"perhaps one item":       {"keywords", `{"team":[7,?]}`, nil},
		"certainly no item": {
			"keywords",
			`{"team":[7,{"name":?}]}`,
			[]string{`team: no item matches the schema of contains`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			traits := putUnknown(decode(t, strings.ReplaceAll(test.traits, "?", unknownText)))
			violations, err := schemas[test.schema].Validate(traits)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range violations {
				got = append(got, strings.Join(v.Path, ".")+": "+v.Message)
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func putUnknown(value any) any {
	switch v := value.(type) {
	case string:
		if v == "?" {
			return traitschema.Unknown
		}
	case map[string]any:
		for name, member := range v {
			v[name] = putUnknown(member)
		}
	case []any:
		for i, element := range v {
			v[i] = putUnknown(element)
		}
	}
	return value
}

// Versions of the standard library differ about these, so that the server's may take them, or not.
func TestValidateLeavesDoubtfulTextsToTheServer(t *testing.T) {
	t.Parallel()
	document := json.RawMessage(`{"properties":{"traits":{"properties":{"uri":{"format":"uri"},"email":{"format":"email"},
		"no":{"not":{"anyOf":[{"format":"uri"},{"format":"email"}]}}}}}}`)
	for text, at := range map[string]string{
		`http://[::1]/`: "uri", `http://[zone/`: "uri", `http://a:b:c/d`: "uri", `http://ada@localhost:80:80`: "uri", `http://[fe80::1%25en0]:80/`: "uri",
		`"ada l"@example.org`: "email", `<ada@example.org`: "email",
	} {
		for _, traits := range []map[string]any{{at: text}, {"no": text}} {
			if violations, err := traitschema.Validate(document, traits); err != nil || len(violations) > 0 {
				t.Errorf("%v: %v, %v", traits, violations, err)
			}
		}
	}
	for _, traits := range []map[string]any{
		{"uri": "//[::1]/"}, {"uri": "http://exa mple.org:80/"}, {"uri": "http://ada@ex:x@ample.org\x00"}, {"no": "https://example.org:80/a:b:c[]"}, {"no": "ada@example.org"},
	} {
		if violations, err := traitschema.Validate(document, traits); err != nil || len(violations) == 0 {
			t.Errorf("%v: %v, %v", traits, violations, err)
		}
	}
}

// A violation must not give away what the traits hold.
func TestValidateShowsNoValues(t *testing.T) {
	t.Parallel()
	schemas := parsed(t)
	for _, s := range samples {
		traits := decode(t, strings.ReplaceAll(s.traits, "ada", "hunter2"))
		violations, err := schemas[s.schema].Validate(traits)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range violations {
			if strings.Contains(v.Message, "hunter2") {
				t.Errorf("%s: %s", s.traits, v.Message)
			}
		}
	}
}

// What can't be checked is an error, and nothing is ever loaded.
func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, want string }{
		"another document": {`{"properties":{"traits":{"$ref":"http://127.0.0.1:1/schema.json"}}}`, "never loads"},
		"a file":           {`{"properties":{"traits":{"$ref":"file:///etc/hosts"}}}`, "never loads"},
		"a neighbour": {
			`{"$id":"https://schemas.example.org/a.json","properties":{"traits":{"$ref":"b.json"}}}`,
			"never loads",
		},
		"itself, by its own id": {
			`{"$id":"https://schemas.example.org/a.json","properties":{"traits":{"$ref":"https://schemas.example.org/a.json#/x"}},"x":{}}`,
			"never loads",
		},
		"nothing": {`{"properties":{"traits":{"$ref":"#/definitions/none"}}}`, "none"},
		"a later draft": {
			`{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"traits":{}}}`,
			"2020-12",
		},
		"no schema":              {`{"properties":{"traits":{"type":"strnig"}}}`, "metaschema"},
		"no identity schema":     {`{"properties":{}}`, "properties.traits"},
		"a malformed expression": {`{"properties":{"traits":{"pattern":"("}}}`, "("},
		"a crash of numbers": {
			`{"properties":{"traits":{"properties":{"a":{"multipleOf":1e-2000000}}}}}`,
			"an exponent beyond 10000",
		},
		"seconds of computing": {
			`{"properties":{"traits":{"allOf":[{"minimum":-1E+2000000}]}}}`,
			"an exponent beyond 10000",
		},
		"beyond all counting": {
			`{"properties":{"traits":{"maximum":1e99999999999999999999}}}`,
			"an exponent beyond 10000",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			violations, err := traitschema.Validate(json.RawMessage(test.document), map[string]any{})
			if err == nil || !strings.Contains(err.Error(), test.want) || len(violations) > 0 {
				t.Errorf("violations %v, error %v; want an error with %q", violations, err, test.want)
			}
		})
	}
}

// Traits may have such numbers too, and nobody waits for what becomes of them.
func TestValidateExtremeNumbers(t *testing.T) {
	t.Parallel()
	document := json.RawMessage(
		`{"properties":{"traits":{"properties":{"a":{"minimum":1e10000,"multipleOf":1E-9999},"b":{"uniqueItems":true}}}}}`,
	)
	for traits, extreme := range map[string]bool{
		`{"a":1e2000000}`: true, `{"a":-1.5E-10001}`: true, `{"a":1e+99999999999999999999}`: true, `{"b":[1,{"c":1e10001}]}`: true,
		`{"a":1e10000}`: false, `{"a":2}`: false, `{"b":[1,{"c":"1e10001"}]}`: false,
	} {
		violations, err := traitschema.Validate(document, decode(t, traits))
		if errors.Is(err, traitschema.ErrExtremeNumber) != extreme || (err == nil) == extreme ||
			len(violations) > 0 != (traits == `{"a":2}`) {
			t.Errorf("%s: %v, %v", traits, violations, err)
		}
	}
}

// What the library in use can't digest is an error without the value, and not the end of the provider.
func TestValidateDoesNotPanic(t *testing.T) {
	t.Parallel()
	document := json.RawMessage(`{"properties":{"traits":{"properties":{"a":{"minimum":1}}}}}`)
	violations, err := traitschema.Validate(document, map[string]any{"a": json.Number("hunt")})
	if err == nil || strings.Contains(err.Error(), "hunt") || len(violations) > 0 {
		t.Errorf("%v, %v", violations, err)
	}
}
