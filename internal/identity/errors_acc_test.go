package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Each mistake of a user gives an error on the right attribute (the error quotes the line of the configuration), with
// the server's message and a remedy. The server alone checks the traits here.
func TestAccIdentity_mistakes(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	taken := acctest.RandomEmail()
	existing := api.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, taken))
	t.Cleanup(func() { api.Delete(existing) })
	email := acctest.RandomEmail()
	tests := map[string]struct {
		attributes string
		want       []string
		atPlan     bool
	}{
		"trait that breaks the schema": {
			"  schema_id = \"preset://email\"\n  traits = {\n    email = \"no address\"\n  }",
			[]string{
				`email = "no address"`,
				`is not valid "email"`,
				`refuses traits.email because of the identity schema "preset://email"`,
			},
			false,
		},
		"nested traits that break the schema": {
			"  schema_id = \"username\"\n  traits = {\n    username = \"x\"\n    profile = {\n      first = 1\n    }\n    " +
				"tags = [\"a\", 2]\n  }",
			[]string{"first = 1", "expected string, but got number", "traits.profile.first", "traits.tags.1"},
			false,
		},
		"missing trait": {
			"  schema_id = \"preset://email\"\n  traits = {}",
			[]string{"traits = {}", `missing properties: "email"`},
			false,
		},
		"unknown trait": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q, nick = \"x\" }", email),
			[]string{"traits = {", "refuses traits.(key 2 of 2 in alphabetical order)", "the schema has no property with this name"},
			false,
		},
		"unknown schema": {
			fmt.Sprintf("  schema_id = \"customer\"\n  traits = { email = %q }", email),
			[]string{`schema_id = "customer"`, "Unable to find JSON Schema ID: customer", `"preset://email"`, `"username"`},
			false,
		},
		"conflict": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }", taken),
			[]string{"traits = {", "conflicts with another identity", "import {"},
			false,
		},
		"password too long": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { value = "+
				"%q } }", email, strings.Repeat("ä", 37)),
			[]string{"Password too long", "credentials.password.value is 74 bytes long", "at most 72 bytes"},
			true,
		},
		"empty password": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { value = "+
				"\"\" } }", email),
			[]string{"Empty password", "set it to null"},
			true,
		},
		"two passwords": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { value = "+
				"\"one password\", value_wo = \"two\", wo_version = 1 } }", email),
			[]string{
				`Attribute "credentials.password.value" cannot be specified when "credentials.password.value_wo" is specified`,
			},
			true,
		},
		"a hash and a hook": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { hash_wo "+
				"= \"$2a$04$abcdefghijklmnopqrstuuvI0HmGVK3r8EIAjvyb3s5LHBV0m7iWi\", wo_version = 1, migration_hook = true } "+
				"}", email),
			[]string{`Attribute "credentials.password.hash_wo" cannot be specified when "credentials.password.migration_hook"`},
			true,
		},
		"no hash at all": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { hash = "+
				"\"s3cret, not hashed\" } }", email),
			[]string{"Unknown password hash format", "argon2 ($argon2id$)", "Set a plain password in value or value_wo"},
			true,
		},
		"unknown policies": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  on_conflict = \"replace\"\n  "+
				"deletion_policy = \"archive\"", email),
			[]string{`"error" "adopt"`, `"delete" "deactivate" "retain"`},
			true,
		},
		"write-only password without version": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = { password = { value_wo "+
				"= \"one password\" } }", email),
			[]string{"credentials.password.wo_version", "must be specified when"},
			true,
		},
		"traits as JSON": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = jsonencode({ email = %q })", email),
			[]string{"Value must be an object", "a string", "jsondecode()"},
			true,
		},
		"traits as list": {
			"  schema_id = \"preset://email\"\n  traits = [\"x\"]", []string{"Value must be an object"}, true,
		},
		"no traits": {"  schema_id = \"preset://email\"\n  traits = null", []string{"traits"}, true},
		"metadata that is a bare number": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  metadata_public = 5", email),
			[]string{"Metadata cannot be a number", "metadata_public is a number", "Set an object instead"},
			true,
		},
		"sensitive trait that breaks the schema": {
			"  schema_id = \"preset://email\"\n  traits = {\n    email = sensitive(\"no s3cret address\")\n  }",
			[]string{"refuses traits.email", `the value is not valid "email"`},
			false,
		},
		"unknown state": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  state = \"blocked\"", email),
			[]string{`"active" "inactive"`, "blocked"},
			true,
		},
		"organization that is no UUID": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  organization_id = \"acme\"", email),
			[]string{"organization_id must be a UUID"},
			true,
		},
		"external_id too long": {
			fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n  external_id = "+
				"%q", email, strings.Repeat("x", 65)),
			[]string{"external_id", "64"},
			true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain("provider \"ory\" {\n  validate_traits = false\n}\nresource \"ory_identity\" \"test\" " +
				"{\n" + test.attributes + "\n}\n")
			if test.atPlan {
				expectFailure(t, w, test.want, "plan", "-no-color")
				return
			}
			w.Run("plan", "-no-color")
			expectFailure(t, w, test.want, "apply", "-no-color", "-auto-approve")
			if state := w.Run("state", "list"); strings.Contains(state, address) {
				t.Error("what was refused is in the state")
			}
		})
	}
}

// expectFailure runs a command that must fail and print all of want. It ignores line breaks.
func expectFailure(t *testing.T, w *acctest.Workspace, want []string, args ...string) {
	t.Helper()
	w.ExpectFailure(want, args...)
}

// fold is [acctest.Unwrapped].
func fold(text string) string { return acctest.Unwrapped(text) }

// If the server doesn't support an attribute, the error names the required version.
func TestAccIdentity_externalIDUnknownToServer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	if api.KnowsExternalID() {
		t.Skip("this Kratos knows external_id: the error is for servers before v25.4")
	}
	w := acctest.NewWorkspace(t, server.AdminURL)
	email := acctest.RandomEmail()
	write := func(rest string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { "+
			"email = %q }\n  %s\n}\n", email, rest))
	}
	write(`external_id = "crm-1"`)
	expectFailure(
		t,
		w,
		[]string{`external_id = "crm-1"`, "needs Kratos v25.4 or later"},
		"apply",
		"-no-color",
		"-auto-approve",
	)

	// The server answers the update with success but ignores the attribute. The apply must fail.
	write("")
	w.Run("apply", "-no-color", "-auto-approve")
	write("external_id = \"crm-1\"\n  metadata_public = { team = \"engines\" }")
	expectFailure(
		t,
		w,
		[]string{`external_id = "crm-1"`, "ignored", "needs Kratos v25.4 or later"},
		"apply",
		"-no-color",
		"-auto-approve",
	)
	if _, code := w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 {
		t.Errorf("the next plan has exit code %d: it doesn't show what is left to do", code)
	}
	write(`metadata_public = { team = "engines" }`)
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// If the provider's configuration is wrong, another server answers in place of Kratos, and the error explains the
// mistake.
func TestAccProvider_wrongServer(t *testing.T) {
	t.Parallel()
	html := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<html><body>nothing here</body></html>"))
	}))
	t.Cleanup(html.Close)
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":{"code":401,"status":"Unauthorized","reason":"Access credentials are invalid"}}`))
	}))
	t.Cleanup(locked.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, test := range map[string]struct {
		url  string
		want []string
	}{
		"wrong path":  {html.URL + "/kratos", []string{"404", "not an answer of the Kratos admin API", "admin_url (or ORY_ADMIN_URL)", "4434"}},
		"wrong key":   {locked.URL, []string{"Access credentials are invalid", "api_key or api_key_file (or ORY_API_KEY)"}},
		"unreachable": {closed.URL, []string{"connection refused", "Check that the server runs", "admin_url"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, test.url)
			w.WriteMain("provider \"ory\" {\n  api_key = \"key-that-is-secret\"\n  max_retries = 1\n}\nresource " +
				"\"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = \"ada@example.org\" }\n}\n")
			w.Run("plan", "-no-color")
			output, code := w.Try("apply", "-no-color", "-auto-approve")
			if code == 0 {
				t.Fatal("apply succeeded")
			}
			for _, text := range test.want {
				if !strings.Contains(fold(output), text) {
					t.Errorf("it doesn't say %q:\n%s", text, output)
				}
			}
			if strings.Contains(output, "key-that-is-secret") {
				t.Error("it shows the key")
			}
		})
	}
}
