package recovery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// person returns a configuration of ory_identity.ada without a password.
func person(email string) string {
	return fmt.Sprintf("resource \"ory_identity\" \"ada\" {\n  schema_id = \"preset://email\"\n  traits = { email = %q "+
		"}\n}\n", email)
}

// recovery is the server's answer to a request for a code or link.
type recovery struct {
	Link string `json:"recovery_link"`
	Code string `json:"recovery_code"`
}

// recoveries collects the server's answers.
type recoveries struct {
	mu  sync.Mutex
	all []recovery
}

// watch starts a proxy between the provider and the server that records every code and link.
func watch(t *testing.T, server *acctest.Server) (*acctest.Proxy, *recoveries) {
	t.Helper()
	proxy, seen := acctest.NewProxy(t, server.AdminURL), &recoveries{}
	isRecovery := acctest.On(http.MethodPost, "/admin/recovery/")
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !isRecovery(r) {
			return false
		}
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		var got recovery
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Error(err)
		}
		if answer.Code < http.StatusBadRequest {
			seen.mu.Lock()
			seen.all = append(seen.all, got)
			seen.mu.Unlock()
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // fails only if the client has disconnected
		return true
	})
	return proxy, seen
}

// list returns all answers so far.
func (r *recoveries) list() []recovery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]recovery(nil), r.all...)
}

// expectNone fails the test if text contains a code or link. It searches for a code as a JSON string, because many
// timestamps contain the same six digits.
func (r *recoveries) expectNone(t *testing.T, what, text string) {
	t.Helper()
	for _, got := range r.list() {
		_, flow, _ := strings.Cut(got.Link, "flow=")
		if strings.Contains(text, flow) || got.Code != "" && strings.Contains(text, `"`+got.Code+`"`) {
			t.Errorf("%s holds %+v:\n%s", what, got, text)
		}
	}
}

// setsPassword checks that the holder of a code of flow type api can set a password and sign in with it.
func setsPassword(t *testing.T, server *acctest.Server, got recovery, identityID, email string) {
	t.Helper()
	session, err := acctest.Recover(t.Context(), server.PublicURL, got.Link, got.Code)
	if err != nil {
		t.Fatal(err)
	}
	if session.IdentityID != identityID {
		t.Fatalf("the session is that of %s, not of %s", session.IdentityID, identityID)
	}
	const password = "note-G-of-1843"
	if err := acctest.SetPassword(t.Context(), server.PublicURL, session.Token, password); err != nil {
		t.Fatal(err)
	}
	signsIn(t, server, email, password, identityID)
}

func signsIn(t *testing.T, server *acctest.Server, email, password, identityID string) {
	t.Helper()
	session, err := acctest.Login(t.Context(), server.PublicURL, email, password)
	if err != nil {
		t.Fatal(err)
	}
	if session.IdentityID != identityID {
		t.Errorf("the session is that of %s, not of %s", session.IdentityID, identityID)
	}
}
