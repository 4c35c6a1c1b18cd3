package traitschema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Where codes go to a phone number, the server spells it in its own way; as login identifier of a password it stays as
// typed.
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
		"+49 (0)1512 3456789":      "+4915123456789",
		"+49 01512 3456789":        "+4915123456789",
		"+420 0601 123 456":        "",
		"+1 1 202 555 0123":        "+12025550123",
		"01512 3456789":            "",
		"0049 1512 3456789":        "",
		"+49 1512 3456789 ext. 5":  "+4915123456789",
		"tel:+49-1512-3456789":     "+4915123456789",
		"+49":                      "",
		"+4915123456789;ext=5":     "+4915123456789",
		"+49 1512 345678901234567": "",
		"\uff0b49 1512 3456789":    "+4915123456789",
		"+49 1512 345 / +49 151":   "",
		"+370 8 612 34567":         "+37061234567",
		"+370 612 34567":           "+37061234567",
		"+375 8 029 491 1911":      "+375294911911",
		"+378 886377":              "+3780549886377",
		"+672 3 22123":             "+672322123",
		"+993 8 66 123456":         "+99366123456",
	} {
		traits, err := json.Marshal(map[string]any{"phone": typed})
		if err != nil {
			t.Fatal(err)
		}
		byType, gap := s.LoginIdentifiers(traits)
		if got := strings.Join(byType["code"], " "); got != want || (gap == "") != (want != "") {
			t.Errorf("%q: got %q, want %q (%s)", typed, got, want, gap)
		}
		if certain := s.CertainLoginIdentifiers(traits); strings.Join(certain["code"], " ") != want ||
			certain["password"][0] != traitschema.Fold(typed) {
			t.Errorf("%q: certain are %v", typed, certain)
		}
	}
}

// Later versions of the server rewrite traits that are phone numbers, wherever the schema says that they are.
func TestNormalise(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {
		"code": {"ory.sh/kratos": {"credentials": {"code": {"identifier": true, "via": "sms"}}}},
		"verified": {"items": {"ory.sh/kratos": {"verification": {"via": "sms"}}}},
		"recovery": {"ory.sh/kratos": {"recovery": {"via": "sms"}}},
		"email": {"ory.sh/kratos": {"verification": {"via": "email"}}},
		"mailed": {"ory.sh/kratos": {"credentials": {"code": {"identifier": true, "via": "email"}}}},
		"name": {"ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"code": "sms", "verified/0": "sms", "verified/7": "sms", "recovery": "sms", "email": "email", "mailed": "email", "name": "", "other": "", "verified": "",
	} {
		at := strings.Split(path, "/")
		if got := s.Via(at); got != want {
			t.Errorf("%s: via %q, want %q", path, got, want)
		}
		const typed, spelled = "+49 176 671 11 638", "+4917667111638"
		if got := s.Normalise(at, typed); (got == spelled) != (want == "sms") || (got == typed) != (want != "sms") {
			t.Errorf("%s: %q", path, got)
		}
		if got := s.Normalise(at, "Ada"); got != "Ada" {
			t.Errorf("%s: %q", path, got)
		}
	}
}
