package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// person returns a resource of the schema preset://email.
func person(name, email, rest string) string {
	return fmt.Sprintf("resource \"ory_identity\" %q {\n  schema_id = \"preset://email\"\n  traits = { email = %q }\n  "+
		"%s\n}\n", name, email, rest)
}

// caller returns a resource of the schema phone, which sends codes to the phone number.
func caller(name, phone string) string {
	return fmt.Sprintf("resource \"ory_identity\" %q {\n  schema_id = \"phone\"\n  traits = { phone = %q "+
		"}\n}\n", name, phone)
}

func adopting(name, email string) string { return person(name, email, `on_conflict = "adopt"`) }

// importing returns an import block for a resource.
func importing(name, id string) string {
	return fmt.Sprintf("import {\n  to = ory_identity.%s\n  id = %q\n}\n", name, id)
}

// writes returns the number of requests through the proxy that weren't reads.
func writes(proxy *acctest.Proxy) int {
	return len(proxy.Requests()) - proxy.Count(http.MethodGet, "/")
}

// During an apply, Terraform doesn't tell a provider about unchanged resources. The plan therefore refuses a second
// resource for a person that another resource has or imports, under every policy.
func TestAccIdentity_personOfAnotherResource(t *testing.T) {
	t.Parallel()
	const sameLogin = "both have the same login identifier"
	server := acctest.Kratos(t)
	for name, test := range map[string]struct {
		state, plan string // ID and EMAIL stand for the person
		says        string
		args        []string
	}{
		"unchanged, adopt": {person("test", "EMAIL", ""), person("test", "EMAIL", "") + adopting("other", "EMAIL"), sameLogin, nil},
		"unchanged, error": {person("test", "EMAIL", ""), person("test", "EMAIL", "") + person("other", "EMAIL", ""), sameLogin, nil},
		"unchanged, spelled otherwise": {
			person("test", "EMAIL", ""), person("test", "EMAIL", "") + person("other", "tf-ACC-NAME", `on_conflict = "adopt"`), sameLogin, nil,
		},
		"unchanged, not refreshed": {person("test", "EMAIL", ""), person("test", "EMAIL", "") + adopting("other", "EMAIL"), sameLogin, []string{"-refresh=false"}},
		"updated": {
			person("test", "EMAIL", ""), person("test", "EMAIL", "metadata_public = { team = \"looms\" }") + adopting("other", "EMAIL"), sameLogin, nil,
		},
		"imported":                {"", importing("test", "ID") + person("test", "EMAIL", "") + adopting("other", "EMAIL"), sameLogin, nil},
		"imported, has it":        {person("test", "EMAIL", ""), person("test", "EMAIL", "") + importing("other", "ID") + person("other", "EMAIL", ""), "assigns it to both", nil},
		"imported twice":          {"", importing("test", "ID") + person("test", "EMAIL", "") + importing("other", "identifier=EMAIL") + person("other", "EMAIL", ""), "assigns it to both", nil},
		"replaced on demand":      {person("test", "EMAIL", ""), person("test", "EMAIL", "") + adopting("other", "EMAIL"), sameLogin, []string{"-replace=ory_identity.test"}},
		"replaced, other refused": {person("test", "EMAIL", ""), person("test", "EMAIL", "") + person("other", "EMAIL", ""), sameLogin, []string{"-replace=ory_identity.test"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, proxy := newAPI(t, server), acctest.NewProxy(t, server.AdminURL)
			w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
			var id string
			fill := func(text string) string {
				return strings.NewReplacer("ID", id, "EMAIL", email, "tf-ACC-NAME", strings.ToUpper(email)).Replace(text)
			}
			w.WriteMain(fill(test.state))
			if test.state == "" {
				id = api.Create(fill(`{"schema_id":"preset://email","traits":{"email":"EMAIL"}}`))
			} else {
				w.Run("apply", "-no-color", "-auto-approve")
				id = api.admin.FindByIdentifier(t, email)[0]
			}
			proxy.Reset()
			w.WriteMain(fill(test.plan))
			expectFailure(t, w, []string{"Two resources declare one identity", id, test.says, "Remove one of the two "},
				append([]string{"apply", "-no-color", "-auto-approve"}, test.args...)...)
			if n := writes(proxy); n != 0 {
				t.Errorf("%d writes were sent", n)
			}
			w.WriteMain(importing("test", id) + fill(person("test", "EMAIL", "")))
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// The plan refuses two new resources for one person. The error doesn't show the common value.
func TestAccIdentity_personDeclaredTwice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	email := acctest.RandomEmail()
	for name, test := range map[string]struct {
		configuration string
		on            string
	}{
		"error":     {person("test", email, "") + person("other", email, ""), "traits"},
		"adopt":     {adopting("test", email) + adopting("other", email), "traits"},
		"count":     {person("test", email, "count = 2"), "traits"},
		"for_each":  {person("test", email, `for_each = toset(["a", "b"])`), "traits"},
		"sensitive": {strings.ReplaceAll(person("test", email, "")+adopting("other", email), `"`+email+`"`, `sensitive("`+email+`")`), "traits"},
		"phone numbers, spelled otherwise": {
			caller("test", "+49 1512 3456789") + caller("other", "+49 1512-3456789"), "traits",
		},
		"external_id": {
			person("test", email, `external_id = "crm-1"`) + person("other", acctest.RandomEmail(), `external_id = "crm-1"`), "external_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(test.configuration)
			output, code := w.Try("plan", "-no-color")
			if folded := fold(output); code == 0 || !strings.Contains(folded, "Two resources declare one identity") ||
				!strings.Contains(folded, test.on+" =") {
				t.Errorf("no error on %s:\n%s", test.on, output)
			}
			if name == "sensitive" && strings.Contains(strings.ReplaceAll(output, `sensitive("`+email, ""), email) {
				t.Errorf("the error shows the address:\n%s", output)
			}
		})
	}
}
