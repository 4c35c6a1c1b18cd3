package identity_test

import (
	"encoding/base32"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const factorPassword = "difference engine"

// factorTest is a person with a password and second factors, behind a proxy.
type factorTest struct {
	api
	server *acctest.Server
	proxy  *acctest.Proxy
	w      *acctest.Workspace
	email  string
}

func newFactorTest(t *testing.T, options ...acctest.Options) *factorTest {
	t.Helper()
	server := acctest.Kratos(t, options...)
	f := &factorTest{api: newAPI(t, server), server: server, email: acctest.RandomEmail()}
	f.proxy = acctest.NewProxy(t, server.AdminURL)
	f.w = acctest.NewWorkspace(t, f.proxy.URL())
	return f
}

// newKeyTest skips the test on a server that can set no security keys and passkeys.
func newKeyTest(t *testing.T, options ...acctest.Options) *factorTest {
	t.Helper()
	f := newFactorTest(t, options...)
	if !f.setsKeys() {
		t.Skip("this Kratos can't change the keys that a person has: a JSON Patch can since v25.4")
	}
	return f
}

func (a api) setsKeys() bool {
	a.t.Helper()
	id := a.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, acctest.RandomEmail()))
	defer a.Delete(id)
	return a.admin.Knows(a.t, id, "saml")
}

// keyURL returns the URL of an authenticator app with a key made of the text.
func keyURL(text string) string {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(text + strings.Repeat("-", 20)))
	return "otpauth://totp/Test:ada@example.org?secret=" + secret + "&issuer=Test"
}

// person returns the configuration of the person with a password, other members of credentials, and other attributes.
func (f *factorTest) person(members, rest string) string {
	return person("test", f.email, fmt.Sprintf("credentials = {\n    password = { value = %q }\n    %s\n  }\n  %s",
		factorPassword, members, rest))
}

func (f *factorTest) apply(config string) string {
	f.t.Helper()
	f.w.WriteMain(config)
	return fold(f.w.Run("apply", "-no-color", "-auto-approve"))
}

// applyEmpty applies a configuration and expects an empty plan after it.
func (f *factorTest) applyEmpty(config string) string {
	f.t.Helper()
	output := f.apply(config)
	f.w.ExpectEmptyPlan()
	return output
}

func (f *factorTest) destroy() {
	f.t.Helper()
	f.w.Run("destroy", "-no-color", "-auto-approve")
}

func (f *factorTest) id() string {
	f.t.Helper()
	ids := f.admin.FindByIdentifier(f.t, f.email)
	if len(ids) != 1 {
		f.t.Fatalf("%d identities have %s", len(ids), f.email)
	}
	return ids[0]
}

// token signs in with the password.
func (f *factorTest) token() string {
	f.t.Helper()
	session, err := acctest.Login(f.t.Context(), f.server.PublicURL, f.email, factorPassword)
	if err != nil {
		f.t.Fatal(err)
	}
	if session.AAL != "aal1" {
		f.t.Errorf("a password reaches %s", session.AAL)
	}
	return session.Token
}

// reaches checks whether a second factor after the password reaches aal2.
func (f *factorTest) reaches(wanted bool, what string, login func(token string) (acctest.Session, error)) {
	f.t.Helper()
	session, err := login(f.token())
	if wanted && (err != nil || session.AAL != "aal2") {
		f.t.Errorf("%s reaches %q: %v", what, session.AAL, err)
	}
	if !wanted && err == nil {
		f.t.Errorf("%s reaches %q, it should be refused", what, session.AAL)
	}
}

func (f *factorTest) expectTOTP(wanted bool, url string) {
	f.t.Helper()
	f.reaches(wanted, "TOTP", func(token string) (acctest.Session, error) {
		return acctest.LoginTOTP(f.t.Context(), f.server.PublicURL, token, url)
	})
}

func (f *factorTest) expectCode(wanted bool, code string) {
	f.t.Helper()
	f.reaches(wanted, "the lookup secret "+code, func(token string) (acctest.Session, error) {
		return acctest.LoginLookupSecret(f.t.Context(), f.server.PublicURL, token, code)
	})
}

// kinds returns the types of credential of the identity, sorted.
func (f *factorTest) kinds(of ...string) []string {
	f.t.Helper()
	credentials, _ := f.Get(f.id())["credentials"].(map[string]any)
	var kinds []string
	for _, kind := range of {
		if credentials[kind] != nil {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func (f *factorTest) expectKinds(has bool, kinds ...string) {
	f.t.Helper()
	got := f.kinds(kinds...)
	if has != slices.Equal(got, kinds) || !has && len(got) > 0 {
		f.t.Errorf("of %v the identity has %v", kinds, got)
	}
}

// counts returns how many requests wrote identities.
func (f *factorTest) writes() (writes []string) {
	for _, r := range f.proxy.Requests() {
		if r.Method != http.MethodGet {
			writes = append(writes, r.Method)
		}
	}
	return writes
}
