package lookup

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// slowSchemas simulates a server that answers requests for schemas only if they are repeated.
type slowSchemas struct{}

func (slowSchemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return nil, errors.New("could not connect")
}

func (slowSchemas) GetIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(emailSchema), nil
}

const emailSchema = `{"properties":{"traits":{"properties":{"email":{"ory.sh/kratos":{"credentials":{"password":{"identifier":true}}}}}}}}`

// The plan failed to read the schema, and the cache stores this failure. FindOwners reads the schema again.
func TestFindOwners_schemaUnreadAtPlan(t *testing.T) {
	t.Parallel()
	schemas := traitschema.NewCache(slowSchemas{})
	if _, err := schemas.Get(t.Context(), "preset://email"); err == nil {
		t.Fatal("the plan has the schema")
	}
	server := &fakeServer{
		identities: []kratos.Identity{person("9f425a8d-7efc-4768-8f23-7647a74fdf13", "password", "ada@example.org")},
	}
	body := kratos.CreateIdentityBody{SchemaID: "preset://email", Traits: json.RawMessage(`{"email":"ada@example.org"}`)}
	found, err := FindOwners(t.Context(), server, schemas, body)
	if err != nil || found.One() == nil || !found.Unique {
		t.Errorf("found %v: %v", found, err)
	}
}

// The hint fits the kind of reference.
func TestReference_hint(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Reference{
		"deleted":          {ID: "00000000-0000-4000-8000-000000000000"},
		"case-sensitive":   {ExternalID: "crm-1"},
		"not login":        {Identifier: "ada@example.org"},
		"its country code": {Identifier: "+4915123456789"},
	} {
		if hint := r.hint(); !strings.Contains(hint, want) ||
			strings.Contains(hint, "case-sensitive") != (r.ExternalID != "") {
			t.Errorf("%s: %s", r, hint)
		}
	}
}

// exactServer simulates a server that compares identifiers as they are.
type exactServer struct{ fakeServer }

func (c *exactServer) ListIdentities(
	ctx context.Context,
	opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	if identifiers := c.identities[0].Credentials["code"].Identifiers; identifiers[0] != opts.CredentialsIdentifier {
		c.asked = append(c.asked, opts)
		return func(func(*kratos.Identity, error) bool) {}
	}
	return c.fakeServer.ListIdentities(ctx, opts)
}

// Terraform can't write a decomposed identifier, which another client may have sent. The server may store a phone
// number in E.164.
func TestReference_Find_otherForms(t *testing.T) {
	t.Parallel()
	for has, asked := range map[string]string{"zoe\u0308": "zo\u00eb", "+4917667111638": "+49 176 671 11 638", "ada": "ada"} {
		server := &exactServer{fakeServer{identities: []kratos.Identity{person("a", "code", has)}}}
		found, problem := Reference{Identifier: asked}.Find(t.Context(), server, "Failed to read identity")
		if problem != nil || found.ID != "a" {
			t.Errorf("%q: found %v: %v", asked, found, problem)
		}
		if last := server.asked[len(server.asked)-1]; last.CredentialsIdentifier != has {
			t.Errorf("%q: asked for %q after the identity was found", asked, last.CredentialsIdentifier)
		}
	}
}

// Two identities can have one identifier for different types of credential.
func TestReference_Find_several(t *testing.T) {
	t.Parallel()
	server := &fakeServer{identities: []kratos.Identity{person("a", "password", "ada"), person("b", "code", "ada")}}
	_, problem := Reference{Identifier: "ada"}.Find(t.Context(), server, "Failed to read identity")
	if problem == nil || problem.Summary() != "Several identities found" || !strings.Contains(problem.Detail(), "a, b") {
		t.Errorf("%v", problem)
	}
}

// What a lookup keeps has a bound.
func TestSearch_Collect_bound(t *testing.T) {
	t.Parallel()
	server := &fakeServer{}
	for _, id := range []string{"a", "b", "c"} {
		large := person(id, "password", "ada@example.org")
		large.MetadataPublic = make(json.RawMessage, kratos.MaxKeptBytes/2)
		server.identities = append(server.identities, large)
	}
	if _, _, err := (Search{}).Collect(t.Context(), server); !errors.Is(err, kratos.ErrTooLarge) {
		t.Errorf("a list: %v", err)
	}
	if found, _, err := (Search{Limit: 1}).Collect(t.Context(), server); err != nil || len(found) != 1 {
		t.Errorf("one of the list: %v", err)
	}
	_, problem := Reference{Identifier: "ada@example.org"}.Find(t.Context(), server, "Failed to read identity")
	if problem == nil || !strings.Contains(problem.Detail(), "limits the size of answers") {
		t.Errorf("a lookup: %v", problem)
	}
}
