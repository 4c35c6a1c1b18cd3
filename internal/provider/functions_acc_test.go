package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// functionWorkspace is a workspace with the identity schemas of the test server as files.
func functionWorkspace(t *testing.T) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, "http://127.0.0.1:9") // functions make no request to a server
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range glob(t, filepath.Join(root, "internal", "kratostest", "schemas", "*.json")) {
		w.Write(filepath.Base(file), read(t, file))
	}
	return w
}

// The function returns the identifiers that the server then derives from the same traits.
func TestAccIdentifiers_agreement(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := acctest.AdminOf(server), functionWorkspace(t)
	name := acctest.RandomName()
	people := []struct{ schema, file, traits string }{
		{kratostest.SchemaEmail, "email", fmt.Sprintf(`{"email":"%s@Example.ORG","name":{"first":"Ada"}}`, name)},
		{kratostest.SchemaUsername, "username", fmt.Sprintf(`{"username":" %s Lovelace "}`, name)},
		{kratostest.SchemaUsername, "username", fmt.Sprintf(`{"username":"Ä%s"}`, name)},
		{kratostest.SchemaPhone, "phone", fmt.Sprintf(`{"phone":" +49 1512/%07d"}`, time.Now().UnixNano()%10_000_000)},
		{
			kratostest.SchemaTwoAddresses,
			"two_addresses",
			fmt.Sprintf(`{"email":"%s@a.example.org","backup_email":"%[1]s@b.example.org"}`, name),
		},
	}
	var config strings.Builder
	for i, person := range people {
		fmt.Fprintf(&config, "output \"person_%d\" {\n  value = provider::ory::identifiers(file(\"%s.json\"), "+
			"jsondecode(%q))\n}\n", i, person.file, person.traits)
	}
	w.WriteMain(config.String())
	w.Run("apply", "-no-color", "-auto-approve")
	for i, person := range people {
		var got []string
		if err := json.Unmarshal([]byte(w.Output("output", "-json", fmt.Sprintf("person_%d", i))), &got); err != nil {
			t.Fatal(err)
		}
		id := api.CreateIdentity(
			t,
			json.RawMessage(fmt.Sprintf(`{"schema_id":%q,"traits":%s}`, person.schema, person.traits)),
		)
		var want []string
		credentials, _ := api.GetIdentity(t, id, "code")["credentials"].(map[string]any)
		for _, credential := range credentials {
			identifiers, _ := credential.(map[string]any)["identifiers"].([]any)
			for _, identifier := range identifiers {
				want = append(want, fmt.Sprint(identifier))
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		if len(got) == 0 || !slices.Equal(got, want) && !slices.Equal(withPhonesInE164(got), want) {
			t.Errorf("%s: %q, the server has %q", person.traits, got, want)
		}
	}
}

// withPhonesInE164 returns login identifiers as servers after v26.2 store them.
func withPhonesInE164(identifiers []string) []string {
	stored := slices.Clone(identifiers)
	for i, identifier := range stored {
		if number, ok := traitschema.E164(identifier); ok {
			stored[i] = number
		}
	}
	slices.Sort(stored)
	return slices.Compact(stored)
}

// The function returns the violations that the server finds, on their paths, without the values.
func TestAccValidateTraits(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api, w := acctest.AdminOf(server), functionWorkspace(t)
	people := []struct{ schema, file, traits, want string }{
		{kratostest.SchemaEmail, "email", fmt.Sprintf(`{"email":%q,"name":{"first":"Ada"}}`, acctest.RandomEmail()), `[]`},
		{
			kratostest.SchemaEmail,
			"email",
			`{"email":"hunter22"}`,
			`[{"message":"the value is not valid \"email\"","path":"/email"}]`,
		},
		{kratostest.SchemaEmail, "email", `{"name":{"first":7}}`, `[{"message":"missing properties: \"email\"","path":""},` +
			`{"message":"expected string, but got number","path":"/name/first"}]`},
		{
			kratostest.SchemaUsername,
			"username",
			`{"username":"hunter22","tags":["a",1]}`,
			`[{"message":"expected string, but got number","path":"/tags/1"}]`,
		},
	}
	var config strings.Builder
	for i, person := range people {
		fmt.Fprintf(&config, "output \"person_%d\" {\n  value = provider::ory::validate_traits(file(\"%s.json\"), "+
			"jsondecode(%q))\n}\n", i, person.file, person.traits)
	}
	w.WriteMain(config.String())
	w.Run("apply", "-no-color", "-auto-approve")
	for i, person := range people {
		got := strings.TrimSpace(w.Output("output", "-json", fmt.Sprintf("person_%d", i)))
		if got != person.want || strings.Contains(got, "hunter22") {
			t.Errorf("%s:\n%s\nwant %s", person.traits, got, person.want)
		}
		status, _ := api.TryCreateIdentity(
			t,
			json.RawMessage(fmt.Sprintf(`{"schema_id":%q,"traits":%s}`, person.schema, person.traits)),
		)
		if fits := status == http.StatusCreated; fits != (person.want == "[]") {
			t.Errorf("%s: the server answers %d", person.traits, status)
		}
	}
}

// An unknown argument gives an unknown result, and a sensitive argument gives a sensitive result.
func TestAccIdentifiers_unknown(t *testing.T) {
	t.Parallel()
	w := functionWorkspace(t)
	w.WriteMain(`
resource "terraform_data" "email" {
  input = "Ada@example.org"
}
output "identifiers" {
  value = provider::ory::identifiers(file("email.json"), { email = terraform_data.email.output, name = null })
}
output "violations" {
  value = provider::ory::validate_traits(file("email.json"), { email = terraform_data.email.output, name = "Ada" })
}
output "sensitive" {
  sensitive = true
  value     = provider::ory::identifiers(file("email.json"), { email = sensitive("ada@example.org") })
}
`)
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "identifiers = (known after apply)") ||
		!strings.Contains(plan, "violations  = (known after apply)") ||
		strings.Contains(plan, "ada@example.org") {
		t.Errorf("the plan:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	if got := strings.TrimSpace(w.Output("output", "-json", "identifiers")); got != `["ada@example.org"]` {
		t.Error(got)
	}
}

// An error in an argument is reported on that argument.
func TestAccFunctions_errors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ call, parameter, text string }{
		"no JSON":   {`identifiers("{", {})`, "schema_json", "This schema cannot be used"},
		"no traits": {`identifiers("{\"type\":\"object\"}", {})`, "schema_json", "no properties.traits"},
		"elsewhere": {
			`identifiers(jsonencode({ properties = { traits = { "$ref" = "https://example.org/traits.json" } } }), {})`,
			"schema_json", "another document, which the provider never loads",
		},
		"a circle": {
			`identifiers(jsonencode({ properties = { traits = { "$ref" = "#/properties/traits" } } }), {})`, "schema_json", "in a circle",
		},
		"a phone number": {
			`identifiers(file("phone.json"), { phone = "01512 3456789" })`, "traits", "The login identifiers cannot be determined: the trait phone is a phone number",
		},
		"no password": {`password_hash("", "ada")`, "password", "The password is empty"},
		"no seed":     {`password_hash("secret", "")`, "salt_seed", "is empty"},
		"a foreign part": {
			`validate_traits(jsonencode({ properties = { traits = { "$ref" = "https://example.org/traits.json" } } }), {})`,
			"schema_json", "never loads",
		},
		"no schema": {`validate_traits(jsonencode({ properties = { traits = { type = 7 } } }), {})`, "schema_json", "This schema cannot be used"},
		"an extreme number of a schema": {
			`validate_traits("{\"properties\":{\"traits\":{\"properties\":{\"a\":{\"multipleOf\":1e-2000000}}}}}", { a = 1 })`,
			"schema_json", "cannot be used: it has a number with an exponent beyond 10000",
		},
		"an extreme number of traits": {
			`validate_traits("{\"properties\":{\"traits\":{\"minimum\":1}}}", { a = 1e2000000 })`,
			"traits", "The traits cannot be checked: they have a number with an exponent beyond 10000",
		},
		"null":     {`validate_traits(file("email.json"), null)`, "traits", "must not be null"},
		"a list":   {`identifiers(file("email.json"), ["ada@example.org"])`, "traits", "The traits must be an object"},
		"a string": {`identifiers(file("email.json"), "{}")`, "traits", "jsondecode()"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := functionWorkspace(t)
			w.WriteMain("output \"test\" {\n  value = provider::ory::" + test.call + "\n}\n")
			output, code := w.Try("plan", "-no-color")
			text := acctest.Unwrapped(output)
			if code == 0 || !strings.Contains(text, `Invalid value for "`+test.parameter+`" parameter`) ||
				!strings.Contains(text, test.text) ||
				strings.Contains(text, "..") {
				t.Errorf("exit code %d, want %q on %s:\n%s", code, test.text, test.parameter, output)
			}
		})
	}
}
