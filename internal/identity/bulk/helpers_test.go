package bulk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// rows are the rows of a configuration: people with an e-mail address each.
func rows(prefix string, n int) map[string]map[string]any {
	all := map[string]map[string]any{}
	for i := range n {
		all[key(i)] = map[string]any{
			"traits":          map[string]any{"email": email(prefix, i), "name": map[string]any{"first": fmt.Sprint("Person ", i)}},
			"metadata_public": map[string]any{"number": i},
		}
	}
	return all
}

func key(i int) string { return fmt.Sprintf("k%05d", i) }

func email(prefix string, i int) string { return fmt.Sprintf("%s-%05d@example.org", prefix, i) }

// configure writes a configuration with these rows. The rows are in a file, as users have them.
func configure(t *testing.T, w *acctest.Workspace, people map[string]map[string]any, attributes string) {
	t.Helper()
	content, err := json.Marshal(people)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("people.json", string(content))
	w.WriteMain(`
resource "ory_identities" "people" {
  schema_id  = "preset://email"
  identities = jsonencode(jsondecode(file("people.json")))
` + attributes + `
}
`)
}

// expectPeople fails the test unless the server has exactly this number of identities with addresses of the prefix.
func expectPeople(t *testing.T, server *acctest.Server, prefix string, n int) map[string]map[string]any {
	t.Helper()
	found := people(t, server, prefix)
	if len(found) != n {
		t.Fatalf("the server has %d identities, not %d", len(found), n)
	}
	return found
}

// people returns the identities of the server by e-mail address. Two with one address are an error.
func people(t *testing.T, server *acctest.Server, prefix string) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for _, identity := range withTrait(t, server, "email", prefix+"-") {
		address, _ := identity["traits"].(map[string]any)["email"].(string)
		if found[address] != nil {
			t.Fatalf("%s twice", address)
		}
		found[address] = identity
	}
	return found
}

// withTrait returns the identities of the server that have a trait with this beginning.
func withTrait(t *testing.T, server *acctest.Server, name, prefix string) (found []map[string]any) {
	t.Helper()
	query := url.Values{"page_size": {"500"}}
	for {
		resp, err := http.Get(server.AdminURL + "/admin/identities?" + query.Encode())
		if err != nil {
			t.Fatal(err)
		}
		var page []map[string]any
		err = json.NewDecoder(resp.Body).Decode(&page)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, identity := range page {
			if value, _ := identity["traits"].(map[string]any)[name].(string); strings.HasPrefix(value, prefix) {
				found = append(found, identity)
			}
		}
		if len(page) < 500 {
			return found
		}
		query.Set("page_token", page[len(page)-1]["id"].(string))
	}
}

// ids returns the document of ids of the state.
func ids(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, r := range state.Resources {
		if r.Type != "ory_identities" {
			continue
		}
		if err := json.Unmarshal([]byte(r.Instances[0].Attributes["ids"].(string)), &found); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// expectAll fails the test unless the text has every part.
func expectAll(t *testing.T, output string, parts ...string) {
	t.Helper()
	text := acctest.Unwrapped(output)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q isn't in the output:\n%s", part, output)
		}
	}
}
