package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The answer to a create with all attributes is lost. The server has one identity with all attributes.
func TestAccIdentity_lostAnswerOfCreateWithEverything(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	l.proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/identities"))
	email := l.username + "@example.org"
	w := acctest.NewWorkspace(t, l.proxy.URL())
	w.WriteMain(person("test", email, fmt.Sprintf("verified_addresses = [%q]\n  metadata_admin = { note = \"kept\" }\n  "+
		"%s",
		email, credentialsOf(hashOf(hashes["bcrypt"]), oidcOf(l.github, l.google)))))
	w.Run("apply", "-no-color", "-auto-approve")
	found := l.admin.FindByIdentifier(t, email)
	if len(found) != 1 || l.proxy.Count(http.MethodPost, "/admin/identities") != 1 {
		t.Fatalf("%d identities, %d creates", len(found), l.proxy.Count(http.MethodPost, "/admin/identities"))
	}
	l.id = found[0]
	if state := w.Run("state", "show", "-no-color", address); !strings.Contains(state, l.id) {
		t.Errorf("the state has another identity than %s:\n%s", l.id, state)
	}
	if err := l.has(l.github, l.google)(nil); err != nil {
		t.Error(err)
	}
	if !l.addresses(l.id)[email] {
		t.Error("the address isn't verified")
	}
	if err := l.Compare(l.id, `{"metadata_admin":{"note":"kept"},"state":"active"}`); err != nil {
		t.Error(err)
	}
	if _, err := acctest.Login(t.Context(), l.server.PublicURL, email, hashed); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	// Terraform owns all attributes. An apply without them clears everything except the password.
	w.WriteMain(person("test", email, ""))
	w.Run("apply", "-no-color", "-auto-approve")
	if err := l.has()(nil); err != nil || l.addresses(l.id)[email] {
		t.Errorf("links: %v; verified: %v", err, l.addresses(l.id)[email])
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// pagerSchema has an address that looks like a phone number and is reached by e-mail. Without the schema, the provider
// learns that from the answer, and verifies the address with one more patch.
const pagerSchema = `{
  "$id": "https://schemas.example.org/pager.schema.json",
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "traits": {
      "type": "object",
      "properties": {
        "email": {"type": "string", "format": "email", "ory.sh/kratos": {
          "credentials": {"password": {"identifier": true}}, "verification": {"via": "email"}}},
        "pager": {"type": "string", "format": "no-validate", "ory.sh/kratos": {"verification": {"via": "email"}}}
      },
      "required": ["email"]
    }
  }
}`

func pagerServer(t *testing.T) *acctest.Server {
	t.Helper()
	return acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"pager": pagerSchema}})
}

// withPager is the configuration of a person with these traits, and pagers that count as verified.
func withPager(traits map[string]string, verified ...string) string {
	return strings.Replace(withAddresses(traits, verified), `"two_addresses"`, `"pager"`, 1)
}

// pagerNumber returns a number that is no phone number anywhere, and that no other test uses.
func pagerNumber() string { return "+0" + acctest.RandomPhone()[1:] }

// The patch that verifies an address after the create fails. The identity is in the state as tainted, and the error
// explains how to keep it.
func TestAccVerified_extraPatchOfCreateFails(t *testing.T) {
	t.Parallel()
	server := pagerServer(t)
	for _, untaint := range []bool{false, true} {
		t.Run(fmt.Sprintf("untaint %v", untaint), func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, server)
			proxy := acctest.NewProxy(t, server.AdminURL)
			hideSchemas(proxy)
			failPatches(proxy, 1)
			email, number := acctest.RandomEmail(), pagerNumber()
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WriteMain(
				"resource \"ory_identity\" \"test\" {\n" +
					withPager(map[string]string{"email": email, "pager": number}, number) + "}\n",
			)
			expectFailure(
				t,
				w,
				[]string{"Address not verified", number, "the verifier is on fire", "tainted", "terraform untaint"},
				"apply",
				"-no-color",
				"-auto-approve",
			)
			before := api.admin.FindByIdentifier(t, email)
			if len(before) != 1 || !strings.Contains(w.Run("state", "list"), address) {
				t.Fatalf("%v isn't in the state", before)
			}
			proxy.Reset()
			hideSchemas(proxy)
			if untaint {
				w.Run("untaint", address)
			}
			w.Run("apply", "-no-color", "-auto-approve")
			after := api.admin.FindByIdentifier(t, email)
			if len(after) != 1 || (after[0] == before[0]) != untaint {
				t.Errorf("%v became %v", before, after)
			}
			if !api.addresses(after[0])[number] {
				t.Errorf("not verified: %v", api.addresses(after[0]))
			}
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// The same patch fails in an update. The state has what succeeded, and the next plan has only the rest.
func TestAccVerified_extraPatchOfUpdateFails(t *testing.T) {
	t.Parallel()
	server := pagerServer(t)
	api := newAPI(t, server)
	proxy := acctest.NewProxy(t, server.AdminURL)
	email, number := acctest.RandomEmail(), pagerNumber()
	w := acctest.NewWorkspace(t, proxy.URL())
	write := func(traits map[string]string, rest string, verified ...string) {
		w.WriteMain("resource \"ory_identity\" \"test\" {\n" + withPager(traits, verified...) + rest + "}\n")
	}
	write(map[string]string{"email": email}, "")
	w.Run("apply", "-no-color", "-auto-approve")
	id := api.admin.FindByIdentifier(t, email)[0]
	proxy.Reset()
	hideSchemas(proxy)
	failPatches(proxy, 2)
	write(map[string]string{"email": email, "pager": number}, "  "+credentialsOf(somePassword)+"\n", number)
	expectFailure(
		t,
		w,
		[]string{"Address not verified", number, "the verifier is on fire", "next plan shows the remaining changes"},
		"apply",
		"-no-color",
		"-auto-approve",
	)
	if err := api.Compare(id, fmt.Sprintf(`{"traits":{"email":%q,"pager":%q}}`, email, number)); err != nil {
		t.Error(err)
	}
	proxy.Reset()
	hideSchemas(proxy)
	plan := w.Run("plan", "-no-color")
	if !strings.Contains(plan, "0 to add, 1 to change, 0 to destroy") || strings.Contains(plan, "+ pager") ||
		!strings.Contains(plan, "+ password ") {
		t.Errorf("the plan isn't the rest:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	if !api.addresses(id)[number] {
		t.Errorf("not verified: %v", api.addresses(id))
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "some password"); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// failPatches makes the nth next patch of an identity and all later patches fail before they reach the server.
func failPatches(proxy *acctest.Proxy, n int) {
	isPatch := acctest.On(http.MethodPatch, "/admin/identities/")
	var seen atomic.Int64
	proxy.FailNext(
		1_000_000,
		func(r *http.Request) bool { return isPatch(r) && seen.Add(1) >= int64(n) },
		http.StatusInternalServerError,
		`{"error":{"code":500,"status":"Internal Server Error","message":"the verifier is on fire"}}`,
	)
}
