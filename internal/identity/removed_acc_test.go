package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// deletions returns how many requests deleted credentials of identities.
func (f *factorTest) deletions() int { return f.proxy.Count(http.MethodDelete, "/admin/identities/") }

func (f *factorTest) addTOTP() {
	f.t.Helper()
	if err := acctest.AddTOTP(f.t.Context(), f.server.PublicURL, f.token()); err != nil {
		f.t.Fatal(err)
	}
}

// Each value removes once what there is then. Nothing else is touched.
func TestAccRemoved_once(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	removed := func(entries string) string { return f.person("", "credentials_removed = {"+entries+"}") }
	f.applyEmpty(removed(`totp = "before there was one"`))
	if f.deletions() != 0 {
		t.Error("a new identity has nothing to remove")
	}
	f.addTOTP()
	f.w.ExpectEmptyPlan()
	output := f.applyEmpty(removed(`totp = "ticket-4711"`))
	if !strings.Contains(output, "ticket-4711") {
		t.Errorf("the plan doesn't show it:\n%s", output)
	}
	f.expectKinds(false, "totp")
	f.token()

	f.addTOTP()
	f.w.ExpectEmptyPlan()
	f.applyEmpty(removed(`totp = "ticket-4711", lookup_secret = "ticket-4711"`))
	f.expectKinds(true, "totp")
	f.applyEmpty(removed(`totp = "ticket-4712", lookup_secret = "ticket-4711"`))
	f.expectKinds(false, "totp")
	before := f.deletions()
	f.applyEmpty(removed(`totp = "ticket-4713"`)) // there is none any more, and an entry is dropped
	f.applyEmpty(f.person("", ""))
	if f.deletions() != before {
		t.Error("what isn't there was deleted")
	}
	f.destroy()
}

// A removal that fails is shown by the next plan. A lost answer is none.
func TestAccRemoved_faults(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.applyEmpty(f.person("", ""))
	f.addTOTP()
	config := f.person("", `credentials_removed = { totp = "ticket" }
  metadata_admin = { note = "new" }`)
	f.proxy.FailNext(1, acctest.On(http.MethodDelete, "/"), http.StatusForbidden, `{"error":{"code":403,"message":"no"}}`)
	f.w.WriteMain(config)
	f.w.ExpectFailure([]string{"Failed to remove credential", "Removing totp of identity", "credentials_removed", "The next apply tries this again"},
		"apply", "-no-color", "-auto-approve")
	if err := f.Compare(f.id(), `{"metadata_admin":{"note":"new"}}`); err != nil {
		t.Error(err)
	}
	f.proxy.LoseAnswers(1, acctest.On(http.MethodDelete, "/"))
	f.applyEmpty(config)
	f.expectKinds(false, "totp")
	f.destroy()
}

// What credentials sets can't be removed at once, and neither can a type that has several credentials.
func TestAccRemoved_refusedAtPlan(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	for entries, want := range map[string]string{
		`password = "x"`: "Credential set and removed",
		`oidc = "x"`:     "Invalid credential type",
		`email = "x"`:    "must be one of totp, lookup_secret, webauthn, passkey, password",
	} {
		f.w.WriteMain(f.person("", "credentials_removed = {"+entries+"}"))
		f.w.ExpectFailure([]string{want}, "plan", "-no-color")
	}
	if writes := f.writes(); len(writes) > 0 {
		t.Errorf("a plan sends %v", writes)
	}
}

// Security keys that sign in alone are removed where the server can, but never the last way to sign in.
func TestAccRemoved_keysAlone(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t, acctest.Options{SecurityKeys: acctest.KeysAlone})
	f.applyEmpty(f.person("", ""))
	browser := acctest.NewBrowser(t, f.server)
	if err := browser.OpenRecoveryLink(t.Context(), f.admin.RecoveryLink(t, f.id())); err != nil {
		t.Fatal(err)
	}
	if err := browser.AddSecurityKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	config := f.person("", `credentials_removed = { webauthn = "lost" }`)
	if !f.setsKeys() {
		f.w.WriteMain(config)
		f.w.ExpectFailure([]string{"Server cannot delete credential", "cannot remove security keys that sign in without a password", "v25.4"},
			"apply", "-no-color", "-auto-approve")
		f.applyEmpty(f.person("", ""))
		f.destroy()
		return
	}
	f.proxy.LoseAnswers(1, acctest.On(http.MethodPatch, "/admin/identities/"))
	f.applyEmpty(config)
	if has := fmt.Sprint(f.admin.GetIdentity(t, f.id(), "webauthn")["credentials"]); strings.Contains(has, "is_passwordless") {
		t.Errorf("the key is still there: %s", has)
	}
	f.destroy()
}

// A removal comes after a password that is set in the same apply, and is refused without another way to sign in.
func TestAccRemoved_lastWayIn(t *testing.T) {
	t.Parallel()
	f := newKeyTest(t, acctest.Options{NoRecovery: true}) // nor sign-in by code
	a := acctest.NewAuthenticator(t, acctest.RandomName())
	f.applyEmpty(person("test", f.email, ""))
	f.addPasskey(a)
	const lost = `credentials_removed = { passkey = "lost" }`
	f.w.WriteMain(person("test", f.email, lost))
	f.w.ExpectFailure([]string{"Last way to sign in", "Nothing was removed"}, "apply", "-no-color", "-auto-approve")
	f.expectPasskey(true, a)
	if state := f.w.Run("state", "show", "-no-color", address); !strings.Contains(state, a.Handle()) {
		t.Errorf("the state lost the identifiers:\n%s", state)
	}
	if _, code := f.w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 {
		t.Errorf("the next plan doesn't show the removal (exit code %d)", code)
	}
	f.applyEmpty(f.person("", lost))
	f.expectPasskey(false, a)
	f.token()
	f.destroy()
}

// An import removes what the configuration asks for, and so does an adoption.
func TestAccRemoved_existing(t *testing.T) {
	t.Parallel()
	for name, adopt := range map[string]bool{"import": false, "adopt": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFactorTest(t)
			id := f.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{`+
				`"password":%q}}}}`, f.email, factorPassword))
			f.addTOTP()
			config := person("test", f.email, `credentials_removed = { totp = "migrated" }`)
			if adopt {
				config = person("test", f.email, `credentials_removed = { totp = "migrated" }
  on_conflict = "adopt"`)
			} else {
				config += fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\n", id)
			}
			f.applyEmpty(config)
			f.expectKinds(false, "totp")
			f.token()
			f.destroy()
		})
	}
}
