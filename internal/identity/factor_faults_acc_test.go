package identity_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// refuseImports makes the server refuse second factors with a create, as servers up to v26.2 do.
func (f *factorTest) refuseImports() {
	f.proxy.Intercept(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err != nil || r.Method != http.MethodPost || !bytes.Contains(body, []byte(`"totp":`)) {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":500,"message":"json: unknown field \"totp\""}}`)
		return true
	})
}

// loseStaged loses the answer to the first create that the server carries out.
func (f *factorTest) loseStaged() *atomic.Int64 {
	var lost atomic.Int64
	f.proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err != nil || r.Method != http.MethodPost || bytes.Contains(body, []byte(`"totp":`)) || !lost.CompareAndSwap(0, 1) {
			return false
		}
		forward.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // closes the connection
	})
	return &lost
}

// loseNth loses the answer to the nth request that matches.
func loseNth(n int64, match acctest.Match) acctest.Interceptor {
	var seen atomic.Int64
	return func(_ http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !match(r) || seen.Add(1) != n {
			return false
		}
		forward.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // closes the connection
	}
}

// withApp is the configuration of the person with a password and an authenticator app.
func (f *factorTest) withApp(rest string) string {
	return f.person(fmt.Sprintf("totp = { url = %q }", keyURL("first")), rest)
}

// expectSafe checks that nobody can sign in without the second factor, after a create that failed on its way.
func (f *factorTest) expectSafe() {
	f.t.Helper()
	session, err := acctest.Login(f.t.Context(), f.server.PublicURL, f.email, factorPassword)
	if err == nil {
		f.t.Errorf("the password alone signs in %s", session.IdentityID)
	}
	if err := f.Compare(f.id(), `{"state":"inactive"}`); err != nil {
		f.t.Error(err)
	}
}

// Answers that are lost on the way leave one identity, with its second factor.
func TestAccFactor_lostAnswers(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*factorTest){
		"create":  func(f *factorTest) { f.proxy.LoseAnswers(1, acctest.On(http.MethodPost, "/admin/identities")) },
		"staged":  func(f *factorTest) { f.refuseImports(); f.loseStaged() },
		"patch":   func(f *factorTest) { f.refuseImports(); f.proxy.LoseAnswers(1, acctest.On(http.MethodPatch, "/")) },
		"request": func(f *factorTest) { f.refuseImports(); f.proxy.LoseRequests(1, acctest.On(http.MethodPatch, "/")) },
		"read": func(f *factorTest) {
			f.refuseImports()
			f.proxy.LoseAnswers(1, acctest.On(http.MethodGet, "/admin/identities/"))
		},
		"second patch": func(f *factorTest) {
			f.refuseImports()
			f.proxy.Intercept(loseNth(2, acctest.On(http.MethodPatch, "/admin/identities/")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFactorTest(t)
			lose(f)
			f.applyEmpty(f.withApp(""))
			f.expectTOTP(true, keyURL("first"))
			if err := f.Compare(f.id(), `{"state":"active"}`); err != nil {
				t.Error(err)
			}
			f.applyEmpty(f.person("", ""))
			f.expectKinds(false, "totp")
			f.destroy()
		})
	}
}

const refusal = `{"error":{"code":400,"status":"Bad Request","reason":"not today"}}`

// The second step of a create is refused. The identity is inactive and tainted, and the next apply replaces it.
func TestAccFactor_patchRefused(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.refuseImports()
	f.proxy.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadRequest, refusal)
	f.w.WriteMain(f.withApp(fmt.Sprintf("verified_addresses = [%q]", f.email)))
	f.w.ExpectFailure([]string{"not today", "Second factors not set", "The identity is inactive", "untaint"},
		"apply", "-no-color", "-auto-approve")
	f.expectSafe()
	first := f.id()
	if state := f.w.Run("state", "show", "-no-color", address); !strings.Contains(state, first) ||
		!strings.Contains(state, "tainted") || strings.Contains(state, keyURL("first")) {
		t.Errorf("the state has\n%s", state)
	}
	f.applyEmpty(f.withApp(fmt.Sprintf("verified_addresses = [%q]", f.email)))
	if f.id() == first {
		t.Error("the identity wasn't replaced")
	}
	f.expectTOTP(true, keyURL("first"))
	f.destroy()
}

// The activation is refused: the identity has its second factor, and stays inactive.
func TestAccFactor_activationRefused(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.refuseImports()
	var seen atomic.Int64
	f.proxy.Intercept(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodPatch || seen.Add(1) != 2 {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, refusal)
		return true
	})
	f.w.WriteMain(f.withApp(""))
	f.w.ExpectFailure([]string{"not today", "The identity is inactive"}, "apply", "-no-color", "-auto-approve")
	f.expectSafe()
	f.w.Run("untaint", address)
	f.applyEmpty(f.withApp(""))
	f.expectTOTP(true, keyURL("first"))
	f.destroy()
}

// An identity that is kept although its create failed gets its second factor and becomes active in one request.
func TestAccFactor_untainted(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.refuseImports()
	f.proxy.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadRequest, refusal)
	f.w.WriteMain(f.withApp(""))
	f.w.ExpectFailure([]string{"Second factors not set"}, "apply", "-no-color", "-auto-approve")
	first := f.id()
	f.w.Run("untaint", address)
	f.proxy.Reset()
	f.applyEmpty(f.withApp(""))
	f.expectTOTP(true, keyURL("first"))
	if f.id() != first || f.proxy.Count(http.MethodPatch, "/admin/identities/") != 1 {
		t.Errorf("%v", f.writes())
	}
	f.destroy()
}

// The apply is interrupted between the create and the patch.
func TestAccFactor_interrupted(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.refuseImports()
	var waiting atomic.Bool
	release := make(chan struct{})
	f.proxy.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/admin/identities/") && waiting.CompareAndSwap(false, true) {
			<-release
		}
		return false
	})
	f.w.WriteMain(f.withApp(""))
	cmd := f.w.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !waiting.Load() && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	close(release)
	err := cmd.Wait()
	if len(f.admin.FindByIdentifier(t, f.email)) != 1 {
		t.Fatalf("%v\n%s", err, output.String())
	}
	// Whether the provider went on or gave up, nobody signs in without the second factor.
	if f.kinds("totp") == nil {
		f.expectSafe()
	}
	f.applyEmpty(f.withApp(""))
	f.expectTOTP(true, keyURL("first"))
	f.destroy()
}

// The provider was killed between the create and the patch, so the state knows nothing. The next create meets an
// inactive identity, and takes it over if it may.
func TestAccFactor_leftBehind(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.refuseImports()
	f.proxy.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadRequest, refusal)
	f.w.WriteMain(f.withApp(""))
	f.w.ExpectFailure([]string{"Second factors not set"}, "apply", "-no-color", "-auto-approve")
	f.w.Run("state", "rm", address)
	id := f.id()
	f.w.ExpectFailure([]string{"conflict", id}, "apply", "-no-color", "-auto-approve")
	f.expectSafe()
	output := f.applyEmpty(f.withApp(`on_conflict = "adopt"`))
	if !strings.Contains(output, "Identity adopted") || !strings.Contains(output, "These credentials were set: totp.") {
		t.Errorf("the warning doesn't tell:\n%s", output)
	}
	f.expectTOTP(true, keyURL("first"))
	f.destroy()
}

// Adoption replaces the person's own app, before it sets the password.
func TestAccFactor_adopt(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	id := f.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{`+
		`"password":"their own"}}}}`, f.email))
	session, err := acctest.Login(t.Context(), f.server.PublicURL, f.email, "their own")
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		acctest.AddLookupSecrets(t.Context(), f.server.PublicURL, session.Token),
		acctest.AddTOTP(t.Context(), f.server.PublicURL, session.Token),
	)
	if err != nil {
		t.Fatal(err)
	}
	f.proxy.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadRequest, refusal)
	f.w.WriteMain(f.withApp(`on_conflict = "adopt"`))
	f.w.ExpectFailure([]string{"not adopted"}, "apply", "-no-color", "-auto-approve")
	if _, err := acctest.Login(t.Context(), f.server.PublicURL, f.email, "their own"); err != nil {
		t.Errorf("the password was set without the app: %v", err)
	}
	f.applyEmpty(f.withApp(`on_conflict = "adopt"`))
	if f.id() != id {
		t.Error("another identity")
	}
	f.expectTOTP(true, keyURL("first"))
	f.applyEmpty(f.person("", `on_conflict = "adopt"`))
	f.expectKinds(false, "totp")
	f.expectKinds(true, "lookup_secret")
	f.destroy()
}

// A refused update keeps the prior factor in the state, and the next plan shows the rest.
func TestAccFactor_updateRefused(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.applyEmpty(f.withApp(""))
	second := f.person(fmt.Sprintf("totp = { url = %q }", keyURL("second")), `metadata_admin = { note = "new" }`)
	f.proxy.FailNext(1, acctest.On(http.MethodPatch, "/admin/identities/"), http.StatusBadRequest, refusal)
	f.w.WriteMain(second)
	f.w.ExpectFailure([]string{"not today"}, "apply", "-no-color", "-auto-approve")
	f.expectTOTP(true, keyURL("first"))
	f.applyEmpty(second)
	f.expectTOTP(true, keyURL("second"))

	f.proxy.LoseAnswers(1, acctest.On(http.MethodDelete, "/admin/identities/"))
	f.applyEmpty(f.person("", `metadata_admin = { note = "new" }`))
	f.expectKinds(false, "totp")
	f.destroy()
}

// A replaced identity has its second factor too.
func TestAccFactor_replaced(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	f.applyEmpty(f.withApp(""))
	first := f.id()
	f.w.Run("taint", address)
	f.applyEmpty(f.withApp(""))
	if f.id() == first {
		t.Error("not replaced")
	}
	f.expectTOTP(true, keyURL("first"))
	f.destroy()
	if len(f.admin.FindByIdentifier(t, f.email)) > 0 {
		t.Error("not destroyed")
	}
}

// An import records factors and sends none. The plan after it shows a factor that the person lacks.
func TestAccFactor_import(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	id := f.Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{`+
		`"password":%q}}}}`, f.email, factorPassword))
	if err := acctest.AddTOTP(t.Context(), f.server.PublicURL, f.token()); err != nil {
		t.Fatal(err)
	}
	importing := fmt.Sprintf("import {\n  to = ory_identity.test\n  id = %q\n}\n", id)
	config := f.person(fmt.Sprintf(`totp = { url = %q }
    lookup_secret = { codes = ["first-code"] }`, keyURL("first")), "")
	f.proxy.Reset()
	output := f.apply(importing + config)
	if !strings.Contains(output, "Credential not sent after import") {
		t.Errorf("no warning:\n%s", output)
	}
	if writes := f.writes(); len(writes) > 0 {
		t.Errorf("the import sends %v", writes)
	}
	f.expectTOTP(false, keyURL("first"))
	if plan, code := f.w.Try("plan", "-no-color", "-detailed-exitcode"); code != 2 ||
		!strings.Contains(plan, "lookup_secret") || strings.Contains(plan, "+ totp") {
		t.Errorf("the plan doesn't show what is missing (exit code %d):\n%s", code, plan)
	}
	f.applyEmpty(config)
	f.expectCode(true, "first-code")
	f.expectTOTP(false, keyURL("first")) // theirs stays
	output = f.applyEmpty(f.person("", ""))
	if !strings.Contains(output, "Credential remains on the server") {
		t.Errorf("no warning:\n%s", output)
	}
	f.expectKinds(true, "totp")
	f.expectKinds(false, "lookup_secret")
	f.destroy()
}
