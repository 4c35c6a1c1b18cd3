package identity

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// One filter goes to the server, and pages are as large as they may be.
func TestSearchRequests(t *testing.T) {
	t.Parallel()
	ids := make([]string, 0, 250)
	for i := range 250 {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	code := []string{"code"}
	for name, test := range map[string]struct {
		search search
		want   []kratos.ListIdentitiesOptions
	}{
		"everyone": {search{}, []kratos.ListIdentitiesOptions{{PageSize: 500, IncludeCredential: code}}},
		"nobody":   {search{ids: []string{}, identifier: "a", organization: "b"}, nil},
		"ids, each once, a hundred at a time": {
			search{ids: append(slices.Clone(ids), ids[7]), identifier: "a", organization: "b", limit: 3},
			[]kratos.ListIdentitiesOptions{
				{IDs: ids[:100], PageSize: 100, IncludeCredential: code},
				{IDs: ids[100:200], PageSize: 100, IncludeCredential: code},
				{IDs: ids[200:], PageSize: 100, IncludeCredential: code},
			},
		},
		"an identifier": {
			search{identifier: "a", organization: "b"},
			[]kratos.ListIdentitiesOptions{{CredentialsIdentifier: "a", PageSize: 500, IncludeCredential: code}},
		},
		"an organization": {
			search{organization: "b", limit: 7}, []kratos.ListIdentitiesOptions{{OrganizationID: "b", PageSize: 500, IncludeCredential: code}},
		},
		"few of those that the server can't pick": {
			search{state: "active", limit: 7}, []kratos.ListIdentitiesOptions{{PageSize: 500, IncludeCredential: code}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.search.requests(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSearchMatches(t *testing.T) {
	t.Parallel()
	identity := &kratos.Identity{
		SchemaID: "customer", State: "inactive", OrganizationID: "0a000000-0000-4000-8000-000000000000",
		Credentials: map[string]kratos.Credential{"code": {Identifiers: []string{"x@example.org"}}, "oidc": {Identifiers: []string{"gh:Ada"}}},
	}
	for name, test := range map[string]struct {
		search search
		want   bool
	}{
		"all of them":                     {search{}, true},
		"by all":                          {search{ids: []string{"a"}, identifier: " X@Example.org", schemaID: "customer", state: "inactive", organization: "0A000000-0000-4000-8000-000000000000"}, true},
		"another schema":                  {search{schemaID: "Customer"}, false},
		"another state":                   {search{state: "active"}, false},
		"another organization":            {search{organization: "0b000000-0000-4000-8000-000000000000"}, false},
		"an account elsewhere":            {search{ids: []string{"a"}, identifier: "gh:Ada"}, true},
		"an account in other letters":     {search{ids: []string{"a"}, identifier: "gh:ada"}, false},
		"another identifier":              {search{ids: []string{"a"}, identifier: "ada"}, false},
		"what the server says fits, fits": {search{identifier: "+1 555"}, true},
	} {
		if got := test.search.matches(identity); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	for want, identity := range map[string]kratos.Identity{
		"ada@example.org": {ID: "id", Credentials: map[string]kratos.Credential{
			"oidc": {Identifiers: []string{"gh:1"}}, "password": {Identifiers: []string{"adal", "ada@example.org"}}, "code": {Identifiers: []string{"a"}},
		}},
		"gh:1": {ID: "id", ExternalID: "x", Credentials: map[string]kratos.Credential{
			"password": {}, "oidc": {Identifiers: []string{"gh:1", "gh:2"}},
		}},
		"a@example.org": {ID: "id", ExternalID: "x", VerifiableAddresses: []kratos.VerifiableAddress{{Value: "b@example.org"}, {Value: "a@example.org"}}},
		"crm-1":         {ID: "id", ExternalID: "crm-1"},
		"id":            {ID: "id"},
	} {
		if got := displayName(&identity); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
