package identity

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// wrongAnswer is a server behind something that answers creates with another identity.
type wrongAnswer struct {
	fakeCreates
	answer kratos.Identity
}

func (f *wrongAnswer) CreateIdentity(context.Context, kratos.CreateIdentityBody) (*kratos.Identity, error) {
	f.creates++
	return &f.answer, nil
}

// The answer to a create counts only if it is about the identity that was created. An answer with other traits is
// looked up.
func TestCreate_wrongAnswer(t *testing.T) {
	t.Parallel()
	const now = "2026-01-02T12:00:01Z"
	const same, other = `{"email":"ada@example.org"}`, `{"email":"eve@example.org"}`
	person := func(id, createdAt, traits string) kratos.Identity {
		return kratos.Identity{
			ID: id, SchemaID: "preset://email", State: "active", CreatedAt: createdAt, Traits: json.RawMessage(traits),
		}
	}
	const ada, eve = "9f425a8d-7efc-4768-8f23-7647a74fdf13", "11111111-2222-4333-8444-555555555555"
	for name, test := range map[string]struct {
		answer   kratos.Identity
		existing kratos.Identity
		found    bool   // the existing identity has the login identifiers
		want     string // the id, or words of the error
		noted    string
	}{
		"right":                     {person(ada, now, same), person(ada, now, same), true, ada, now},
		"another identity":          {person(eve, now, other), person(ada, now, same), true, ada, ""},
		"another identity, nobody":  {person(eve, now, other), kratos.Identity{}, false, "may have been created", ""},
		"the server changes traits": {person(ada, now, `{"email":"ADA"}`), person(ada, now, `{"email":"ADA"}`), true, ada, now},
		"a date that is none":       {person(ada, "yesterday", same), person(ada, now, same), true, ada, "yesterday"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &wrongAnswer{answer: test.answer}
			server.identity, server.found = test.existing, test.found
			c := create(t, server, emailSchema, func(*model) {})
			identity := c.create(t.Context())
			switch {
			case identity == nil && !strings.Contains(c.diags.Errors()[0].Summary(), test.want),
				identity != nil && identity.ID != test.want, server.noted != test.noted:
				t.Errorf("got %v, noted %q: %v", identity, server.noted, c.diags)
			}
		})
	}
}
