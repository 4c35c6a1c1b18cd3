package query_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// address is the address of the list block in these tests.
const address = "ory_identity.test"

// queryWorkspace returns a workspace whose command line supports terraform query.
func queryWorkspace(t *testing.T, adminURL string) *acctest.Workspace {
	t.Helper()
	acctest.Needs(t, acctest.Query)
	w := acctest.NewWorkspace(t, adminURL)
	w.WriteMain("")
	return w
}

// queried runs the list block ory_identity.test with these arguments, and returns the display names by id.
func queried(t *testing.T, w *acctest.Workspace, arguments string) map[string]string {
	t.Helper()
	w.Write("test.tfquery.hcl", "list \"ory_identity\" \"test\" {\n  provider = ory\n"+arguments+"\n}\n")
	found := map[string]string{}
	for line := range strings.Lines(w.Output("query", "-json")) {
		var message struct {
			Found *struct {
				DisplayName string `json:"display_name"`
				Identity    struct{ ID string }
			} `json:"list_resource_found"`
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if message.Found != nil {
			if _, twice := found[message.Found.Identity.ID]; twice {
				t.Errorf("%s is found twice", message.Found.Identity.ID)
			}
			found[message.Found.Identity.ID] = message.Found.DisplayName
		}
	}
	return found
}

func TestAccIdentityList(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Query)
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	username := acctest.RandomName()
	id := someone(t, admin, username)
	other := create(t, admin, fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, acctest.RandomName()))
	t.Cleanup(func() { admin.DeleteIdentity(t, other) })
	imported := map[string]knownvalue.Check{
		"id": knownvalue.StringExact(id), "external_id": knownvalue.Null(), "identifier": knownvalue.Null(),
	}
	one := queryfilter.ByResourceIdentity(imported)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{{
			Query: true,
			Config: acctest.ProviderConfig(server) + fmt.Sprintf("list \"ory_identity\" \"test\" {\n  provider = ory\n  "+
				"include_resource = true\n"+
				"  config {\n    ids = [%q, %q]\n    state = \"inactive\"\n  }\n}\n", id, other),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength(address, 1),
				querycheck.ExpectIdentity(address, imported),
				querycheck.ExpectResourceDisplayName(address, one, knownvalue.StringExact(username)),
				querycheck.ExpectResourceKnownValues(address, one, []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("schema_id"), KnownValue: knownvalue.StringExact("username")},
					{Path: tfjsonpath.New("traits").AtMapKey("username"), KnownValue: knownvalue.StringExact(username)},
					{Path: tfjsonpath.New("deletion_policy"), KnownValue: knownvalue.StringExact("delete")},
					{Path: tfjsonpath.New("on_conflict"), KnownValue: knownvalue.StringExact("error")},
					{Path: tfjsonpath.New("credentials"), KnownValue: knownvalue.Null()},
				}),
			},
		}},
	})
}

// A query reads as many pages as its limit needs, and shows each identity under a login identifier.
func TestAccIdentityList_pages(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	acctest.AdminOf(server).CreateIdentities(t, people(1100, "ada")...)
	grace := create(t, admin, `{"schema_id":"preset://email","traits":{"email":"Grace@example.org"},"state":"inactive"}`)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := queryWorkspace(t, proxy.URL())
	name := regexp.MustCompile(`^(ada-\d+|grace@example.org)$`)
	for arguments, want := range map[string]struct{ found, requests int }{
		"":                 {100, 1}, // the command line's own default
		"  limit = 3":      {3, 1},
		"  limit = 700":    {700, 2},
		"  limit = 100000": {1101, 3},
		"  limit = 100000\n  config {\n    state = \"inactive\"\n  }":                           {1, 3},
		"  config {\n    credentials_identifier = \"GRACE@example.org\"\n  }":                   {1, 1},
		"  config {\n    ids = []\n  }":                                                         {0, 0},
		"  config {\n    ids = [\"" + grace + "\", \"" + noUUID + "\"]\n  }":                    {1, 1},
		"  limit = 5\n  include_resource = true\n  config {\n    schema_id = \"username\"\n  }": {5, 1},
	} {
		proxy.Reset()
		found := queried(t, w, arguments)
		if len(found) != want.found || proxy.Count(http.MethodGet, "/admin/identities") != want.requests ||
			proxy.Count("", "") != want.requests {
			t.Errorf("%q found %d by %d requests, want %v", arguments, len(found), proxy.Count("", ""), want)
		}
		for id, displayName := range found {
			if !name.MatchString(displayName) || (id == grace) != (displayName == "grace@example.org") {
				t.Errorf("%s is shown as %q", id, displayName)
			}
		}
	}
}

// Each identity is found once while others are created and deleted between the pages.
func TestAccIdentityList_all(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := queryWorkspace(t, proxy.URL())
	want := churning(t, server, proxy)
	found := queried(t, w, "  limit = 100000")
	for _, id := range want {
		if found[id] == "" {
			t.Errorf("%s isn't found", id)
		}
	}
	if n := proxy.Count("", ""); n > 6 {
		t.Errorf("%d requests", n)
	}
}

// A query finds the identities of an organization. A server that doesn't know organizations ignores the filter, and
// nothing is found.
func TestAccIdentityList_ofOrganization(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	const organization = "0c0ffee0-0000-4000-8000-000000000000"
	acctest.AdminOf(server).CreateIdentities(t, people(20, "others")...)
	want := map[string]string{}
	if admin.KnowsExternalID(t) {
		id := create(
			t,
			admin,
			`{"schema_id":"preset://email","traits":{"email":"ada@example.org"},"organization_id":"`+organization+`"}`,
		)
		want[id] = "ada@example.org"
	}
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := queryWorkspace(t, proxy.URL())
	for _, limit := range []string{"", "  limit = 1\n"} {
		proxy.Reset()
		found := queried(t, w, limit+"  config {\n    organization_id = \""+strings.ToUpper(organization)+"\"\n  }")
		if !maps.Equal(found, want) || proxy.Count("", "") != 1 {
			t.Errorf("found %v by %d requests, want %v", found, proxy.Count("", ""), want)
		}
	}
}

// Failures of the first page, of a later page, and of arguments are errors.
func TestAccIdentityList_errors(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	acctest.AdminOf(server).CreateIdentities(t, people(600, "ada")...)
	const broken = `{"error":{"code":500,"status":"Internal Server Error","message":"the disk is full"}}`
	for name, test := range map[string]struct {
		match  acctest.Match
		config string
		want   []string
	}{
		"first page":  {acctest.On("", "/admin/identities"), "", []string{"Failed to read identities", "the disk is full"}},
		"second page": {func(r *http.Request) bool { return r.URL.Query().Get("page_token") != "" }, "", []string{"Failed to read identities", "the disk is full"}},
		"no state":    {func(*http.Request) bool { return false }, "  config {\n    state = \"Active\"\n  }\n", []string{`must be one of: ["active" "inactive"]`}},
		"no UUID":     {func(*http.Request) bool { return false }, "  config {\n    ids = [\"ada\"]\n  }\n", []string{"must be a UUID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			proxy.FailNext(3, test.match, http.StatusInternalServerError, broken)
			w := queryWorkspace(t, proxy.URL())
			w.Write("test.tfquery.hcl", "list \"ory_identity\" \"test\" {\n  provider = ory\n  limit = 1000\n"+test.config+"}\n")
			w.ExpectFailure(test.want, "query", "-no-color")
		})
	}
}

// A warning has the ids that the server has no identity for, unless the limit ended the query earlier.
func TestAccIdentityList_missing(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := queryWorkspace(t, server.AdminURL)
	id := create(
		t,
		acctest.AdminOf(server),
		fmt.Sprintf(`{"schema_id":"username","traits":{"username":%q}}`, acctest.RandomName()),
	)
	for _, limit := range []string{"", "  limit = 1\n"} {
		w.Write("test.tfquery.hcl", fmt.Sprintf("list \"ory_identity\" \"test\" {\n  provider = ory\n%s  config {\n    ids "+
			"= [%q, %q]\n  }\n}\n", limit, id, noUUID))
		output := acctest.Unwrapped(w.Run("query", "-no-color"))
		warned := strings.Contains(output, "Warning: Identities not found") &&
			strings.Contains(output, "argument ids: "+noUUID+".")
		if !strings.Contains(output, id) || warned != (limit == "") {
			t.Errorf("limit %q: %s", limit, output)
		}
	}
}

// Results have no secrets, because terraform query -json prints sensitive values in clear text.
func TestAccIdentityList_showsNoSecrets(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := queryWorkspace(t, server.AdminURL)
	id := someone(t, acctest.AdminOf(server), acctest.RandomName())
	w.Write("test.tfquery.hcl", fmt.Sprintf("list \"ory_identity\" \"test\" {\n  provider = ory\n  include_resource = "+
		"true\n  config {\n    ids = [%q]\n  }\n}\n", id))
	output := w.Output("query", "-json")
	if !strings.Contains(output, `"metadata_public":{"team":["engines",null]}`) || strings.Contains(output, "hunter2") {
		t.Errorf("the output:\n%s", output)
	}
}

// varied returns bodies of identities of many shapes.
func varied(n int, external bool) []any {
	metadata := []string{
		`null`, `{}`, `[]`, `""`, `"text"`, `true`, `{"team":"engines","level":1.50,"none":null}`, `[1,"two",{"three":[]}]`, `{"nested":{"empty":""}}`,
		`{"${template}":"%{if} \"quoted\" \\ \n newline"}`,
	}
	traits := []string{
		`{}`, `{"age":12345678901234567890}`, `{"balance":-0.1}`, `{"active":false,"tags":[]}`, `{"tags":["","a","a"]}`, `{"scores":[1,2.5,1e3]}`,
		`{"profile":{"first":"","address":{"city":"Köln"}}}`, `{"profile":{}}`, `{"attributes":{"a":null,"b":[null,[[]]],"c d":{"é":"e\u0301"}}}`,
		`{"attributes":{"x.y":1,"$${z}":"${not} %{a template}","line":"one\ntwo","tab":"\t"}}`, `{"email":"Mixed.Case@Example.org"}`,
	}
	bodies := make([]any, 0, n)
	for i := range n {
		var own map[string]any
		if err := json.Unmarshal([]byte(traits[i%len(traits)]), &own); err != nil {
			panic(err)
		}
		own["username"] = fmt.Sprintf("Person %d", i)
		if own["email"] != nil {
			own["email"] = fmt.Sprintf("Mixed.Case%d@Example.org", i)
		}
		if own["age"] != nil {
			own["age"] = json.RawMessage("12345678901234567890")
		}
		body := map[string]any{
			"schema_id": "username", "traits": own, "state": []string{"active", "inactive"}[i%2],
			"metadata_public": json.RawMessage(
				metadata[i%len(metadata)],
			), "metadata_admin": json.RawMessage(metadata[(i/3)%len(metadata)]),
		}
		if i%5 == 0 {
			body["credentials"] = map[string]any{
				"password": map[string]any{"config": map[string]any{"password": "correct horse battery"}},
				"oidc": map[string]any{
					"config": map[string]any{"providers": []any{map[string]any{"provider": "gh", "subject": fmt.Sprint(i)}}},
				},
			}
		}
		if external && i%7 == 0 {
			body["external_id"], body["organization_id"] = fmt.Sprintf("crm-%d", i), "0c0ffee0-0000-4000-8000-000000000000"
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// The configuration that terraform query generates imports identities of all shapes and changes nothing.
func TestAccIdentityList_generatedConfiguration(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := queryWorkspace(t, server.AdminURL)
	const total = 50
	ids := acctest.AdminOf(server).CreateIdentities(t, varied(total, acctest.AdminOf(server).KnowsExternalID(t))...)
	w.Write("all.tfquery.hcl", "list \"ory_identity\" \"all\" {\n  provider = ory\n  include_resource = true\n}\n")
	w.Run("query", "-no-color", "-generate-config-out=generated.tf")
	if blocks := strings.Count(w.Read("generated.tf"), "\nimport {"); blocks != total {
		t.Fatalf("%d import blocks", blocks)
	}
	proxy := acctest.NewProxy(t, server.AdminURL)
	w.Env = append(w.Env, "ORY_ADMIN_URL="+proxy.URL())
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to "+
		"change, 0 to destroy.", total)) {
		t.Fatalf("the plan does more than import:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	if writes := proxy.Count("", "") - proxy.Count(http.MethodGet, ""); writes != 0 {
		t.Errorf("%d writes", writes)
	}
	if n := strings.Count(w.Run("state", "list"), "ory_identity."); n != len(ids) {
		t.Errorf("%d identities are in the state", n)
	}
}
