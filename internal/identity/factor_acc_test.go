package identity_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A password and then a code of the authenticator app, or a lookup secret, reach aal2.
func TestAccFactor_signIn(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.applyEmpty(f.person(fmt.Sprintf(`totp = { url = %q }
    lookup_secret = { codes = ["first-code", "second-code"] }`, keyURL("first")), ""))
	f.expectTOTP(true, keyURL("first"))
	f.expectTOTP(false, keyURL("second"))
	f.expectCode(true, "first-code")
	f.expectCode(false, "first-code")
	f.expectCode(false, "third-code")
	f.w.ExpectEmptyPlan() // a used code is no drift

	f.applyEmpty(f.person(fmt.Sprintf(`totp = { url = %q }
    lookup_secret = { codes = ["second-code", "first-code"] }`, keyURL("second")), ""))
	f.expectTOTP(true, keyURL("second"))
	f.expectTOTP(false, keyURL("first"))
	f.expectCode(false, "first-code") // another order sends nothing
	f.expectCode(true, "second-code")

	f.applyEmpty(f.person(`lookup_secret = { codes = ["first-code", "fresh-code"] }`, ""))
	f.expectKinds(false, "totp")
	f.expectCode(true, "first-code")

	f.applyEmpty(f.person("", ""))
	f.expectKinds(false, "totp", "lookup_secret")
	f.token()
	f.destroy()
}

// replaceTOTP makes the person replace the authenticator app.
func replaceTOTP(ctx context.Context, publicURL, token string) error {
	if err := acctest.RemoveTOTP(ctx, publicURL, token); err != nil {
		return err
	}
	return acctest.AddTOTP(ctx, publicURL, token)
}

// A write-only value is sent with a new version only, and is in neither plan nor state.
func TestAccFactor_writeOnly(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.WriteOnly)
	f := newFactorTest(t)
	config := func(key, code string, version int) string {
		return f.person(fmt.Sprintf(`totp = { url_wo = %q, wo_version = %d }
    lookup_secret = { codes_wo = [%q], wo_version = %[2]d }`, keyURL(key), version, code), "")
	}
	f.applyEmpty(config("first", "first-code", 1))
	f.expectTOTP(true, keyURL("first"))
	f.expectCode(true, "first-code")
	f.proxy.Reset()
	f.applyEmpty(config("second", "second-code", 1))
	if writes := f.writes(); len(writes) > 0 {
		t.Errorf("the same version sends %v", writes)
	}
	f.applyEmpty(config("second", "second-code", 2))
	f.expectTOTP(true, keyURL("second"))
	f.expectTOTP(false, keyURL("first"))
	f.expectCode(true, "second-code")
	f.expectCode(false, "first-code")
	f.applyEmpty(f.person("", ""))
	f.expectKinds(false, "totp", "lookup_secret")
	f.destroy()
}

// What the person has replaced is no drift, and dropping it from the configuration leaves it. What is gone is set again.
func TestAccFactor_drift(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	config := f.person(fmt.Sprintf(`totp = { url = %q }
    lookup_secret = { codes = ["first-code"] }`, keyURL("first")), "")
	f.applyEmpty(config)
	session, err := acctest.LoginTOTP(t.Context(), f.server.PublicURL, f.token(), keyURL("first"))
	if err != nil {
		t.Fatal(err)
	}
	if err := acctest.RemoveTOTP(t.Context(), f.server.PublicURL, session.Token); err != nil {
		t.Fatal(err)
	}
	if plan, code := f.w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 || !strings.Contains(plan, "totp") {
		t.Errorf("the plan doesn't show that the app is gone (exit code %d):\n%s", code, plan)
	}
	f.applyEmpty(config)
	f.expectTOTP(true, keyURL("first"))

	session, err = acctest.LoginTOTP(t.Context(), f.server.PublicURL, f.token(), keyURL("first"))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(context.Context, string, string) error{
		"codes": acctest.AddLookupSecrets, "app": replaceTOTP,
	} {
		if err := change(t.Context(), f.server.PublicURL, session.Token); err != nil {
			t.Fatalf("replacing the %s: %v", name, err)
		}
	}
	f.w.ExpectEmptyPlan()
	f.applyEmpty(f.person("", ""))
	f.expectKinds(true, "totp", "lookup_secret")
	f.destroy()
}

// Mistakes in the configuration are errors on their attribute, before any request.
func TestAccFactor_refusedAtPlan(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	for members, want := range map[string]string{
		`totp = {}`:                              "neither url nor url_wo",
		`totp = { url = "https://example.org" }`: "is not a URL of the scheme otpauth",
		fmt.Sprintf(`totp = { url = "%s&period=60" }`, keyURL("x")):                                "another period than 30",
		fmt.Sprintf(`totp = { url_wo = %q }`, keyURL("x")):                                         `"credentials.totp.wo_version" must be specified`,
		fmt.Sprintf(`totp = { url = %q, wo_version = 1 }`, keyURL("x")):                            "credentials.totp.url_wo is not",
		fmt.Sprintf(`totp = { url = %[1]q, url_wo = %[1]q, wo_version = 1 }`, keyURL("x")):         `"credentials.totp.url" cannot be specified when "credentials.totp.url_wo" is specified`,
		`lookup_secret = { codes = [] }`:                                                           "is an empty list",
		`lookup_secret = { codes = ["a", "a"] }`:                                                   "has a duplicate code",
		`webauthn = { credentials = [] }`:                                                          "has no key",
		`webauthn = { credentials = [{ id = "_-8", public_key = "Ag==" }] }`:                       "Value is not base64",
		`passkey = { user_handle = "//79", credentials = [{ id = "AQ==", public_key = "Ag==" }] }`: "User handle is not text",
		`passkey = { credentials = [{ id = "AQ==", public_key = "Ag==" }] }`:                       `"user_handle" is required`,
	} {
		f.w.WriteMain(f.person(members, ""))
		f.w.ExpectFailure([]string{want}, "validate", "-no-color")
	}
	if n := len(f.proxy.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
