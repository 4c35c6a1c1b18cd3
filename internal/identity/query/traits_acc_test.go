package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The data source and the list resource find people by the beginning of an identifier and by traits, alone and together
// with other filters. What the server answers is checked.
func TestAccIdentities_byPrefixAndTraits(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	person := func(traits, members string) string {
		return create(t, admin, fmt.Sprintf(`{"schema_id":"username","traits":%s%s}`, traits, members))
	}
	ada := person(`{"username":"Ada_B","email":"ada@example.org","age":36,"profile":{"first":"Ada","last":"Byron"}}`, `,"state":"inactive"`)
	adam := person(`{"username":"adamB","age":36,"profile":{"first":"Adam"}}`, "")
	eve := person(`{"username":"eve","profile":{"first":"Eve","last":"Byron"}}`, `,"credentials":{"oidc":{"config":{"providers":[{"provider":"gh","subject":"ADA"}]}}}`)
	zoe := person(`{"username":"zo\u00eb"}`, "")
	tests := map[string]struct {
		arguments string
		want      []string
	}{
		"prefix":                      {`credentials_identifier_prefix = "ADA"`, []string{ada, adam}},
		"prefix special to LIKE":      {`credentials_identifier_prefix = "ada_"`, []string{ada}},
		"prefix of a link":            {`credentials_identifier_prefix = "gh:A"`, []string{eve}},
		"prefix of a link, other way": {`credentials_identifier_prefix = "GH:"`, nil},
		"prefix with an accent":       {`credentials_identifier_prefix = "ZOË"`, []string{zoe}},
		"prefix, and the state":       {"credentials_identifier_prefix = \"ada\"\n  state = \"active\"", []string{adam}},
		"prefix, and ids":             {fmt.Sprintf("credentials_identifier_prefix = \"ada\"\n  ids = [%q, %q]", adam, eve), []string{adam}},
		"traits":                      {`traits = { profile = { last = "Byron" } }`, []string{ada, eve}},
		"traits, number":              {`traits = { age = 36 }`, []string{ada, adam}},
		"traits, null":                {`traits = { age = 36, profile = { last = null } }`, []string{ada, adam}},
		"traits, nobody":              {`traits = { age = "36" }`, nil},
		"traits and prefix":           {"traits = { profile = { last = \"Byron\" } }\n  credentials_identifier_prefix = \"a\"", []string{ada}},
		"empty traits":                {`traits = {}`, []string{ada, adam, eve, zoe}},
	}
	for name, test := range tests {
		slices.Sort(test.want)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			if found, _ := foundIDs(t, w, test.arguments); !slices.Equal(found, test.want) {
				t.Errorf("the data source found %v, want %v", found, test.want)
			}
			w = queryWorkspace(t, server.AdminURL)
			found := []string{}
			for id := range queried(t, w, "  config {\n    "+test.arguments+"\n  }") {
				found = append(found, id)
			}
			slices.Sort(found)
			if !slices.Equal(found, test.want) {
				t.Errorf("the query found %v, want %v", found, test.want)
			}
		})
	}
	t.Run("the server drops the prefix", func(t *testing.T) {
		t.Parallel()
		proxy := acctest.NewProxy(t, server.AdminURL)
		dropFilter(proxy, "preview_credentials_identifier_similar")
		w, want := acctest.NewWorkspace(t, proxy.URL()), []string{ada, adam}
		slices.Sort(want)
		if found, _ := foundIDs(t, w, `credentials_identifier_prefix = "ada"`); !slices.Equal(found, want) {
			t.Errorf("found %v, want %v", found, want)
		}
	})
	t.Run("no object", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		w.WriteMain("data \"ory_identities\" \"test\" {\n  traits = [1]\n}\n")
		if output, code := w.Try("plan", "-no-color"); code != 1 || !strings.Contains(output, "Value must be an object") {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	})
}

// A prefix costs requests only for those who have it.
func TestAccIdentities_prefixRequests(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	admin.CreateIdentities(t, people(1200, "other")...)
	want := admin.CreateIdentities(t, people(20, "wanted")...)
	slices.Sort(want)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	if found, _ := foundIDs(t, w, `credentials_identifier_prefix = "wanted-"`); !slices.Equal(found, want) {
		t.Errorf("found %d", len(found))
	}
	if n := proxy.Count("", ""); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
