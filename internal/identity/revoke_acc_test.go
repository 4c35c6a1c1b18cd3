package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// revocation is an identity in a workspace. Its sessions must end after some changes.
type revocation struct {
	t      *testing.T
	server *acctest.Server
	proxy  *acctest.Proxy
	w      *acctest.Workspace
	email  string
}

func newRevocation(t *testing.T) revocation {
	t.Helper()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	return revocation{t, server, proxy, acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()}
}

// write configures the identity, with a password of this version and other attributes.
func (r revocation) write(version int, attributes string) {
	r.t.Helper()
	r.w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { "+
		"email = %q }\n"+
		"  credentials = { password = { value_wo = \"engine number %d\", wo_version = %[2]d } }\n  "+
		"%s\n}\n", r.email, version, attributes))
}

func (r revocation) apply() {
	r.t.Helper()
	r.w.Run("apply", "-no-color", "-auto-approve")
}

// signIn returns the token of a new session.
func (r revocation) signIn(version int) string {
	r.t.Helper()
	session, err := acctest.Login(r.t.Context(), r.server.PublicURL, r.email, fmt.Sprintf("engine number %d", version))
	if err != nil {
		r.t.Fatal(err)
	}
	return session.Token
}

// expect fails the test unless the session is valid or invalid as wanted and the number of revocations is as wanted.
func (r revocation) expect(token string, good bool, revocations int) {
	r.t.Helper()
	r.expectSession(token, good)
	count := 0
	for _, request := range r.proxy.Requests() {
		if sessionsOf(request.Method, request.Path) {
			count++
		}
	}
	if count != revocations {
		r.t.Errorf("%d revocations, want %d", count, revocations)
	}
}

func (r revocation) expectSession(token string, good bool) {
	r.t.Helper()
	if _, err := acctest.Whoami(r.t.Context(), r.server.PublicURL, token); (err == nil) != good {
		r.t.Errorf("the session should be good: %v, but: %v", good, err)
	}
}

// tries runs a command that must fail and print words.
func (r revocation) tries(words string, args ...string) {
	r.t.Helper()
	output, code := r.w.Try(append(args, "-no-color", "-auto-approve")...)
	if code == 0 || !strings.Contains(acctest.Unwrapped(output), words) {
		r.t.Fatalf("exit code %d, want %q in\n%s", code, words, output)
	}
}

// planWarns fails the test unless the plan changes something and prints words as a warning.
func (r revocation) planWarns(words string) {
	r.t.Helper()
	plan, code := r.w.Try("plan", "-no-color", "-detailed-exitcode")
	if code != 2 || !strings.Contains(acctest.Unwrapped(plan), words) {
		r.t.Errorf("exit code %d, want %q in\n%s", code, words, plan)
	}
}

// setState changes the state of the identity outside Terraform and returns the identity's id.
func (r revocation) setState(state string) string {
	r.t.Helper()
	api := newAPI(r.t, r.server)
	id := api.admin.FindByIdentifier(r.t, r.email)[0]
	api.Patch(id, `[{"op":"replace","path":"/state","value":"`+state+`"}]`)
	return id
}

// expectOnceActive is like expect for an identity whose resource was destroyed. It activates the identity, which makes
// remaining sessions valid again, and then deletes the identity.
func (r revocation) expectOnceActive(token string, good bool, revocations int) {
	r.t.Helper()
	id := r.setState("active")
	r.expect(token, good, revocations)
	newAPI(r.t, r.server).Delete(id)
}

func sessionsOf(method, path string) bool {
	return method == http.MethodDelete && strings.HasSuffix(path, "/sessions")
}

func TestAccIdentity_revokeOnPassword(t *testing.T) {
	t.Parallel()
	r := newRevocation(t)
	const policy = "revoke_sessions_on = [\"password\"]\n  "
	r.write(1, "")
	r.apply()
	token := r.signIn(1)
	r.write(2, "")
	r.apply()
	r.expect(token, true, 0) // on the server, a new password alone ends no session

	r.write(2, policy)
	r.apply()
	r.write(2, policy+"metadata_public = { team = \"engines\" }\n  state = \"inactive\"")
	r.apply()
	r.write(2, policy+"metadata_public = { team = \"poems\" }\n  state = \"active\"")
	r.apply()
	r.expect(token, true, 0)

	r.write(3, policy)
	r.apply()
	r.expect(token, false, 1)
	r.expect(r.signIn(3), true, 1)
	r.w.ExpectEmptyPlan()
	r.w.Run("destroy", "-no-color", "-auto-approve")
}

func TestAccIdentity_revokeOnDeactivation(t *testing.T) {
	t.Parallel()
	for policy, revived := range map[string]bool{"": true, "revoke_sessions_on = [\"deactivation\"]\n  ": false} {
		t.Run(fmt.Sprint("revived ", revived), func(t *testing.T) {
			t.Parallel()
			r, times := newRevocation(t), 1
			if revived {
				times = 0
			}
			r.write(1, policy)
			r.apply()
			token := r.signIn(1)
			r.write(2, policy)
			r.apply()
			r.expect(token, true, 0)
			r.write(2, policy+"state = \"inactive\"")
			r.apply()
			r.w.ExpectEmptyPlan()
			r.write(2, policy+"state = \"active\"")
			r.apply()
			r.expect(token, revived, 2*times) // after the deactivation, and before the activation

			// A destroy that deactivates the identity is also a deactivation.
			token = r.signIn(2)
			r.write(2, policy+"deletion_policy = \"deactivate\"")
			r.apply()
			r.w.Run("destroy", "-no-color", "-auto-approve")
			r.expectOnceActive(token, revived, 3*times)
		})
	}
}

// A failed revocation stays pending: the next plan shows it, and the next apply sends only the revocation.
func TestAccIdentity_revokeFails(t *testing.T) {
	t.Parallel()
	r := newRevocation(t)
	const policy = "revoke_sessions_on = [\"password\", \"deactivation\"]\n  "
	r.write(1, policy)
	r.apply()
	token := r.signIn(1)
	r.write(2, policy)
	r.proxy.FailNext(1, isRevocation, http.StatusForbidden, outOfOrder)
	output, code := r.w.Try("apply", "-no-color", "-auto-approve")
	if code == 0 || !strings.Contains(output, "Failed to revoke sessions") ||
		!strings.Contains(output, "out of order") {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	r.signIn(2) // the password was set
	r.expect(token, true, 1)

	plan, code := r.w.Try("plan", "-no-color", "-detailed-exitcode")
	if code != 2 || !strings.Contains(plan, "Sessions not yet revoked") ||
		!strings.Contains(plan, "0 to add, 1 to change, 0 to destroy") {
		t.Errorf("the plan should show it, exit code %d:\n%s", code, plan)
	}
	r.proxy.Reset()
	r.apply()
	r.expect(token, false, 1)
	if n := len(r.proxy.Requests()) - r.proxy.Count(http.MethodGet, "/"); n != 1 {
		t.Errorf("%d writes, want the revocation alone", n)
	}
	r.w.ExpectEmptyPlan()
	r.w.Run("destroy", "-no-color", "-auto-approve")
}

// A destroy deactivates the identity and then fails to end the sessions. The error lists what succeeded and what
// failed. The revocation stays pending: the next destroy ends the sessions, or, if the resource is kept, an apply ends
// them before it activates the identity.
func TestAccIdentity_revokeFailsAtDestroy(t *testing.T) {
	t.Parallel()
	const policy = "revoke_sessions_on = [\"deactivation\"]\n  deletion_policy = \"deactivate\"\n  state = \"active\""
	for _, kept := range []bool{true, false} {
		t.Run(fmt.Sprint("kept ", kept), func(t *testing.T) {
			t.Parallel()
			r := newRevocation(t)
			state := func() any {
				admin := acctest.AdminOf(r.server)
				return admin.GetIdentity(t, admin.FindByIdentifier(t, r.email)[0])["state"]
			}
			fails := func(words string, args ...string) {
				t.Helper()
				r.proxy.FailNext(1, isRevocation, http.StatusForbidden, outOfOrder)
				r.tries(words, args...)
				if state() != "inactive" {
					t.Fatalf("state %v after %v", state(), args)
				}
			}
			r.write(1, policy)
			r.apply()
			token := r.signIn(1)
			fails("The identity is now inactive", "destroy")
			if kept {
				fails("so the identity remains inactive, and nothing was changed", "apply")
				r.proxy.Reset()
				r.apply()
				if requests := r.proxy.Requests(); !revokesBeforeItWrites(requests) || state() != "active" {
					t.Errorf("state %v after %v", state(), requests)
				}
				r.expect(token, false, 1)
				r.w.ExpectEmptyPlan()
			}
			r.w.Run("destroy", "-no-color", "-auto-approve")
			r.expectOnceActive(token, false, 2)
		})
	}
}

// revokesBeforeItWrites reports whether the first request that isn't a GET ends sessions.
func revokesBeforeItWrites(requests []acctest.Request) bool {
	for _, r := range requests {
		if r.Method != http.MethodGet {
			return sessionsOf(r.Method, r.Path)
		}
	}
	return false
}

// An adoption sets the password and therefore ends the sessions. An import sends no password and ends no session.
func TestAccIdentity_revokeOnAdoptionAndImport(t *testing.T) {
	t.Parallel()
	for _, adopts := range []bool{true, false} {
		t.Run(fmt.Sprint("adopts ", adopts), func(t *testing.T) {
			t.Parallel()
			r := newRevocation(t)
			id := newAPI(t, r.server).Create(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},`+
				`"credentials":{"password":{"config":{"password":"engine number 0"}}}}`, r.email))
			token, revocations := r.signIn(0), 0
			r.write(1, "on_conflict = \"adopt\"\n  revoke_sessions_on = [\"password\"]")
			if adopts {
				revocations = 1
			} else {
				r.w.Run("import", "-no-color", "ory_identity.test", id)
			}
			r.apply()
			r.expect(token, !adopts, revocations)
			r.w.ExpectEmptyPlan()
			r.w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// Invalid values of revoke_sessions_on are refused.
func TestAccIdentity_revokeOnNonsense(t *testing.T) {
	t.Parallel()
	r := newRevocation(t)
	r.write(1, "revoke_sessions_on = [\"logout\"]")
	if output, code := r.w.Try("validate", "-no-color"); code == 0 || !strings.Contains(output, "revoke_sessions_on") ||
		!strings.Contains(output, `"deactivation"`) {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}
