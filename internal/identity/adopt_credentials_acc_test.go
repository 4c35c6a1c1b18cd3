package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The warning of an adoption lists the credentials that were set. Later, credentials of the person stay and credentials
// of Terraform are deleted.
func TestAccIdentity_adoptWithCredentials(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	email := l.username + "@example.org"
	l.id = l.Create(
		fmt.Sprintf(
			`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{"password":"their own"}}}}`,
			email,
		),
	)
	l.link(l.id, l.github)
	w := acctest.NewWorkspace(t, l.server.AdminURL)
	apply := func(rest string) string {
		w.WriteMain(person("test", email, "on_conflict = \"adopt\"\n  "+rest))
		output := w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
		return fold(output)
	}
	expect := func(verified bool, links ...string) {
		t.Helper()
		if err := l.has(links...)(nil); err != nil {
			t.Error(err)
		}
		if got := l.addresses(l.id)[email]; got != verified {
			t.Errorf("the address is verified: %v, want %v", got, verified)
		}
		if _, err := acctest.Login(t.Context(), l.server.PublicURL, email, hashed); err != nil {
			t.Error(err)
		}
	}
	output := apply(
		fmt.Sprintf(
			"verified_addresses = [%q]\n  %s",
			email,
			credentialsOf(hashOf(hashes["bcrypt"]), oidcOf(l.github, l.google)),
		),
	)
	for _, text := range []string{"Identity adopted", l.id, "Its password was set to the value of credentials.password.hash.", "These links were added: oidc " + l.google + "."} {
		if !strings.Contains(output, text) {
			t.Errorf("the warning doesn't say %q:\n%s", text, output)
		}
	}
	expect(true, l.github, l.google)
	apply("")
	expect(false, l.github)
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Adoption doesn't add a link with use_auto_link if the person already has an account at the provider.
func TestAccIdentity_adoptWithAutoLink(t *testing.T) {
	t.Parallel()
	l := newLinkTest(t)
	if !l.knowsSAML() {
		t.Skip("this Kratos doesn't know use_auto_link: it came with v25.4")
	}
	email := l.username + "@example.org"
	l.id = l.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, email))
	l.link(l.id, l.github)
	w := acctest.NewWorkspace(t, l.server.AdminURL)
	w.WriteMain(person("test", email, "on_conflict = \"adopt\"\n  "+fmt.Sprintf(`credentials = {
    oidc = [
      { provider = "gh", subject = %[1]q, use_auto_link = true },
      { provider = "go", subject = %[1]q, use_auto_link = true },
    ]
  }`, email)))
	output := fold(w.Run("apply", "-no-color", "-auto-approve"))
	if !strings.Contains(output, "These links were added: oidc go:"+email+".") {
		t.Errorf("the warning doesn't name the one link that was added:\n%s", output)
	}
	if err := l.has(l.github, "go:"+email)(nil); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
