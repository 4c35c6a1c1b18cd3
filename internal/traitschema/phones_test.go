package traitschema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Where codes go to a phone number, the server spells it in its own way; as login identifier of a password it stays as typed.
func TestLoginIdentifiers_phones(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {
		"phone": {"ory.sh/kratos": {"credentials": {"code": {"identifier": true, "via": "sms"}, "password": {"identifier": true}}}}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"+49 1512 3456789":         "+4915123456789",
		" +49/1512-345.6789":       "+4915123456789",
		"+1 (202) 555-0123":        "+12025550123",
		"+39 06 6982":              "+39066982",
		"+225 07 01 23 45 67":      "+2250701234567",
		"+4915123456789":           "+4915123456789",
		"+49 (0)1512 3456789":      "",
		"+49 01512 3456789":        "",
		"+420 0601 123 456":        "",
		"+1 1 202 555 0123":        "",
		"01512 3456789":            "",
		"0049 1512 3456789":        "",
		"+49 1512 3456789 ext. 5":  "",
		"tel:+49-1512-3456789":     "",
		"+49":                      "",
		"+4915123456789;ext=5":     "",
		"+49 1512 345678901234567": "",
		"\uff0b49 1512 3456789":    "",
		"+49 1512 345 / +49 151":   "",
		"+370 8 612 34567":         "",
		"+370 612 34567":           "",
		"+375 8 029 491 1911":      "",
		"+378 886377":              "",
		"+672 3 22123":             "",
		"+993 8 66 123456":         "",
	} {
		traits, err := json.Marshal(map[string]any{"phone": typed})
		if err != nil {
			t.Fatal(err)
		}
		byType, gap := s.LoginIdentifiers(traits)
		if got := strings.Join(byType["code"], " "); got != want || (gap == "") != (want != "") {
			t.Errorf("%q: got %q, want %q (%s)", typed, got, want, gap)
		}
		if certain := s.CertainLoginIdentifiers(traits); strings.Join(certain["code"], " ") != want || certain["password"][0] != traitschema.Fold(typed) {
			t.Errorf("%q: certain are %v", typed, certain)
		}
	}
}
