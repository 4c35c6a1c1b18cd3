package traitschema_test

import (
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func TestMarkedTraits(t *testing.T) {
	t.Parallel()
	s, err := traitschema.Parse(document(`{"properties": {
		"email": {"ory.sh/kratos": {"credentials": {"password": {"identifier": true}, "code": {"identifier": true}}, "verification": {"via": "email"}, "recovery": {"via": "email"}}},
		"contact": {"properties": {"phones": {"items": {"ory.sh/kratos": {"verification": {"via": "sms"}}}}}},
		"a.b": {`+identifier+`},
		"any": {"anyOf": [{`+identifier+`}, {`+identifier+`}]},
		"note": {"ory.sh/kratos": {"recovery": {}}}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	want := traitschema.MarkedTraits{
		Login:        map[string][]string{"password": {`["a.b"]`, "any", "email"}, "code": {"email"}},
		Verification: map[string][]string{"email": {"email"}, "sms": {"contact.phones[*]"}},
		Recovery:     map[string][]string{"email": {"email"}},
		Complete:     true,
	}
	if got := s.MarkedTraits(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
