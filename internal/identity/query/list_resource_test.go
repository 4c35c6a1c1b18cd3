package query

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// listedID is the UUID that ends in these digits.
func listedID(digits string) string { return fmt.Sprintf("00000000-0000-4000-8000-%012s", digits) }

// pagesServer is a server whose list never ends, with two identities on a page. It reports each request for a page.
func pagesServer(t *testing.T, asked func(page string)) *kratos.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page_token")
		asked(page)
		w.Header().Set("Link", fmt.Sprintf(`</admin/identities?page_token=%s1>; rel="next"`, page))
		_, _ = fmt.Fprintf(w, `[{"id":%q,"traits":{}},{"id":%q,"traits":{}}]`, listedID(page+"a"), listedID(page+"b"))
	}))
	t.Cleanup(server.Close)
	client, err := kratos.New(kratos.Config{AdminURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Terraform receives the results of a page before the provider requests the next page, and the provider requests no
// unnecessary page.
func TestList_pages(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var events []string
	note := func(event string) { mu.Lock(); defer mu.Unlock(); events = append(events, event) }
	l := &identityListResource{}
	l.Data = base.NewData(batch.New(pagesServer(t, func(page string) { note("page " + page) }), batch.Options{}), nil)
	var config list.ListResourceSchemaResponse
	l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &config)
	managedResource := identity.NewResource().(resource.ResourceWithIdentity)
	var resourceIdentity resource.IdentitySchemaResponse
	managedResource.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &resourceIdentity)
	var managed resource.SchemaResponse
	managedResource.Schema(t.Context(), resource.SchemaRequest{}, &managed)
	none := map[string]tftypes.Value{}
	for name, attribute := range config.Schema.Attributes {
		none[name] = tftypes.NewValue(attribute.GetType().TerraformType(t.Context()), nil)
	}
	var stream list.ListResultsStream
	l.List(t.Context(), list.ListRequest{
		Config: tfsdk.Config{
			Schema: config.Schema,
			Raw:    tftypes.NewValue(config.Schema.Type().TerraformType(t.Context()), none),
		},
		ResourceSchema: managed.Schema, ResourceIdentitySchema: resourceIdentity.IdentitySchema, Limit: 100,
	}, &stream)
	stream.Results(func(result list.ListResult) bool {
		if result.Diagnostics.HasError() {
			t.Error(result.Diagnostics)
		}
		note(result.DisplayName)
		return result.DisplayName != listedID("1a")
	})
	if want := []string{"page ", listedID("a"), listedID("b"), "page 1", listedID("1a")}; !slices.Equal(events, want) {
		t.Errorf("%q, want %q", events, want)
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
