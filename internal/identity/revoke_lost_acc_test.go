package identity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

const outOfOrder = `{"error":{"code":403,"message":"out of order"}}`

// isRevocation matches the requests that end sessions.
func isRevocation(request *http.Request) bool { return sessionsOf(request.Method, request.URL.Path) }

// goesAwayAfterPatch lets the server carry out the next PATCH and drops the answer and all later requests.
func (r revocation) goesAwayAfterPatch() {
	var away atomic.Bool
	r.proxy.Intercept(func(_ http.ResponseWriter, request *http.Request, forward http.Handler) bool {
		if request.Method == http.MethodPatch && !away.Swap(true) {
			forward.ServeHTTP(httptest.NewRecorder(), request)
		}
		if away.Load() {
			panic(http.ErrAbortHandler)
		}
		return false
	})
}

// A deactivation whose answer was lost still requires the end of the sessions.
func TestAccIdentity_revokeAfterLostDeactivation(t *testing.T) {
	t.Parallel()
	const policy = "revoke_sessions_on = [\"deactivation\"]\n  deletion_policy = \"deactivate\"\n  timeouts {\n    " +
		"update = \"3s\"\n    delete = \"3s\"\n  }\n  "
	for _, command := range []string{"apply", "destroy"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			r := newRevocation(t)
			r.write(1, policy+`state = "active"`)
			r.apply()
			token := r.signIn(1)
			r.write(1, policy+`state = "inactive"`)
			r.goesAwayAfterPatch()
			r.tries("it is not known whether the change was made", command)
			r.proxy.Reset()
			r.planWarns("Sessions not yet revoked")
			r.apply()
			r.expect(token, false, 1)
			if n := r.proxy.Count(http.MethodPatch, "/"); n != 0 {
				t.Errorf("%d patches of what the server has already", n)
			}
			r.w.ExpectEmptyPlan()
			r.setState("active")
			r.expectSession(token, false)
			r.w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// The sessions end also if a later request of the same update fails.
func TestAccIdentity_revokeAfterHalfAnUpdate(t *testing.T) {
	t.Parallel()
	r := newRevocation(t)
	r.write(1, `revoke_sessions_on = ["deactivation"]`)
	r.apply()
	token := r.signIn(1)
	r.write(2, "revoke_sessions_on = [\"deactivation\"]\n  state = \"inactive\"")
	r.proxy.FailNext(1, func(request *http.Request) bool { return request.Method == http.MethodPut }, http.StatusForbidden, outOfOrder)
	r.tries("out of order", "apply")
	r.setState("active")
	r.expect(token, false, 1)
	r.w.Run("destroy", "-no-color", "-auto-approve")
}

// A killed provider and changes outside Terraform leave no record of a deactivation. The sessions therefore end before
// each activation.
func TestAccIdentity_revokeBeforeActivation(t *testing.T) {
	t.Parallel()
	for _, adopted := range []bool{false, true} {
		t.Run(fmt.Sprint("adopted ", adopted), func(t *testing.T) {
			t.Parallel()
			r := newRevocation(t)
			r.write(1, "on_conflict = \"adopt\"\n  revoke_sessions_on = [\"deactivation\"]\n  state = \"active\"")
			r.apply()
			token := r.signIn(1)
			r.setState("inactive")
			if adopted {
				r.w.Run("state", "rm", "ory_identity.test")
			}
			r.proxy.Reset()
			r.proxy.FailNext(1, isRevocation, http.StatusForbidden, outOfOrder)
			r.tries("so the identity remains inactive, and nothing was changed", "apply")
			r.proxy.Reset()
			r.apply()
			r.expect(token, false, 1)
			if requests := r.proxy.Requests(); !adopted && !revokesBeforeItWrites(requests) {
				t.Errorf("the revocation isn't the first write: %v", requests)
			}
			r.expectSession(r.signIn(1), true)
			r.w.ExpectEmptyPlan()
			r.w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
