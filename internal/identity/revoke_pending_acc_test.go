package identity_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A revocation that is still to be done is done before the resource goes and the identity stays.
func TestAccIdentity_revokePendingAtDestroy(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"deactivate", "retain"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			r := newRevocation(t)
			attributes := "revoke_sessions_on = [\"password\"]\n  deletion_policy = \"" + policy + `"`
			r.write(1, attributes)
			r.apply()
			token := r.signIn(1)
			r.write(2, attributes)
			r.proxy.FailNext(2, isRevocation, http.StatusForbidden, outOfOrder)
			r.tries("To keep the sessions, remove revoke_sessions_on", "apply")
			r.tries("The resource remains in the state. Destroy it again", "destroy")
			r.proxy.Reset()
			r.planWarns("Sessions not yet revoked")
			r.w.Run("destroy", "-no-color", "-auto-approve")
			r.expectOnceActive(token, false, 1)
		})
	}
}

// If the attribute is dropped while a revocation is pending, the plan warns what happens to the sessions.
func TestAccIdentity_revokePendingAndDropped(t *testing.T) {
	t.Parallel()
	r := newRevocation(t)
	const policy = "revoke_sessions_on = [\"deactivation\"]\n  "
	r.write(1, policy)
	r.apply()
	token := r.signIn(1)
	r.proxy.FailNext(1, isRevocation, http.StatusForbidden, outOfOrder)
	r.write(1, policy+`state = "inactive"`)
	r.tries("To keep the sessions, remove revoke_sessions_on", "apply")
	r.write(1, "")
	r.planWarns("Sessions not revoked")
	r.apply()
	r.expect(token, true, 1)
	r.w.ExpectEmptyPlan()
	r.write(1, `metadata_public = { team = "engines" }`)
	if plan := r.w.Run("plan", "-no-color"); strings.Contains(plan, "Sessions not revoked") {
		t.Errorf("it warns again:\n%s", plan)
	}
	r.w.Run("destroy", "-no-color", "-auto-approve")
	if _, err := acctest.Whoami(t.Context(), r.server.PublicURL, token); err == nil {
		t.Error("the session outlives its identity")
	}
}
