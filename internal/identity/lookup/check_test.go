package lookup

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func TestHasIdentifier(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kind, has, asked string
		want             bool
	}{
		"same":                          {"password", "ada@example.org", "ada@example.org", true},
		"case and spaces":               {"password", "ada@example.org", " Ada@Example.ORG ", true},
		"another":                       {"password", "eve@example.org", "ada@example.org", false},
		"part of it":                    {"password", "ada@example.org", "ada@example", false},
		"link":                          {"oidc", "gh:Ada", "gh:Ada", true},
		"link in another case":          {"oidc", "gh:Ada", "gh:ada", false},
		"link of saml in another case":  {"saml", "okta:Ada", "okta:ada", false},
		"user name like a link":         {"password", "gh:ada", "gh:Ada", true},
		"full width":                    {"password", "ada@example.org", "Ａda@example.org", true},
		"decomposed":                    {"password", "zoë", "zoe\u0308", true},
		"invisible characters":          {"password", "ada", "a\u200bda\ufe0f", true},
		"only invisible characters":     {"password", "ada", "\u200b", false},
		"phone":                         {"code", "+4917667111638", "+49 176 671-11.638", true},
		"phone as it was sent":          {"code", "+49 176 67111638", "+4917667111638", true},
		"phone with a domestic prefix":  {"code", "+442079460000", "+44 (0)20 7946 0000", true},
		"another phone":                 {"code", "+4917667111638", "+49 176 671 11 639", false},
		"digits that are no phone":      {"password", "7667111638", "+4917667111638", false},
		"user names with phone's signs": {"password", "a.b-c", "abc", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			identity := person("1", test.kind, "something else", test.has)
			if got := hasIdentifier(&identity, test.asked); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// A gateway that drops the query of a request answers with other identities. No lookup returns them.
func TestFilterIgnored(t *testing.T) {
	t.Parallel()
	eve, ada := person("e", "password", "eve@example.org"), person("a", "password", "ada@example.org")
	eve.ExternalID = "crm-2"
	for name, identities := range map[string][]kratos.Identity{
		"one stranger": {eve}, "the person and a stranger": {ada, eve}, "no credentials": {{ID: "n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &fakeServer{identities: identities}
			found, problem := Reference{Identifier: "ada@example.org"}.Find(t.Context(), server, "Failed to read identity")
			if found != nil || problem == nil || !strings.Contains(problem.Detail(), "ignored the filter "+
				"credentials_identifier") {
				t.Errorf("found %v: %v", found, problem)
			}
			if _, _, err := (Search{Identifier: "ada@example.org"}).Collect(t.Context(), server); !errors.Is(
				err,
				ErrFilterIgnored,
			) {
				t.Errorf("the search: %v", err)
			}
			if _, _, err := (Search{IDs: []string{"b"}}).Collect(t.Context(), server); !errors.Is(err, ErrFilterIgnored) {
				t.Errorf("the search for ids: %v", err)
			}
			schemas := traitschema.NewCache(slowSchemas{})
			body := kratos.CreateIdentityBody{SchemaID: "preset://email", Traits: json.RawMessage(`{"email":"ada@example.org"}`)}
			if _, err := FindOwners(t.Context(), server, schemas, body); !errors.Is(err, ErrFilterIgnored) {
				t.Errorf("the owners: %v", err)
			} else if strings.Contains(err.Error(), "ada@") {
				t.Errorf("the error shows a trait: %v", err)
			}
			body.ExternalID = "crm-1"
			if _, err := FindOwners(t.Context(), server, schemas, body); !errors.Is(err, ErrFilterIgnored) ||
				!strings.Contains(err.Error(), "external_id") {
				t.Errorf("the owners by external_id: %v", err)
			}
			found, problem = Reference{ExternalID: "CRM-2"}.Find(t.Context(), server, "Failed to read identity")
			if found != nil || problem == nil || !strings.Contains(problem.Detail(), "ignored the filter external_id") {
				t.Errorf("found %v by external_id: %v", found, problem)
			}
		})
	}
}

// The row of a search whose id leads to another identity is not confirmed.
func TestConfirm(t *testing.T) {
	t.Parallel()
	ada := person("a", "password", "ada@example.org")
	ada.CreatedAt = "2026-01-02T12:00:00Z"
	server := &fakeServer{identities: []kratos.Identity{ada}}
	if err := Confirm(t.Context(), server, &ada); err != nil {
		t.Error(err)
	}
	row := ada
	row.CreatedAt = "2026-01-02T12:00:01Z"
	if err := Confirm(t.Context(), server, &row); !errors.Is(err, kratos.ErrWrongIdentity) {
		t.Error(err)
	}
}

// Each kind of reference finds the identity, with lists whose rows have identifiers.
func TestReference_Find(t *testing.T) {
	t.Parallel()
	ada := person("a", "password", "ada@example.org")
	ada.ExternalID = "crm-1"
	server := &fakeServer{identities: []kratos.Identity{ada}}
	for _, r := range []Reference{{ID: "a"}, {ExternalID: "crm-1"}, {Identifier: "Ada@Example.org"}} {
		if found, problem := r.Find(t.Context(), server, "Failed to read identity"); problem != nil || found.ID != "a" {
			t.Errorf("%s: found %v: %v", r, found, problem)
		}
	}
	for _, options := range server.asked {
		if len(options.IncludeCredential) == 0 {
			t.Errorf("a list without identifiers: %v", options)
		}
	}
}
