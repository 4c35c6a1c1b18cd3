package schema_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/schema"
)

func TestValues(t *testing.T) {
	t.Parallel()
	s, err := schema.Parse(document(`{"properties": {
		"email": {"ory.sh/kratos": {"credentials": {"password": {"identifier": true}, "code": {"identifier": true, "via": "email"}}, "verification": {"via": "email"}}},
		"phones": {"items": {"properties": {"number": {"ory.sh/kratos": {"verification": {"via": "sms"}}}}}},
		"staff": {"properties": {"number": {`+identifier+`}}},
		"note": {}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	traits := json.RawMessage(`{"email":" Ada@Example.org ","phones":[{"number":"+1555"},{"number":""},{}],"staff":{"number":9007199254740993},"note":"x"}`)
	identifiers, ok := s.LoginIdentifiers(traits)
	want := map[string][]string{"password": {"9007199254740993", "ada@example.org"}, "code": {"ada@example.org"}}
	if !ok || !reflect.DeepEqual(identifiers, want) {
		t.Errorf("identifiers %v (%v), want %v", identifiers, ok, want)
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
	s, err := schema.Parse(document(`{"properties": {"a": {"$ref": "https://schemas.example.org/x.json"}}}`, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.LoginIdentifiers(json.RawMessage(`{"a":"x"}`)); ok {
		t.Error("it claims to know all login identifiers")
	}
	if _, ok := s.VerifiableAddresses(json.RawMessage(`{"a":"x"}`)); ok {
		t.Error("it claims to know all addresses")
	}
}
