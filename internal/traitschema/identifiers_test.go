package traitschema_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func TestValues(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {
		"email": {"ory.sh/kratos": {"credentials": {"password": {"identifier": true}, "code": {"identifier": true, "via": "email"}}, "verification": {"via": "email"}}},
		"phones": {"items": {"properties": {"number": {"ory.sh/kratos": {"verification": {"via": "sms"}}}}}},
		"staff": {"properties": {"number": {`+identifier+`}}},
		"note": {}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	traits := json.RawMessage(
		`{"email":" Ada@Example.org ","phones":[{"number":"+1555"},{"number":""},{}],"staff":{"number":9007199254740993},"note":"x"}`,
	)
	identifiers, gap := s.LoginIdentifiers(traits)
	want := map[string][]string{"password": {"9007199254740993", "ada@example.org"}, "code": {"ada@example.org"}}
	if gap != "" || !reflect.DeepEqual(identifiers, want) {
		t.Errorf("identifiers %v (%v), want %v", identifiers, gap, want)
	}
	addresses, ok := s.VerifiableAddresses(traits)
	if !ok || !maps.Equal(addresses, map[string]string{"ada@example.org": "email", "+1555": "sms"}) {
		t.Errorf("addresses %v (%v)", addresses, ok)
	}
	if none, _ := s.LoginIdentifiers(nil); len(none) != 0 {
		t.Errorf("no traits have %v", none)
	}
}

func TestValuesOfAnIncompleteSchema(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {"a": {"$ref": "https://schemas.example.org/x.json"}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, gap := s.LoginIdentifiers(json.RawMessage(`{"a":"x"}`)); gap == "" {
		t.Error("it claims to know all login identifiers")
	}
	if _, ok := s.VerifiableAddresses(json.RawMessage(`{"a":"x"}`)); ok {
		t.Error("it claims to know all addresses")
	}
}

// What the schema marks under a condition may be no identifier of these very traits.
func TestCertainLoginIdentifiers(t *testing.T) {
	t.Parallel()
	const traits = `{"a":"a","b":["b"],"c":{"x":"c"},"p":"p"}`
	for name, test := range map[string]struct {
		schema string
		want   []string
	}{
		"property":               {`{"properties": {"a": {` + identifier + `}}}`, []string{"a"}},
		"items":                  {`{"properties": {"b": {"items": {` + identifier + `}}}}`, []string{"b"}},
		"allOf":                  {`{"allOf": [{"properties": {"a": {` + identifier + `}}}]}`, []string{"a"}},
		"reference":              {`{"properties": {"a": {"$ref": "#/definitions/login"}}}`, []string{"a"}},
		"elements one by one":    {`{"properties": {"b": {"items": [{` + identifier + `}]}}}`, []string{"b"}},
		"contains":               {`{"properties": {"b": {"contains": {` + identifier + `}}}}`, nil},
		"other properties":       {`{"properties": {"c": {"additionalProperties": {` + identifier + `}}}}`, []string{"c"}},
		"pattern":                {`{"patternProperties": {"^a": {` + identifier + `}}}`, []string{"a"}},
		"anyOf":                  {`{"properties": {"a": {"anyOf": [{` + identifier + `}, {}]}}}`, nil},
		"then":                   {`{"if": {"required": ["x"]}, "then": {"properties": {"a": {` + identifier + `}}}}`, nil},
		"dependency":             {`{"dependencies": {"x": {"properties": {"a": {` + identifier + `}}}}}`, nil},
		"reference in condition": {`{"anyOf": [{"properties": {"a": {"$ref": "#/definitions/login"}}}]}`, nil},
		"both ways":              {`{"properties": {"a": {` + identifier + `}}, "anyOf": [{"properties": {"a": {` + identifier + `}, "p": {` + identifier + `}}}]}`, []string{"a"}},
		"behind a condition":     {`{"properties": {"p": {"anyOf": [{}]}, "a": {` + identifier + `}}}`, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := traitschema.Parse(document(test.schema, `, "definitions": {"login": {`+identifier+`}, "none": {}}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.CertainLoginIdentifiers(json.RawMessage(traits))["password"]; !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if all, _ := s.LoginIdentifiers(json.RawMessage(traits)); len(all) == 0 {
				t.Error("LoginIdentifiers leaves it out too")
			}
		})
	}
}
