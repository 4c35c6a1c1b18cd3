package lookup

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// slowSchemas is a server that answers requests for schemas only when they are retried.
type slowSchemas struct{}

func (slowSchemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return nil, errors.New("could not connect")
}

func (slowSchemas) GetIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(emailSchema), nil
}

const emailSchema = `{"properties":{"traits":{"properties":{"email":{"ory.sh/kratos":{"credentials":{"password":{"identifier":true}}}}}}}}`

// The plan failed to read the schema, and the cache keeps that failure. FindOwners reads the schema all the same.
func TestFindOwners_schemaUnreadAtPlan(t *testing.T) {
	t.Parallel()
	schemas := traitschema.NewCache(slowSchemas{})
	if _, err := schemas.Get(t.Context(), "preset://email"); err == nil {
		t.Fatal("the plan has the schema")
	}
	server := &fakeServer{identities: []kratos.Identity{person("9f425a8d-7efc-4768-8f23-7647a74fdf13", "password", "ada@example.org")}}
	body := kratos.CreateIdentityBody{SchemaID: "preset://email", Traits: json.RawMessage(`{"email":"ada@example.org"}`)}
	found, err := FindOwners(t.Context(), server, schemas, body)
	if err != nil || found.One() == nil || !found.Unique {
		t.Errorf("found %v: %v", found, err)
	}
}

// The hint fits the kind of name.
func TestReference_hint(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Reference{
		"deleted":           {ID: "00000000-0000-4000-8000-000000000000"},
		"case-sensitive":    {ExternalID: "crm-1"},
		"not just any":      {Identifier: "ada@example.org"},
		"is plus and digit": {Identifier: "+4915123456789"},
	} {
		if hint := r.hint(); !strings.Contains(hint, want) || strings.Contains(hint, "case-sensitive") != (r.ExternalID != "") {
			t.Errorf("%s: %s", r, hint)
		}
	}
}
