package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Traits that break their identity schema are refused while planning, on the line that is wrong.
func TestAccIdentity_traitsAtPlan(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	tests := map[string]struct {
		before, attributes string
		want               []string
		lines              []string // that newer command lines show; older ones show the line of the resource
	}{
		"on the line that is wrong": {
			attributes: "  schema_id = \"username\"\n  traits = {\n    username = \"x\"\n    profile = {\n      first = " +
				"1\n    }\n    tags = [\n      \"a\",\n      2,\n    ]\n    age = \"6\"\n    zzz = true\n  }",
			want: []string{
				`The identity schema "username" refuses traits.profile.first: expected string, but got number. Correct the trait.`,
				`The identity schema "username" refuses traits.age: expected integer, but got string.`,
				`The identity schema "username" refuses traits.(key 5 of 5 in alphabetical order): the schema has no property with this name; it has "active", "age", `,
				`The identity schema "username" refuses traits.tags.1: expected string, but got number.`, "set validate_traits = false in the provider block",
			},
			lines: []string{"first = 1", `age = "6"`, "zzz = true", ": 2,"},
		},
		"missing": {
			attributes: "  schema_id = \"preset://email\"\n  traits = {}",
			want: []string{
				`traits = {} The identity schema "preset://email" refuses traits: missing properties: "email".`,
			},
		},
		"beside what isn't known": {
			before: "resource \"terraform_data\" \"later\" {\n  input = \"ada\"\n}\n",
			attributes: "  schema_id = \"username\"\n  traits = {\n    username = terraform_data.later.output\n    tags = " +
				"\"a\"\n  }",
			want:  []string{`The identity schema "username" refuses traits.tags: expected array, but got string.`},
			lines: []string{`tags = "a"`},
		},
		"without its value": {
			before:     "variable \"address\" {\n  type = string\n  default = \"hunter2\"\n  sensitive = true\n}\n",
			attributes: "  schema_id = \"preset://email\"\n  traits = {\n    email = var.address\n  }",
			want:       []string{`refuses traits.email: the value is not valid "email"`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(test.before + "resource \"ory_identity\" \"test\" {\n" + test.attributes + "\n}\n")
			want := test.want
			if w.Has(acctest.NestedLines) {
				want = append(want, test.lines...)
			}
			expectFailure(t, w, want, "plan", "-no-color")
			if output, _ := w.Try("plan", "-no-color"); strings.Contains(output, "hunter2") {
				t.Errorf("the plan shows the secret:\n%s", output)
			}
		})
	}
}

// The plan checks the traits of an update whenever the update sends something, as the server does.
func TestAccIdentity_traitsAtPlanOfUpdate(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	username := acctest.RandomName()
	write := func(age, rest string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = "+
			"%q, age = %s }\n%s\n}\n", username, age, rest))
	}
	write("36", "")
	w.Run("apply", "-no-color", "-auto-approve")
	write(`"36 years"`, "")
	expectFailure(t, w, []string{"refuses traits.age: expected integer, but got string"}, "plan", "-no-color")
	w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { "+
		"username = %q, age = 36 }\n}\n", username))
	expectFailure(
		t,
		w,
		[]string{
			`The identity schema "preset://email" refuses traits: missing properties: "email"`,
			`refuses traits.(key 1 of 2 in alphabetical order): the schema has no property with this name; it has "email"`,
		},
		"plan",
		"-no-color",
	)
	write("36", "  metadata_public = { team = \"engines\" }")
	proxy.Reset()
	w.Run("plan", "-no-color")
	if n := proxy.Count(http.MethodGet, "/schemas"); n != 1 {
		t.Errorf("%d requests for the schema, want 1", n)
	}
	write("36", "  deletion_policy = \"retain\"")
	proxy.Reset()
	w.Run("plan", "-no-color")
	if n := proxy.Count(http.MethodGet, "/schemas"); n != 0 {
		t.Errorf("%d requests for a schema that nothing is checked against", n)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The plan finds two wrong traits among a thousand identities, each by its key, before any identity is created. It
// reads the schema once.
func TestAccIdentity_traitsAtPlanOfMany(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain(`locals {
  people = merge({ for i in range(1000) : format("person-%04d", i) => { age = i } }, { "person-0617" = { age = "old" }, "person-0618" = { age = "old" } })
}
resource "ory_identity" "people" {
  for_each  = local.people
  schema_id = "username"
  traits = {
    username = each.key
    age      = each.value.age
  }
}
`)
	expectFailure(
		t,
		w,
		[]string{
			`with ory_identity.people["person-0617"]`,
			`with ory_identity.people["person-0618"]`,
			"refuses traits.age: expected integer, but got string",
			"This is occurrence 2 of this error.",
		},
		"plan",
		"-no-color",
	)
	// v1.3 answers with a redirect, which also passes the proxy.
	if schemas, others := proxy.Count(http.MethodGet, "/schemas"), proxy.Count("", "/admin/identities"); schemas != 1 ||
		others != 0 {
		t.Errorf("%d requests for schemas and %d for identities, want 1 and 0: %v", schemas, others, proxy.Requests())
	}
}

// The plan refuses a schema_id that the server doesn't have, and lists the server's ids. It requests the list once.
func TestAccIdentity_unknownSchemaAtPlan(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("resource \"ory_identity\" \"test\" {\n  count = 3\n  schema_id = \"default\"\n  traits = { email = " +
		"\"ada@example.org\" }\n}\n")
	expectFailure(t, w, []string{
		"Unknown identity schema", `schema_id = "default"`, `has no identity schema "default"`, `This server has: `, `"preset://email"`, `"username"`,
		"This is occurrence 3 of this error.",
	}, "plan", "-no-color")
	if n := proxy.Count("", "/schemas"); n != 2 {
		t.Errorf("%d requests about schemas, want one for the schema and one for the list: %v", n, proxy.Requests())
	}
	w.WriteMain("provider \"ory\" {\n  validate_traits = false\n}\nresource \"ory_identity\" \"test\" {\n  schema_id = " +
		"\"default\"\n  traits = {}\n}\n")
	w.Run("plan", "-no-color")

	// An update gives the same error.
	email := acctest.RandomEmail()
	write := func(schema string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = %q\n  traits = { email = %q "+
			"}\n}\n", schema, email))
	}
	write("preset://email")
	w.Run("apply", "-no-color", "-auto-approve")
	write("preset://emial")
	expectFailure(t, w, []string{`has no identity schema "preset://emial"`, `"preset://email"`}, "plan", "-no-color")
	write("preset://email")
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The server alone checks the traits if the schema isn't available or the check is switched off.
func TestAccIdentity_traitsNotCheckedAtPlan(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const resource = "resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = " +
		"\"none\" }\n}\n"
	tests := map[string]struct {
		provider string
		fail     func(*acctest.Proxy)
	}{
		"turned off": {"provider \"ory\" {\n  validate_traits = false\n}\n", func(*acctest.Proxy) {}},
		"no schemas": {"", hideSchemas},
		"schemas nowhere to be had": {"provider \"ory\" {\n  public_url = " +
			"\"http://127.0.0.1:9\"\n}\n", func(*acctest.Proxy) {}},
		"schemas that never answer": {"", func(p *acctest.Proxy) { p.Delay(acctest.On("", "/schemas"), time.Hour) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			test.fail(proxy)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain(test.provider + resource)
			began := time.Now()
			w.Run("plan", "-no-color")
			if took := time.Since(began); name == "schemas nowhere to be had" && took > 8*time.Second {
				t.Errorf("the plan took %s", took)
			}
			expectFailure(t, w, []string{"is not valid \"email\"", "request id"}, "apply", "-no-color", "-auto-approve")
		})
	}
}

// The plan warns of an unusable schema, because the server would answer with a 500 without a reason. It also explains
// how to convert texts of csvdecode to numbers.
func TestAccIdentity_schemaThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.HasPrefix(r.URL.Path, "/schemas/") {
			return false
		}
		_, _ = w.Write(
			[]byte(
				`{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"traits":{"type":"object"}}}`,
			),
		)
		return true
	})
	w := acctest.NewWorkspace(t, proxy.URL())
	w.WriteMain("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = \"ada\" }\n}\n")
	if output := acctest.Unwrapped(w.Run("plan", "-no-color")); !strings.Contains(
		output,
		"Identity schema cannot be used",
	) ||
		!strings.Contains(output, "draft") {
		t.Errorf("no warning:\n%s", output)
	}
	proxy.Reset()
	w.WriteMain("locals {\n  row = csvdecode(\"username,age\\nada,36\\n\")[0]\n}\nresource \"ory_identity\" \"test\" " +
		"{\n  schema_id = \"username\"\n  traits = { username = local.row.username, age = local.row.age }\n}\n")
	expectFailure(t, w, []string{"refuses traits.age: expected integer, but got " +
		"string", "tonumber()"}, "plan", "-no-color")
	w.WriteMain("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = null\n}\n")
	if output, _ := w.Try("plan", "-no-color"); strings.Count(output, "Error: ") != 1 {
		t.Errorf("not one error:\n%s", output)
	}
	// The plan refuses a configuration that can only fail.
	w.WriteMain("provider \"ory\" {\n  headers = { A = null }\n}\nresource \"ory_identity\" \"test\" {\n  schema_id = " +
		"\"username\"\n  traits = { username = \"ada\" }\n}\n")
	if output, code := w.Try("plan", "-no-color"); code == 0 ||
		strings.Contains(output, "always an error in the provider") ||
		!strings.Contains(output, "headers") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	for _, timeout := range []string{"0s", "-5s"} {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = "+
			"\"ada\" }\n  timeouts {\n    create = %q\n  }\n}\n", timeout))
		expectFailure(t, w, []string{"Invalid duration", "timeouts.create must be a positive duration"}, "plan", "-no-color")
	}
}
