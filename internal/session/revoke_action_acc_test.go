package session_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// signedIn returns the tokens of two sessions of a new identity with this password.
func signedIn(t *testing.T, server *acctest.Server, email, password string) []string {
	t.Helper()
	var tokens []string
	for range 2 {
		session, err := acctest.Login(t.Context(), server.PublicURL, email, password)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, session.Token)
	}
	return tokens
}

// expectSessions fails the test unless all tokens are valid, or none if want is false.
func expectSessions(t *testing.T, server *acctest.Server, tokens []string, want bool) {
	t.Helper()
	for _, token := range tokens {
		if _, err := acctest.Whoami(t.Context(), server.PublicURL, token); (err == nil) != want {
			t.Errorf("a session should be good: %v, but: %v", want, err)
		}
	}
}

// revokesAfter returns a configuration that revokes Ada's sessions after each apply that changes this attribute.
func revokesAfter(attribute string) string {
	return `
resource "terraform_data" "trigger" {
  input = ory_identity.ada.` + attribute + `
  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.ory_revoke_sessions.ada]
    }
  }
}
action "ory_revoke_sessions" "ada" {
  config {
    identity_id = ory_identity.ada.id
  }
}
`
}

func TestAccRevokeSessions_invoke(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, email := acctest.NewActionWorkspace(t, server.AdminURL), acctest.RandomEmail()
	id := acctest.AdminOf(server).CreateIdentity(t, map[string]any{
		"schema_id": "preset://email", "traits": map[string]any{"email": email},
		"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"password": "difference engine"}}},
	})
	write := func(id string) {
		w.WriteMain(fmt.Sprintf("action \"ory_revoke_sessions\" \"ada\" {\n  config {\n    identity_id = %q\n  }\n}\n", id))
	}
	invoke := []string{"apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.ada"}
	write(id)
	tokens := signedIn(t, server, email, "difference engine")
	if output := w.Run(invoke...); !strings.Contains(output, "Revoked all sessions of identity "+id) {
		t.Errorf("no progress is shown:\n%s", output)
	}
	expectSessions(t, server, tokens, false)
	if output := w.Run(invoke...); !strings.Contains(output, "Identity "+id+" has no sessions") {
		t.Errorf("that there are no sessions is fine:\n%s", output)
	}

	write("00000000-0000-4000-8000-000000000000")
	if output, code := w.Try(invoke...); code == 0 || !strings.Contains(output, "Identity not found") ||
		!strings.Contains(output, `identity_id = "00000000`) {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// A terraform_data with the password's version revokes the sessions when the version changes, and at no other update.
func TestAccRevokeSessions_trigger(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewActionWorkspace(t, proxy.URL()), acctest.RandomEmail()
	write := func(version int, team string) {
		w.WriteMain(fmt.Sprintf(`
resource "ory_identity" "ada" {
  schema_id       = "preset://email"
  traits          = { email = %q }
  metadata_public = { team = %q }
  credentials     = { password = { value_wo = "difference engine %d", wo_version = %[3]d } }
}
`+revokesAfter("credentials.password.wo_version"), email, team, version))
	}
	revocations := func() int {
		count := 0
		for _, r := range proxy.Requests() {
			if r.Method == http.MethodDelete && strings.HasSuffix(r.Path, "/sessions") {
				count++
			}
		}
		return count
	}
	write(1, "engines")
	w.Run("apply", "-no-color", "-auto-approve")
	tokens := signedIn(t, server, email, "difference engine 1")
	write(1, "poems")
	w.Run("apply", "-no-color", "-auto-approve")
	expectSessions(t, server, tokens, true)

	write(2, "poems")
	w.Run("apply", "-no-color", "-auto-approve")
	expectSessions(t, server, tokens, false)
	signedIn(t, server, email, "difference engine 2")
	if n := revocations(); n != 1 {
		t.Errorf("%d revocations, want 1", n)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The apply checks an id that only the apply knows before it sends a request.
func TestAccRevokeSessions_errorAtApply(t *testing.T) {
	t.Parallel()
	proxy := acctest.NewProxy(t, acctest.Kratos(t).AdminURL)
	w := acctest.NewActionWorkspace(t, proxy.URL())
	w.WriteMain(`
resource "terraform_data" "id" {
  input = "ada"
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.ory_revoke_sessions.ada]
    }
  }
}
action "ory_revoke_sessions" "ada" {
  config {
    identity_id = terraform_data.id.output
  }
}
`)
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	if code == 0 || !strings.Contains(output, "must be a UUID") || len(proxy.Requests()) != 0 {
		t.Errorf("exit code %d after %v:\n%s", code, proxy.Requests(), output)
	}
}

// A terraform_data with the identity's state revokes the sessions at a deactivation, so that no activation revives
// them. If the action fails, the identity's state has changed, and no later apply repeats the action, but the user can
// invoke it.
func TestAccRevokeSessions_triggerOnState(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewActionWorkspace(t, proxy.URL()), acctest.RandomEmail()
	write := func(state string) {
		w.WriteMain(fmt.Sprintf(`
resource "ory_identity" "ada" {
  schema_id   = "preset://email"
  traits      = { email = %q }
  state       = %q
  credentials = { password = { value_wo = "difference engine", wo_version = 1 } }
}
`+revokesAfter("state"), email, state))
	}
	write("active")
	w.Run("apply", "-no-color", "-auto-approve")
	tokens := signedIn(t, server, email, "difference engine")
	write("inactive")
	proxy.FailNext(
		1,
		acctest.On(http.MethodDelete, "/admin/identities/"),
		http.StatusForbidden,
		`{"error":{"code":403,"message":"out of order"}}`,
	)
	if output, code := w.Try("apply", "-no-color", "-auto-approve"); code == 0 ||
		!strings.Contains(output, "out of order") {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	proxy.Reset()
	w.Run("apply", "-no-color", "-auto-approve")
	if n := proxy.Count(http.MethodDelete, "/"); n != 0 {
		t.Errorf("the next apply repeats the action: %d times", n)
	}
	w.ExpectEmptyPlan()
	w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.ada")
	write("active")
	w.Run("apply", "-no-color", "-auto-approve")
	expectSessions(t, server, tokens, false)

	tokens = signedIn(t, server, email, "difference engine")
	write("inactive")
	w.Run("apply", "-no-color", "-auto-approve")
	write("active")
	w.Run("apply", "-no-color", "-auto-approve")
	expectSessions(t, server, tokens, false)
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The error of a failed action advises to invoke the action, because another apply doesn't run it again.
func TestAccRevokeSessions_advice(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewActionWorkspace(t, proxy.URL())
	w.WriteMain("provider \"ory\" {\n  max_retries = 0\n  request_timeout = \"1s\"\n}\naction \"ory_revoke_sessions\" " +
		"\"ada\" {\n  config {\n    identity_id = \"00000000-0000-4000-8000-000000000000\"\n  }\n}\n")
	revocation := acctest.On(http.MethodDelete, "/admin/identities/")
	for words, fails := range map[string]func(){
		"too many requests":                  func() { proxy.FailNext(1, revocation, http.StatusTooManyRequests, "") },
		"received no answer with the result": func() { proxy.LoseAnswers(1, revocation) },
		"time-out of 1s":                     func() { proxy.Delay(revocation, 3*time.Second) },
		"refused the credenti":               func() { proxy.FailNext(1, revocation, http.StatusForbidden, `{"error":{"code":403,"message":"no"}}`) },
	} {
		proxy.Reset()
		fails()
		output, code := w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.ada")
		text := acctest.Unwrapped(output)
		if code == 0 || !strings.Contains(text, words) || !strings.Contains(text, "terraform apply "+
			"-invoke=action.ory_revoke_sessions.<name>") {
			t.Errorf("exit code %d, want %q and the command in\n%s", code, words, output)
		}
		if strings.Contains(text, "Apply again") || strings.Contains(text, "timeouts block") {
			t.Errorf("advice that doesn't help:\n%s", output)
		}
	}
}

// The sessions of many identities end, in any case an identity without sessions is fine, and an id of nobody is an
// error.
func TestAccRevokeSessions_many(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin, proxy := acctest.AdminOf(server), acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewActionWorkspace(t, proxy.URL())
	var ids, tokens []string
	for range 12 {
		email := acctest.RandomEmail()
		id := admin.CreateIdentity(t, map[string]any{
			"schema_id": "preset://email", "traits": map[string]any{"email": email},
			"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"password": "difference engine"}}},
		})
		t.Cleanup(func() { admin.DeleteIdentity(t, id) })
		if ids = append(ids, id); len(ids) > 1 { // the first has no sessions
			tokens = append(tokens, signedIn(t, server, email, "difference engine")...)
		}
	}
	invoke := func(ids []string) (string, int) {
		w.WriteMain(fmt.Sprintf("action \"ory_revoke_sessions\" \"leavers\" {\n  config {\n    identity_ids = [\"%s\"]\n  "+
			"}\n}\n", strings.Join(ids, `", "`)))
		output, code := w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.leavers")
		return acctest.Unwrapped(output), code
	}
	nobody := "00000000-0000-4000-8000-000000000000"
	output, code := invoke(append(ids, strings.ToUpper(ids[0]), nobody))
	if code == 0 || !strings.Contains(output, "Identities not found") || !strings.Contains(output, nobody) ||
		!strings.Contains(output, "Revoked all sessions of 12 identities") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	expectSessions(t, server, tokens, false)
	bulk, single := proxy.Count(http.MethodPost, "/admin/sessions"), proxy.Count(http.MethodDelete, "/")
	if bulk != 1 || single != 0 && single != 13 {
		t.Errorf("%d requests for many, %d for one", bulk, single)
	}
	if output, code := invoke(ids); code != 0 {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	for arguments, says := range map[string]string{
		"identity_ids = []": "Revoked all sessions of 0 identities",
		"":                  "Exactly one of these attributes must be configured",
		"identity_id = \"" + nobody + "\"\n    identity_ids = []": "Exactly one of these attributes must be configured",
		"identity_ids = [\"ada\"]":                                "must be a UUID",
		"identity_ids = terraform_data.ids.output":                "must be a UUID",
	} {
		w.WriteMain("resource \"terraform_data\" \"ids\" {\n  input = [\"ada\"]\n}\naction \"ory_revoke_sessions\" \"leavers\" {\n  config {\n    " + arguments + "\n  }\n}\n")
		if strings.Contains(arguments, "terraform_data") {
			w.Run("apply", "-no-color", "-auto-approve")
		}
		output, code := w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.leavers")
		if (code == 0) != (arguments == "identity_ids = []") || !strings.Contains(acctest.Unwrapped(output), says) {
			t.Errorf("%s: exit code %d:\n%s", arguments, code, output)
		}
	}
}
