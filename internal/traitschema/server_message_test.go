package traitschema_test

import (
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Only messages that are known to hold no value are shown as they are.
func TestDemand(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`expected string or null, but got number`:          `expected string or null, but got number`,
		`missing properties: "email", "name"`:              `missing properties: "email", "name"`,
		`must be <= 1/2 but found 9.87654e+05`:             `must be <= 1/2`,
		`must be > 100 but found 987654`:                   `must be > 100`,
		`987654 not multipleOf 10`:                         `must be a multiple of 10`,
		`length must be <= 3, but got 7`:                   `length must be <= 3`,
		`"hunter2" is not valid "email"`:                   `the value is not valid "email"`,
		`"hunter2\" is not valid \"" is not valid "email"`: `the value is not valid "email"`,
		`"hunter2" is not base64 encoded`:                  `the value is not base64 encoded`,
		`does not match pattern "^[a-z]+$"`:                `does not match pattern "^[a-z]+$"`,
		`value must be one of "a", "b"`:                    `value must be one of "a", "b"`,
		`items at index 0 and 1 are equal`:                 `items at index 0 and 1 are equal`,
		`minimum 2 items allowed, but found 1 items`:       `minimum 2 items allowed, but found 1 items`,
		`oneOf failed`: `oneOf failed`,
		`additionalProperties "hunter2" not allowed`:   `the value violates the keyword "key" of the schema`,
		`the person hunter2 is known`:                  `the value violates the keyword "key" of the schema`,
		`expected string, but got number hunter2`:      `the value violates the keyword "key" of the schema`,
		`missing properties: "email" and then hunter2`: `the value violates the keyword "key" of the schema`,
	} {
		got := traitschema.Demand(message, "#/properties/traits/key")
		if got != want || strings.Contains(got, "hunter2") || strings.Contains(got, "987654") {
			t.Errorf("%s: got %s, want %s", message, got, want)
		}
	}
}

func TestAdditionalNames(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`additionalProperties "a", "b\" not allowed" not allowed`: `a|b" not allowed`,
		`additionalProperties "a" not allowed`:                    `a`,
		`expected "a"`:                                            ``,
		`additionalProperties a not allowed`:                      ``,
	} {
		if got := strings.Join(traitschema.AdditionalNames(message), "|"); got != want {
			t.Errorf("%s: got %q, want %q", message, got, want)
		}
	}
}

// A key that isn't the schema's is data. A message never has it, also where the value fits none of several schemas.
func TestValidate_showsNoKeys(t *testing.T) {
	t.Parallel()
	document := []byte(`{"properties":{"traits":{"properties":{
		"prefs":{"properties":{"theme":{}},"additionalProperties":false},
		"rates":{"propertyNames":{"maxLength":3},"additionalProperties":{"type":"number"}},
		"choice":{"anyOf":[{"additionalProperties":{"type":"string"}},{"type":"array","items":{"additionalProperties":{"type":"string"}}}]}}}}}`)
	traits := decode(t, `{"prefs":{"hunter2":1},"rates":{"hunter2":"x"},"choice":{"hunter2":1}}`)
	violations, err := traitschema.Validate(document, traits)
	if err != nil || len(violations) != 4 {
		t.Fatalf("%v: %v", violations, err)
	}
	for _, v := range violations {
		if strings.Contains(v.Message, "hunter2") {
			t.Errorf("%v: %s", v.Path, v.Message)
		}
	}
	s, err := traitschema.Parse(document)
	if err != nil || !s.Names("theme") || s.Names("hunter2") {
		t.Errorf("the names of the schema: %v", err)
	}
}
