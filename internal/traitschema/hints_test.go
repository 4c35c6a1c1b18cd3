package traitschema_test

import (
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Mistakes of how values get into Terraform are named, without the value.
func TestValidate_hints(t *testing.T) {
	t.Parallel()
	schema := document(
		`{"properties": {"born": {"type": "string", "format": "date"}, "age": {"type": ["integer", "null"]}, "vip": {"type": "boolean"},
		"mail": {"type": "string", "format": "email"}, "list": {"items": {"type": "number"}}}}`,
		"",
	)
	for traits, want := range map[string]string{
		`{"born":"1990-12-10T00:00:00Z"}`: "YAML reads a date without quotes as a timestamp",
		`{"born":"1990-12-10T01:00:00Z"}`: "",
		`{"age":"36"}`:                    "tonumber()",
		`{"age":"old"}`:                   "",
		`{"vip":"true"}`:                  "tobool()",
		`{"list":[1,"2.5"]}`:              "tonumber()",
		`{"mail":"\ufeffno address"}`:     "byte order mark",
	} {
		violations, err := traitschema.Validate(schema, decode(t, traits))
		if err != nil || len(violations) != 1 {
			t.Errorf("%s: %v: %v", traits, violations, err)
			continue
		}
		message, hint := violations[0].Message+violations[0].Hint, violations[0].Hint
		if !strings.Contains(hint, want) || (want == "") != (hint == "") {
			t.Errorf("%s: %s", traits, message)
		}
		if strings.Contains(message, "1990") || strings.Contains(message, "36") {
			t.Errorf("it shows the value: %s", message)
		}
	}
	_, err := traitschema.Validate(
		[]byte(`{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"traits":{}}}`),
		decode(t, `{}`),
	)
	if err == nil || !strings.Contains(err.Error(), "draft") {
		t.Errorf("a later draft: %v", err)
	}
}
