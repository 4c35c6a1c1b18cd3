package lookup

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// A request has one filter, and pages are as large as possible.
func TestSearch_requests(t *testing.T) {
	t.Parallel()
	ids := make([]string, 0, 250)
	for i := range 250 {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	include := []string{kratos.IncludeIdentifiers}
	for name, test := range map[string]struct {
		search Search
		want   []kratos.ListIdentitiesOptions
	}{
		"everyone": {Search{}, []kratos.ListIdentitiesOptions{{PageSize: 500, IncludeCredential: include}}},
		"nobody":   {Search{IDs: []string{}, Identifier: "a", Organization: "b"}, nil},
		"ids, each once, a hundred at a time": {
			Search{IDs: append(slices.Clone(ids), ids[7]), Identifier: "a", Organization: "b", Limit: 3},
			[]kratos.ListIdentitiesOptions{
				{IDs: ids[:100], PageSize: 100, IncludeCredential: include},
				{IDs: ids[100:200], PageSize: 100, IncludeCredential: include},
				{IDs: ids[200:], PageSize: 100, IncludeCredential: include},
			},
		},
		"an identifier": {
			Search{Identifier: "a", Organization: "b"},
			[]kratos.ListIdentitiesOptions{{CredentialsIdentifier: "a", PageSize: 500, IncludeCredential: include}},
		},
		"a prefix, as far as every database takes it": {
			Search{Prefix: " ada_b", Organization: "b", Limit: 7},
			[]kratos.ListIdentitiesOptions{{IdentifierPrefix: "ada", PageSize: 500, IncludeCredential: include}},
		},
		"a prefix that no server takes": {
			Search{Prefix: "é", Organization: "b"}, []kratos.ListIdentitiesOptions{{OrganizationID: "b", PageSize: 500, IncludeCredential: include}},
		},
		"few with traits": {
			Search{Traits: []byte(`{}`), Limit: 7}, []kratos.ListIdentitiesOptions{{PageSize: 500, IncludeCredential: include}},
		},
		"an organization": {
			Search{Organization: "b", Limit: 7}, []kratos.ListIdentitiesOptions{{OrganizationID: "b", PageSize: 500, IncludeCredential: include}},
		},
		"few of those that the server can't pick": {
			Search{State: "active", Limit: 7}, []kratos.ListIdentitiesOptions{{PageSize: 500, IncludeCredential: include}},
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

func TestSearch_matches(t *testing.T) {
	t.Parallel()
	identity := &kratos.Identity{
		SchemaID: "customer", State: "inactive", OrganizationID: "0a000000-0000-4000-8000-000000000000",
		Credentials: map[string]kratos.Credential{
			"code": {Identifiers: []string{"x@example.org"}},
			"oidc": {Identifiers: []string{"gh:Ada"}},
		},
		Traits: []byte(`{"name":{"first":"Ada","last":"Byron"}}`),
	}
	for name, test := range map[string]struct {
		search Search
		want   bool
	}{
		"all of them":                 {Search{}, true},
		"by all":                      {Search{IDs: []string{"a"}, Identifier: " X@Example.org", SchemaID: "customer", State: "inactive", Organization: "0A000000-0000-4000-8000-000000000000"}, true},
		"another schema":              {Search{SchemaID: "Customer"}, false},
		"another state":               {Search{State: "active"}, false},
		"another organization":        {Search{Organization: "0b000000-0000-4000-8000-000000000000"}, false},
		"an account elsewhere":        {Search{IDs: []string{"a"}, Identifier: "gh:Ada"}, true},
		"an account in other letters": {Search{IDs: []string{"a"}, Identifier: "gh:ada"}, false},
		"another identifier":          {Search{IDs: []string{"a"}, Identifier: "ada"}, false},
		"a prefix":                    {Search{Prefix: "X@"}, true},
		"another prefix":              {Search{Prefix: "example"}, false},
		"a prefix of a link":          {Search{Prefix: "gh:A"}, true},
		"in other letters":            {Search{Prefix: "GH:A"}, false},
		"a trait":                     {Search{Traits: []byte(`{"name":{"first":"Ada"}}`)}, true},
		"another trait":               {Search{Traits: []byte(`{"name":{"first":"Eve"}}`)}, false},
		"by the server":               {Search{Identifier: "+1 555"}, true},
	} {
		if got := test.search.Matches(identity); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
