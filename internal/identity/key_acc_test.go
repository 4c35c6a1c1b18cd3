package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// keyOf returns a key of an authenticator as an element of credentials.
func keyOf(t *testing.T, a *acctest.Authenticator, rest string) string {
	t.Helper()
	public, err := a.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("{ id = %q, public_key = %q, %s }", a.ID(), public, rest)
}

func passkeysOf(a *acctest.Authenticator, keys ...string) string {
	return fmt.Sprintf("passkey = {\n      user_handle = %q\n      credentials = [%s]\n    }", a.UserHandle(),
		strings.Join(keys, ", "))
}

func securityKeysOf(keys ...string) string {
	return fmt.Sprintf("webauthn = {\n      credentials = [%s]\n    }", strings.Join(keys, ", "))
}

func (f *factorTest) expectPasskey(wanted bool, a *acctest.Authenticator) {
	f.t.Helper()
	session, err := acctest.NewBrowser(f.t, f.server).LoginPasskey(f.t.Context(), a)
	if wanted && (err != nil || session.IdentityID != f.id()) {
		f.t.Errorf("the passkey signs in %q: %v", session.IdentityID, err)
	}
	if !wanted && err == nil {
		f.t.Error("the passkey signs in")
	}
}

// Passkeys that were registered elsewhere sign in. A changed name keeps the key; a dropped key is removed.
func TestAccPasskey_signIn(t *testing.T) {
	t.Parallel()
	f := newKeyTest(t)
	handle := acctest.RandomName()
	phone, laptop := acctest.NewAuthenticator(t, handle), acctest.NewAuthenticator(t, handle)
	f.applyEmpty(f.person(passkeysOf(phone, keyOf(t, phone, `display_name = "Phone"`), keyOf(t, laptop, "")), ""))
	f.expectPasskey(true, phone)
	f.expectPasskey(true, laptop)
	f.w.ExpectEmptyPlan() // the server counts signatures

	f.applyEmpty(f.person(passkeysOf(phone, keyOf(t, phone, `display_name = "Old phone"`)), ""))
	f.expectPasskey(true, phone)
	f.expectPasskey(false, laptop)

	f.applyEmpty(f.person("", ""))
	f.expectPasskey(false, phone)
	f.token()
	f.expectKinds(false, "passkey")
	f.destroy()
}

// Terraform adds its passkeys to those of the person, and removes only its own.
func TestAccPasskey_besideThePersons(t *testing.T) {
	t.Parallel()
	f := newKeyTest(t)
	theirs := acctest.NewAuthenticator(t, acctest.RandomName())
	ours, later := acctest.NewAuthenticator(t, acctest.RandomName()), acctest.NewAuthenticator(t, acctest.RandomName())
	f.applyEmpty(f.person("", ""))
	f.addPasskey(theirs)
	f.w.ExpectEmptyPlan()
	f.applyEmpty(f.person(passkeysOf(ours, keyOf(t, ours, "")), ""))
	for _, a := range []*acctest.Authenticator{theirs, ours} {
		f.expectPasskey(true, a)
	}
	f.applyEmpty(f.person(passkeysOf(later, keyOf(t, later, "")), ""))
	f.expectPasskey(true, theirs)
	f.expectPasskey(true, later)
	f.expectPasskey(false, ours)
	f.applyEmpty(f.person("", ""))
	f.expectPasskey(true, theirs)
	f.expectPasskey(false, later)
	f.destroy()
}

// addPasskey gives the person a passkey outside Terraform.
func (f *factorTest) addPasskey(a *acctest.Authenticator) {
	f.t.Helper()
	public, err := a.PublicKey()
	if err != nil {
		f.t.Fatal(err)
	}
	f.Patch(f.id(), fmt.Sprintf(`[{"op":"add","path":"/credentials/passkey","value":{"type":"passkey","identifiers":[%q],`+
		`"config":{"user_handle":%q,"credentials":[{"id":%q,"public_key":%q,"is_passwordless":true}]}}}]`,
		a.Handle(), a.UserHandle(), a.ID(), public))
}

// The last way to sign in is never removed. A password in the same apply is a way in.
func TestAccPasskey_lastWayIn(t *testing.T) {
	t.Parallel()
	f := newKeyTest(t, acctest.Options{NoRecovery: true}) // nor sign-in by code
	a := acctest.NewAuthenticator(t, acctest.RandomName())
	only := func(members string) string {
		return person("test", f.email, fmt.Sprintf("credentials = {\n    %s\n  }", members))
	}
	f.applyEmpty(only(passkeysOf(a, keyOf(t, a, ""))))
	f.expectPasskey(true, a)
	f.w.WriteMain(only(""))
	f.w.ExpectFailure([]string{"Last way to sign in", "credentials.passkey", "Nothing was removed"}, "apply", "-no-color", "-auto-approve")
	f.expectPasskey(true, a)
	if plan, code := f.w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 {
		t.Errorf("the next plan doesn't show what is left (exit code %d):\n%s", code, plan)
	}
	f.applyEmpty(f.person("", ""))
	f.expectPasskey(false, a)
	f.token()
	f.destroy()
}

// A security key is a second factor, or signs in alone.
func TestAccWebAuthn_signIn(t *testing.T) {
	t.Parallel()
	f := newKeyTest(t)
	a := acctest.NewAuthenticator(t, "")
	flags := `flags = { user_present = true, backup_eligible = false }, authenticator = { aaguid = "AAAAAAAAAAAAAAAAAAAAAA==", sign_count = 0 }`
	f.applyEmpty(f.person(securityKeysOf(keyOf(t, a, `display_name = "Key", transport = ["usb"], added_at = "2026-01-31T12:00:00Z", `+flags)), ""))
	reaches := func() error {
		browser := acctest.NewBrowser(t, f.server)
		if _, err := browser.LoginPassword(t.Context(), f.email, factorPassword); err != nil {
			t.Fatal(err)
		}
		session, err := browser.LoginSecurityKey(t.Context(), a)
		if err == nil && session.AAL != "aal2" {
			t.Errorf("the key reaches %s", session.AAL)
		}
		return err
	}
	if err := reaches(); err != nil {
		t.Error(err)
	}
	f.w.ExpectEmptyPlan()

	// The person removes the key. The schema lists webauthn for everybody, so only its content shows that.
	f.Patch(f.id(), `[{"op":"remove","path":"/credentials/webauthn"}]`)
	if plan, code := f.w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 || !strings.Contains(plan, "webauthn") {
		t.Errorf("the plan doesn't show that the key is gone (exit code %d):\n%s", code, plan)
	}
	f.applyEmpty(f.person(securityKeysOf(keyOf(t, a, "")), ""))
	if err := reaches(); err != nil {
		t.Error(err)
	}
	f.applyEmpty(f.person("", ""))
	if err := reaches(); err == nil {
		t.Error("the key is still there")
	}
	f.destroy()
}
