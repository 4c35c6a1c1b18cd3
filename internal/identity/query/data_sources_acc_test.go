package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const pluralAddress = "data.ory_identities.test"

// people returns bodies of n identities with a user name each.
func people(n int, prefix string) []any {
	bodies := make([]any, 0, n)
	for i := range n {
		bodies = append(
			bodies,
			map[string]any{"schema_id": "username", "traits": map[string]any{"username": fmt.Sprintf("%s-%d", prefix, i)}},
		)
	}
	return bodies
}

// foundIDs applies a configuration of data.ory_identities.test and returns the ids found and missing.
func foundIDs(t *testing.T, w *acctest.Workspace, attributes string) (found, missing []string) {
	t.Helper()
	w.WriteMain("data \"ory_identities\" \"test\" {\n" + attributes + "\n}\noutput \"found\" {\n  value = " +
		"data.ory_identities.test.identities[*].id\n}\noutput \"missing\" {\n  value = " +
		"data.ory_identities.test.missing_ids\n}\n")
	w.Run("apply", "-no-color", "-auto-approve")
	var outputs struct{ Found, Missing struct{ Value []string } }
	if err := json.Unmarshal([]byte(w.Output("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	return outputs.Found.Value, outputs.Missing.Value
}

// steady is the number of identities that stay while other identities are created and deleted.
const steady = 2500

// churning fills a server with identities that stay and with others. Before each request through the proxy it deletes
// some of the others and creates as many. It returns the sorted ids of the identities that stay.
func churning(t *testing.T, server *acctest.Server, proxy *acctest.Proxy) (stay []string) {
	t.Helper()
	admin := acctest.AdminOf(server)
	const churn = 30
	stay = admin.CreateIdentities(t, people(steady, "steady")...)
	slices.Sort(stay)
	passing := admin.CreateIdentities(t, people(churn, "passing")...)
	var between sync.Mutex
	proxy.Intercept(func(http.ResponseWriter, *http.Request, http.Handler) bool {
		between.Lock()
		defer between.Unlock()
		// The newest are deleted, so that the older ones stay on the pages still to be read.
		for _, id := range passing[churn/2:] {
			admin.DeleteIdentity(t, id)
		}
		passing = append(passing[:churn/2], admin.CreateIdentities(t, people(churn/2, acctest.RandomName())...)...)
		return false
	})
	return stay
}

// Each identity is listed once while others are created and deleted between the pages.
func TestAccIdentities_all(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	proxy := acctest.NewProxy(t, server.AdminURL)
	want := churning(t, server, proxy)
	w := acctest.NewWorkspace(t, proxy.URL())
	found, missing := foundIDs(t, w, "")
	if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
		t.Error("the ids aren't in order, or some come twice")
	}
	stayed := slices.DeleteFunc(found, func(id string) bool { _, is := slices.BinarySearch(want, id); return !is })
	if !reflect.DeepEqual(stayed, want) || len(missing) != 0 {
		t.Errorf("%d of %d identities were listed, %d missing", len(stayed), steady, len(missing))
	}
	if n := proxy.Count("", ""); n > 6 {
		t.Errorf("%d requests", n)
	}
}

// A request has a hundred ids. Ids that the server has no identity for are in missing_ids.
func TestAccIdentities_byIDs(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // which takes them with it
	ids := acctest.AdminOf(server).CreateIdentities(t, people(395, "ada")...)
	var absent []string
	for i := range 5 {
		absent = append(absent, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	asked := append(slices.Clone(ids), absent...)
	asked = append(asked, strings.ToUpper(ids[0]), ids[1])
	text, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	found, missing := foundIDs(t, w, "  ids = "+string(text))
	slices.Sort(ids)
	if !reflect.DeepEqual(found, ids) || !reflect.DeepEqual(missing, absent) {
		t.Errorf("found %d of %d, missing %v", len(found), len(ids), missing)
	}
	if n := proxy.Count("", ""); n > 4 {
		t.Errorf("%d requests", n)
	}
	proxy.Reset()
	if found, missing = foundIDs(t, w, "  ids = []"); len(found) != 0 || len(missing) != 0 || proxy.Count("", "") != 0 {
		t.Errorf("no ids found %d identities, by %d requests", len(found), proxy.Count("", ""))
	}
}

// Filters alone and together, and limits.
func TestAccIdentities_filters(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	ada := someone(t, admin, "ada")
	grace := create(t, admin, `{"schema_id":"preset://email","traits":{"email":"Grace@example.org"},"state":"inactive"}`)
	joan := create(t, admin, `{"schema_id":"preset://email","traits":{"email":"joan@example.org"}}`)
	everyone := []string{ada, grace, joan}
	slices.Sort(everyone)
	w := acctest.NewWorkspace(t, proxy.URL())
	type wanted struct {
		found, missing []string
		requests       int
	}
	for _, test := range []struct {
		attributes string
		want       wanted
	}{
		{``, wanted{everyone, nil, 1}},
		{`max_results = 2`, wanted{everyone[:2], nil, 1}},
		{`credentials_identifier = "ADA"`, wanted{[]string{ada}, nil, 1}},
		{`credentials_identifier = "gh:ada"`, wanted{[]string{ada}, nil, 1}},
		{`credentials_identifier = "grace@example.org"`, wanted{[]string{grace}, nil, 1}},
		{`credentials_identifier = "gh:ADA"`, wanted{nil, nil, 1}},
		{fmt.Sprintf("ids = [%q]\ncredentials_identifier = \"gh:ADA\"", ada), wanted{nil, nil, 1}},
		{fmt.Sprintf("ids = [%q]\ncredentials_identifier = \"gh:ada\"", ada), wanted{[]string{ada}, nil, 1}},
		{`credentials_identifier = "nobody"`, wanted{nil, nil, 1}},
		{`credentials_identifier = "ada"` + "\nstate = \"active\"", wanted{nil, nil, 1}},
		{`state = "inactive"`, wanted{sorted(ada, grace), nil, 1}},
		{`schema_id = "preset://email"`, wanted{sorted(grace, joan), nil, 1}},
		{`schema_id = "preset://email"` + "\nstate = \"inactive\"", wanted{[]string{grace}, nil, 1}},
		{`organization_id = "` + noUUID + `"`, wanted{nil, nil, 1}},
		{fmt.Sprintf("ids = [%q, %q]\nstate = \"active\"", joan, noUUID), wanted{[]string{joan}, []string{noUUID}, 1}},
		{fmt.Sprintf("ids = [%q, %q]\nstate = \"active\"", grace, noUUID), wanted{nil, []string{noUUID}, 1}},
		{fmt.Sprintf("ids = [%q]\ncredentials_identifier = \"ADA\"", ada), wanted{[]string{ada}, nil, 1}},
		{fmt.Sprintf("ids = [%q]\ncredentials_identifier = \"nobody\"", ada), wanted{nil, nil, 1}},
		{fmt.Sprintf("ids = [%q, %q]\nmax_results = 1", everyone[2], everyone[1]), wanted{everyone[1:2], nil, 1}},
	} {
		attributes, want := test.attributes, test.want
		proxy.Reset()
		found, missing := foundIDs(t, w, attributes)
		if !slices.Equal(found, want.found) || !slices.Equal(missing, want.missing) || proxy.Count("", "") != want.requests {
			t.Errorf("%s: found %v, missing %v, by %d requests; want %v", attributes, found, missing, proxy.Count("", ""), want)
		}
	}
}

// A state that no identity can have is an error, not an empty list.
func TestAccIdentities_noSuchState(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, "http://127.0.0.1:9")
	w.WriteMain("data \"ory_identities\" \"test\" {\n  state = \"Active\"\n}\n")
	w.ExpectFailure([]string{`state = "Active"`, `must be one of: ["active" "inactive"]`}, "validate", "-no-color")
}

// A server that has lost the schema of one identity can't list any. The error says what to do, and lookups of other
// identities work.
func TestAccIdentities_schemaRemoved(t *testing.T) {
	t.Parallel()
	var kept string
	server := acctest.Kratos(t, acctest.Options{LostSchema: &acctest.LostSchema{
		Document: schemaText(t, "username"),
		Fill: func(before *acctest.Server) {
			admin := acctest.AdminOf(before)
			create(t, admin, `{"schema_id":"lost","traits":{"username":"grace"}}`)
			kept = create(t, admin, `{"schema_id":"username","traits":{"username":"ada"}}`)
		},
	}})
	w := acctest.NewWorkspace(t, server.AdminURL)
	want := []string{
		`The JSON Schema "lost" for this identity's traits could not be found`,
		"Add the schema to the server's configuration",
		"identity.schemas",
	}
	w.WriteMain("data \"ory_identities\" \"test\" {}\n")
	w.ExpectFailure(want, "plan", "-no-color")
	w.WriteMain("data \"ory_identity\" \"test\" {\n  credentials_identifier = \"grace\"\n}\n")
	w.ExpectFailure(want, "plan", "-no-color")
	for _, filter := range []string{`ids = ["` + kept + `"]`, `credentials_identifier = "ada"`} {
		if found, _ := foundIDs(t, w, filter); !slices.Equal(found, []string{kept}) {
			t.Errorf("%s found %v", filter, found)
		}
	}
	if w.Has(acctest.Query) {
		w.WriteMain("")
		w.Write("test.tfquery.hcl", "list \"ory_identity\" \"test\" {\n  provider = ory\n}\n")
		w.ExpectFailure(want, "query", "-no-color")
	}
}

func schemaText(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("../../kratostest/schemas/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func sorted(ids ...string) []string {
	slices.Sort(ids)
	return ids
}

func TestAccIdentities_row(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	username := acctest.RandomName()
	id := someone(t, admin, username)
	row := tfjsonpath.New("identities").AtSliceIndex(0)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(server) + fmt.Sprintf("data \"ory_identities\" \"test\" {\n  "+
				"credentials_identifier = %q\n}\n", username),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(pluralAddress, row, knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"id":          knownvalue.StringExact(id),
					"schema_id":   knownvalue.StringExact("username"),
					"state":       knownvalue.StringExact("inactive"),
					"external_id": knownvalue.Null(),
					"traits_json": knownvalue.StringExact(
						fmt.Sprintf(
							`{"age":12345678901234567890,"email":"%s@example.org","profile":{"first":""},"username":%[1]q}`,
							username,
						),
					),
					"metadata_public_json": knownvalue.StringExact(`{"team":["engines",null]}`),
					"identifiers": knownvalue.MapPartial(map[string]knownvalue.Check{
						"password": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(username)}),
						"oidc":     knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("gh:" + username)}),
					}),
				})),
				statecheck.ExpectKnownValue(
					pluralAddress,
					tfjsonpath.New("metadata_admin_json"),
					knownvalue.MapExact(map[string]knownvalue.Check{
						id: knownvalue.StringExact(`{"note":"hunter2"}`),
					}),
				),
				statecheck.ExpectSensitiveValue(pluralAddress, tfjsonpath.New("metadata_admin_json")),
			},
		}},
	})
}

// The list has the identities of an organization. A server that doesn't know organizations ignores the filter, and the
// list is empty.
func TestAccIdentities_ofOrganization(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	const organization = "0c0ffee0-0000-4000-8000-000000000000"
	outside := create(t, admin, `{"schema_id":"preset://email","traits":{"email":"grace@example.org"}}`)
	var want []string
	if admin.KnowsExternalID(t) {
		want = []string{
			create(
				t,
				admin,
				`{"schema_id":"preset://email","traits":{"email":"ada@example.org"},"organization_id":"`+organization+`"}`,
			),
		}
	}
	acctest.AdminOf(server).CreateIdentities(t, people(20, "others")...)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	for _, limit := range []string{"", "\nmax_results = 1"} {
		proxy.Reset()
		found, _ := foundIDs(t, w, `organization_id = "`+strings.ToUpper(organization)+`"`+limit)
		if !slices.Equal(found, want) || slices.Contains(found, outside) || proxy.Count("", "") != 1 {
			t.Errorf("found %v by %d requests, want %v", found, proxy.Count("", ""), want)
		}
	}
}

// A failure on a later page is an error, never a shorter list.
func TestAccIdentities_failure(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	acctest.AdminOf(server).CreateIdentities(t, people(600, "a")...)
	proxy := acctest.NewProxy(t, server.AdminURL)
	proxy.FailNext(
		3,
		func(r *http.Request) bool { return r.URL.Query().Get("page_token") != "" },
		http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the disk is full"}}`,
	)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("data \"ory_identities\" \"test\" {}\n")
	w.ExpectFailure([]string{"Failed to read identities", "the disk is full"}, "plan", "-no-color")
}
