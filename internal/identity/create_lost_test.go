package identity

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// fakeCreates simulates a later version of the server with one identity and configured answers to creates. It tests
// cases that need external_id, which the Kratos of CI doesn't support, and cases that need exact times.
type fakeCreates struct {
	fakeServer
	answers []error // to creates, in turn; nil is a success
	creates int
	found   bool // whether login identifiers lead to the identity
	noted   string
}

func (f *fakeCreates) CreateIdentity(ctx context.Context, _ kratos.CreateIdentityBody) (*kratos.Identity, error) {
	f.creates++
	err := f.answers[0]
	f.answers = f.answers[1:]
	if err != nil {
		return nil, err
	}
	return f.GetIdentity(ctx, "")
}

func (f *fakeCreates) GetIdentityByExternalID(ctx context.Context, externalID string) (*kratos.Identity, error) {
	if f.identity.ExternalID != externalID {
		return nil, &kratos.Error{StatusCode: 404}
	}
	return f.GetIdentity(ctx, "")
}

func (f *fakeCreates) ListIdentities(
	_ context.Context,
	opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		if f.found {
			identity := f.identity
			identity.Credentials = map[string]kratos.Credential{"password": {Identifiers: []string{opts.CredentialsIdentifier}}}
			yield(&identity, nil)
		}
	}
}

func (f *fakeCreates) NoteCreation(createdAt string) { f.noted = createdAt }

func (f *fakeCreates) Earliest() time.Time { return time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC) }

var (
	errConflict = &kratos.Error{StatusCode: 409}
	errFailed   = &kratos.Error{StatusCode: 500}
	errLost     = errors.Join(errors.New("connection reset"), kratos.ErrOutcomeUnknown)
)

// create returns a creator of an identity with this identity schema document. change modifies the plan.
func create(t *testing.T, server client, document string, change func(plan *model)) creator {
	t.Helper()
	c := creator{operation: &operation{
		client: server, schemas: &schemaStub{document: document}, data: base.NewData(nil, nil), diags: &diag.Diagnostics{},
		creating: true, state: emptyModel(t),
	}}
	c.plan = modelWith(t, func(plan *model) {
		plan.SchemaID, plan.Traits = types.StringValue("preset://email"), dynamic(t, `{"email":"ada@example.org"}`)
		change(plan)
	})
	c.config = c.plan
	for _, a := range managed {
		a.create(t.Context(), c.operation, &c.body)
	}
	return c
}

// The conflicting identity is always just deleted. The provider stops after some attempts and reports the conflict.
func TestCreate_givesUp(t *testing.T) {
	t.Parallel()
	const id = "9f425a8d-7efc-4768-8f23-7647a74fdf13"
	server := &fakeCreates{
		fakeServer: fakeServer{identity: kratos.Identity{ID: id, SchemaID: "preset://email"}}, found: true,
		answers: []error{errConflict, errConflict, errConflict, errConflict},
	}
	c := create(t, server, emailSchema, func(plan *model) { plan.OnConflict = types.StringValue(ConflictAdopt) })
	c.data.Walk.MarkDeleted(id)
	if c.create(t.Context()) != nil || server.creates != maxCreates ||
		!strings.Contains(c.diags.Errors()[0].Summary(), "Conflict") {
		t.Errorf("%d creates, %v", server.creates, c.diags)
	}
}

func TestCreate_lostAnswer(t *testing.T) {
	t.Parallel()
	const now, before = "2026-01-02T12:00:01Z", "2026-01-02T11:58:00Z"
	ada := func(externalID, createdAt, traits string) kratos.Identity {
		return kratos.Identity{
			ID: "9f425a8d-7efc-4768-8f23-7647a74fdf13", SchemaID: "preset://email", State: "active", ExternalID: externalID,
			CreatedAt: createdAt, Traits: json.RawMessage(traits),
		}
	}
	const same, other = `{"email":"ada@example.org"}`, `{"email":"ada@example.org","name":"Eve"}`
	tests := map[string]struct {
		existing kratos.Identity
		found    bool
		answers  []error
		policy   string
		creates  int
		error    string // "" for a success
	}{
		"success":        {ada("", now, same), true, []error{nil}, ConflictError, 1, ""},
		"lost, and done": {ada("crm-1", now, same), false, []error{errLost}, ConflictError, 1, ""},
		"lost, done, the clock a bit behind": {
			ada("crm-1", "2026-01-02T11:59:30Z", same),
			false,
			[]error{errLost},
			ConflictError,
			1,
			"",
		},
		"lost, and not done": {ada("", now, same), false, []error{errLost, nil}, ConflictError, 2, ""},
		"lost again and again": {
			ada("", now, same),
			false,
			[]error{errLost, errLost, errLost, errLost},
			ConflictError,
			maxCreates,
			"may have been created",
		},
		"failed once": {ada("", now, same), false, []error{errFailed, nil}, ConflictError, 2, ""},
		"failed again": {
			ada("", now, same),
			false,
			[]error{errFailed, errFailed},
			ConflictError,
			maxFailures,
			"Failed to create identity",
		},
		"failed, and done all the same": {ada("crm-1", now, same), false, []error{errFailed}, ConflictError, 1, ""},
		"lost, then a conflict with itself": {
			ada("crm-1", now, same),
			false,
			[]error{errLost, errConflict},
			ConflictError,
			1,
			"",
		},
		"lost, but that one was there before": {
			ada("crm-1", before, same),
			false,
			[]error{errLost, errConflict},
			ConflictError,
			2,
			"The other identity is 9f425a8d",
		},
		"lost, but that one is somebody else": {
			ada("crm-1", now, other),
			false,
			[]error{errLost, errConflict},
			ConflictError,
			2,
			"The other identity is 9f425a8d",
		},
		"lost, but that one has no external id": {
			ada("", now, same),
			true,
			[]error{errLost, errConflict},
			ConflictError,
			2,
			"The other identity is 9f425a8d",
		},
		"conflict by external id": {
			ada("crm-1", before, other),
			false,
			[]error{errConflict},
			ConflictError,
			1,
			"The other identity is 9f425a8d",
		},
		"adopted by external id": {
			ada("crm-1", before, same),
			false,
			[]error{errConflict},
			ConflictAdopt,
			1,
			"",
		},
		"conflict with nobody to be found": {
			ada("", before, same),
			false,
			[]error{errConflict, errConflict},
			ConflictAdopt,
			2,
			"does not find the other identity",
		},
		"conflict with somebody who goes": {
			ada("", now, same),
			false,
			[]error{errConflict, nil},
			ConflictError,
			2,
			"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &fakeCreates{fakeServer: fakeServer{identity: test.existing}, answers: test.answers, found: test.found}
			c := create(t, server, emailSchema, func(plan *model) {
				plan.State, plan.OnConflict = types.StringValue("active"), types.StringValue(test.policy)
				if name != "success" && name != "conflict with somebody who goes" && name != "failed once" {
					plan.ExternalID = types.StringValue("crm-1")
				}
			})
			if name == "lost, and not done" {
				server.identity.ExternalID = "" // until the second create
				server.answers = []error{errLost, nil}
				c.plan.ExternalID, c.config.ExternalID = types.StringNull(), types.StringNull()
				c.body.ExternalID = ""
			}
			identity := c.create(t.Context())
			if server.creates != test.creates {
				t.Errorf("%d creates, want %d", server.creates, test.creates)
			}
			if test.error == "" {
				if identity == nil || c.diags.HasError() || c.data.Walk.Claim(test.existing.ID) {
					t.Errorf("got %v, %v", identity, c.diags)
				}
				return
			}
			if identity != nil || !strings.Contains(c.diags.Errors()[0].Summary()+c.diags.Errors()[0].Detail(), test.error) {
				t.Errorf("got %v, %v", identity, c.diags)
			}
		})
	}
}

// The error distinguishes a lookup that finds no owner from a schema whose login identifiers the provider doesn't know
// completely.
func TestCreate_conflictWithoutOwner(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		emailSchema: "both identities have the same address that is not a login identifier",
		`{"properties":{"traits":{"properties":{"email":{"$ref":"https://schemas.example.org/email.json"}}}}}`: `the identity schema refers to "https://schemas.example.org/email.json", another document, which the provider never loads (identity schema "preset://email")`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			server := &fakeCreates{answers: []error{errConflict, errConflict}}
			c := create(t, server, document, func(*model) {})
			if c.create(t.Context()) != nil || len(c.diags.Errors()) != 1 ||
				!strings.Contains(c.diags.Errors()[0].Detail(), want) {
				t.Errorf("%v doesn't say %q", c.diags, want)
			}
		})
	}
}

// brokenLookups answers the first lookups with an error.
type brokenLookups struct {
	fakeCreates
	errors []error
	looked int
}

func (b *brokenLookups) ListIdentities(
	ctx context.Context,
	opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	b.looked++
	if len(b.errors) == 0 {
		return b.fakeCreates.ListIdentities(ctx, opts)
	}
	err := b.errors[0]
	b.errors = b.errors[1:]
	return func(yield func(*kratos.Identity, error) bool) { yield(nil, err) }
}

// Only a refusal by Kratos itself ends the lookup of a create whose answer was lost.
func TestCreate_lookupRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lookup error
		looked int
		found  bool
	}{
		"refused by Kratos":     {&kratos.Error{StatusCode: 400}, 1, false},
		"too many requests":     {&kratos.Error{StatusCode: 429}, 2, true},
		"not an answer at all":  {errors.New("no answer"), 2, true},
		"outcome isn't settled": {errors.Join(kratos.ErrOutcomeUnknown), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &brokenLookups{errors: []error{test.lookup}, fakeCreates: fakeCreates{
				answers: []error{errLost}, found: true, fakeServer: fakeServer{identity: kratos.Identity{
					ID: "9f425a8d-7efc-4768-8f23-7647a74fdf13", SchemaID: "preset://email", State: "active", CreatedAt: "2026-01-02T12:00:01Z",
					Traits: json.RawMessage(`{"email":"ada@example.org"}`),
				}},
			}}
			c := create(t, server, emailSchema, func(plan *model) { plan.State = types.StringValue("active") })
			identity := c.create(t.Context())
			if server.looked != test.looked || (identity != nil) != test.found {
				t.Errorf("%d lookups, %v: %v", server.looked, identity, c.diags)
			}
		})
	}
}
