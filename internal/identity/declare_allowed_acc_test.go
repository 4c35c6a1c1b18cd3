package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Terraform plans a replaced resource twice, once as existing and once as new. The two plans don't conflict.
func TestAccIdentity_replacedIsNotDeclaredTwice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	const cbd = "\n  lifecycle {\n    create_before_destroy = true\n  }"
	for name, test := range map[string]struct {
		rest  string
		taint bool
		stays bool // the identity stays, because the new resource takes it over
	}{
		"on demand":                  {"", false, false},
		"on demand, adopt":           {`on_conflict = "adopt"`, false, false},
		"on demand, created before":  {`on_conflict = "adopt"` + cbd, false, true},
		"tainted":                    {"", true, false},
		"tainted, adopt":             {`on_conflict = "adopt"`, true, false},
		"tainted and created before": {`on_conflict = "adopt"` + cbd, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
			w.WriteMain(person("test", email, test.rest) + person("neighbour", acctest.RandomEmail(), ""))
			w.Run("apply", "-no-color", "-auto-approve")
			before := api.admin.FindByIdentifier(t, email)[0]
			args := []string{"-replace=" + address}
			if test.taint {
				w.Run("taint", address)
				args = nil
			}
			w.Run(append([]string{"plan", "-no-color", "-out=tfplan"}, args...)...)
			w.Run("apply", "-no-color", "tfplan")
			after := api.admin.FindByIdentifier(t, email)
			if len(after) != 1 || (after[0] == before) != test.stays {
				t.Errorf("%s became %v", before, after)
			}
			w.ExpectEmptyPlan()
			// A second replacement works with the private state that the first replacement left.
			w.Run("apply", "-no-color", "-auto-approve", "-replace="+address)
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// Identifiers that move between resources in one plan are no conflict. ONE, TWO and THREE stand for names.
func TestAccIdentity_identifiersChangeHands(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	knowsExternalID := newAPI(t, server).KnowsExternalID()
	const one, two, external = "ONE@example.org", "TWO@example.org", `external_id = "ONE"`
	for name, test := range map[string]struct {
		before, after string
		fails         string // of the apply: the server takes one change after the other
	}{
		"given up to a new resource": {
			person("test", one, ""), person("test", two, "") + person("other", one, "depends_on = [ory_identity.test]"), "",
		},
		"of a resource that goes": {adopting("test", one), adopting("renamed", one), ""},
		"of a resource that moves": {person("test", one, ""), person("renamed", one, "") + "moved {\n  from = " +
			"ory_identity.test\n  to = ory_identity.renamed\n}\n", ""},
		"of a resource that is forgotten": {
			person("test", one, ""), adopting("other", one) + "removed {\n  from = ory_identity.test\n  lifecycle {\n    " +
				"destroy = false\n  }\n}\n", "",
		},
		"external id": {
			person("test", one, external), person("test", one, "") + person("other", two, external+"\n  depends_on = [ory_identity.test]"), "",
		},
		"exchanged": {person("test", one, "") + person("other", two, ""), person("test", two, "") + person("other", one, ""), "Conflict with another identity"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "external id" && !knowsExternalID {
				t.Skip("this Kratos doesn't know external_id: it came with v25.4")
			}
			w := acctest.NewWorkspace(t, server.AdminURL)
			fill := strings.NewReplacer(
				"ONE",
				acctest.RandomName(),
				"TWO",
				acctest.RandomName(),
				"THREE",
				acctest.RandomName(),
			).Replace
			w.WriteMain(fill(test.before))
			w.Run("apply", "-no-color", "-auto-approve")
			w.WriteMain(fill(test.after))
			w.Run("plan", "-no-color", "-out=tfplan")
			if test.fails != "" {
				expectFailure(t, w, []string{test.fails}, "apply", "-no-color", "tfplan")
			} else {
				w.Run("apply", "-no-color", "tfplan")
				w.ExpectEmptyPlan()
			}
			w.Run("destroy", "-no-color", "-auto-approve", "-refresh=false")
		})
	}
}

// All identifiers of a list move up by one. The order of the updates decides whether an apply succeeds, but each apply
// makes progress.
func TestAccIdentity_identifiersMoveUp(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.Kratos(t).AdminURL)
	names := acctest.RandomName()
	list := func(numbers string) string {
		return person(
			"test",
			names+"-${local.numbers[count.index]}@example.org",
			"count = length(local.numbers)",
		) + "locals {\n  numbers = [" + numbers + "]\n}\n"
	}
	w.WriteMain(list("1, 2"))
	w.Run("apply", "-no-color", "-auto-approve")
	w.WriteMain(list("3, 1, 2"))
	const most = 3
	for applies := 1; ; applies++ {
		output, code := w.Try("apply", "-no-color", "-auto-approve")
		if code == 0 {
			break
		}
		if !strings.Contains(output, "Conflict with another identity") || applies == most {
			t.Fatalf("apply %d exited with %d:\n%s", applies, code, output)
		}
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Similar identities are no conflict: a trait that would be an identifier under a condition that isn't met, and the
// same person on two servers.
func TestAccIdentity_alikeButNotOnePerson(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	t.Run("condition", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  count = 2\n  schema_id = \"two_logins\"\n"+
			"  traits = { username = \"%s-${count.index}\", nickname = \"Countess\" }\n}\n", acctest.RandomName()))
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
		w.Run("destroy", "-no-color", "-auto-approve")
	})
	t.Run("two servers", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		email := acctest.RandomEmail()
		w.WriteMain(fmt.Sprintf("provider \"ory\" {\n  alias = \"other\"\n  admin_url = "+
			"%q\n}\n", acctest.Kratos(t, acctest.Options{Alone: true}).AdminURL) +
			person("test", email, "") + person("other", email, "provider = ory.other"))
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
		w.Run("destroy", "-no-color", "-auto-approve")
	})
}

// One request for the schema determines the identifiers of all new identities. Existing identities need no request.
func TestAccIdentity_declaringAsksLittle(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	configuration := unbatched + fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  count = COUNT\n  schema_id = "+
		"\"preset://email\"\n"+
		"  traits = { email = \"${count.index}-%s\" }\n}\n", acctest.RandomEmail())
	write := func(count string) { w.WriteMain(strings.ReplaceAll(configuration, "COUNT", count)) }
	expect := func(schemas, identities int) {
		t.Helper()
		if got := proxy.Count(http.MethodGet, "/schemas"); got != schemas { // the server redirects it, which isn't counted
			t.Errorf("%d requests for schemas, want %d", got, schemas)
		}
		if got := proxy.Count("", "/admin/identities"); got != identities {
			t.Errorf("%d requests for identities, want %d", got, identities)
		}
		proxy.Reset()
	}
	write("8")
	w.Run("plan", "-no-color", "-out=tfplan")
	expect(1, 0)
	w.Run("apply", "-no-color", "tfplan")
	expect(1, 8)
	w.ExpectEmptyPlan()
	expect(0, 8)
	write("9")
	w.Run("plan", "-no-color")
	expect(1, 8)
	write("8")
	w.Run("destroy", "-no-color", "-auto-approve")
}
