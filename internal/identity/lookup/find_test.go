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

// slowSchemas is a server whose schemas only come to those who wait.
type slowSchemas struct{}

func (slowSchemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return nil, errors.New("could not connect")
}

func (slowSchemas) GetIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(emailSchema), nil
}

const emailSchema = `{"properties":{"traits":{"properties":{"email":{"ory.sh/kratos":{"credentials":{"password":{"identifier":true}}}}}}}}`

// Owners are found although the plan had to do without the schema, and the walk remembers that.
func TestFindOwnersWaitsForTheSchema(t *testing.T) {
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

// What is said of a name that nobody has fits the kind of name.
func TestReferenceHint(t *testing.T) {
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
