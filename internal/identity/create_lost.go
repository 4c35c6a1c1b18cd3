package identity

import (
	"context"
	"errors"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxCreates limits how often a create whose answer was lost is sent.
	maxCreates = 4

	// maxFailures limits how often a create is sent that the server fails to carry out. The limit is lower than
	// maxCreates, because the server also fails on values that its database rejects, and a repetition fails again.
	maxFailures = 2

	// findTime limits how long the provider looks for the identity of a lost create while the server fails.
	findTime = 2 * time.Minute

	// clockSlack is the tolerated clock difference: created_at of an identity can be this much earlier than the request
	// that created the identity.
	clockSlack = 60 * time.Second

	// firstPause is the wait before the first repetition. The wait doubles with each repetition, up to longestPause.
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

// creator creates one identity. It also handles lost answers and conflicts.
type creator struct {
	*operation
	body     kratos.CreateIdentityBody
	adopted  bool // the identity existed before the create
	found    bool // the answer to the create was lost, and a lookup found the identity
	goneOnce bool // one lookup has not found the conflicting identity
	pause    time.Duration
}

// create returns the identity, which no other resource of this walk has. It returns nil with an error if it fails.
func (c *creator) create(ctx context.Context) *kratos.Identity {
	began := c.client.Earliest()
	if identity, done := c.adoptOtherForm(ctx); done {
		return identity
	}
	var lost, last error
	for creates := 1; creates <= maxCreates; creates++ {
		identity, err := c.client.CreateIdentity(ctx, c.body)
		if err == nil && !c.isAnswer(ctx, identity) {
			err = kratos.NewWrongIdentity("the request was to create an identity, but the answer has another identity, " +
				identity.ID)
		}
		last = err
		if err == nil {
			c.client.NoteCreation(identity.CreatedAt)
			return c.created(identity)
		}
		if c.refusesFactors(err) {
			if !c.stage(ctx) {
				return nil
			}
			continue
		}
		unknown := errors.Is(err, kratos.ErrOutcomeUnknown)
		if errors.Is(err, kratos.ErrConflict) {
			if unknown { // a failed batch may have created the conflicting identity
				lost = err
			}
			identity, again := c.conflict(ctx, err, lost, began)
			if !again && (identity != nil || c.diags.HasError()) {
				return identity
			}
			if lost = nil; again {
				continue
			}
			break
		}
		if lost = err; !unknown && (!serverFailed(err) || creates == maxFailures) {
			break
		}
		// The create is repeated only if the lookup proves that no identity was created, and never if the server would accept
		// the same identity twice.
		found, findErr := c.find(ctx, unknown)
		if identity := found.One(); findErr == nil && identity != nil && c.isOurs(identity, began) {
			return c.lookedUp(identity)
		}
		if findErr != nil || !found.Unique || !c.wait(ctx) {
			lost = errors.Join(lost, findErr)
			break
		}
	}
	if lost == nil {
		lost = last
	}
	c.failure().onCreate(ctx, lost, c.diags)
	return nil
}

// find looks for the identity that has the external id, login identifiers or links of the body. If a lost create may
// have created the identity, find repeats failed lookups: an identity that isn't found would stay on the server without
// being in the state.
func (c *creator) find(ctx context.Context, lost bool) (found lookup.Owners, err error) {
	defer base.Notice(ctx, "an answer to whether the identity exists, because the answer to its create was lost",
		findTime)()
	for began := time.Now(); ; {
		found, err = lookup.FindOwners(ctx, c.client, c.schemas, c.body)
		if err == nil || !lost || isFinal(err) || time.Since(began) > findTime {
			return found, err
		}
		if _, noSchema := c.schemas.Require(ctx, c.body.SchemaID); noSchema != nil || !c.wait(ctx) {
			return found, err // a lookup needs the schema, and Require has already retried
		}
	}
}

// isFinal reports whether a repeated lookup would fail in the same way.
func isFinal(err error) bool {
	return isRefused(err) || errors.Is(err, lookup.ErrFilterIgnored) || errors.Is(err, lookup.ErrNoExternalID)
}

// wait pauses before the next request. Each pause is longer than the pause before it.
func (c *creator) wait(ctx context.Context) bool {
	timer := time.NewTimer(c.pause)
	defer timer.Stop()
	c.pause = min(2*c.pause, longestPause)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lookedUp claims an identity that was created by a request whose answer was lost.
func (c *creator) lookedUp(identity *kratos.Identity) *kratos.Identity {
	c.found = true
	return c.created(identity)
}

// isAnswer reports whether the answer to the create is about the identity that was created. If the answer has other
// traits, it is about another identity, or the server has changed the traits. A lookup shows which.
func (c *creator) isAnswer(ctx context.Context, identity *kratos.Identity) bool {
	if c.phones.matches(c.plan.Traits, identity.Traits) {
		return true
	}
	found, err := c.find(ctx, true)
	owner := found.One()
	return err == nil && owner != nil && owner.ID == identity.ID
}

// isOurs reports whether an identity that was looked up was created by our request whose answer was lost.
func (c *creator) isOurs(identity *kratos.Identity, began time.Time) bool {
	if !CreatedSince(identity, began) {
		return false
	}
	for _, a := range managed {
		if !a.isOurs(c.operation, c.body, identity) {
			return false
		}
	}
	return true
}

// CreatedSince reports whether an identity was created at this time or later, with a tolerance of clockSlack.
func CreatedSince(identity *kratos.Identity, began time.Time) bool {
	created, err := time.Parse(time.RFC3339Nano, identity.CreatedAt)
	return err == nil && !created.Before(began.Add(-clockSlack))
}
