package identity

import (
	"context"
	"errors"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxCreates bounds how often a create whose answer was lost is looked for and, where it did not happen, sent again.
	maxCreates = 4

	// maxFailures is the same for one that the server has failed to carry out: it also fails on what its database doesn't
	// take, and will again.
	maxFailures = 2

	// findTime is how long a lost create is looked for while the server fails.
	findTime = 2 * time.Minute

	// clockSlack is how much earlier than our request an identity that it made may seem to be created.
	clockSlack = 60 * time.Second

	// firstPause is the wait before something is tried again, and longestPause that after several times.
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

// creator carries out the create of one identity: the request itself, and what becomes of a lost answer and of a
// conflict.
type creator struct {
	*operation
	body     kratos.CreateIdentityBody
	adopted  bool // the identity existed before
	found    bool // the answer to the create was lost, and the identity was looked up
	goneOnce bool // the identity in the way could not be found, once
	pause    time.Duration
}

// create returns the identity, which no other resource of this walk has, or nil with an error.
func (c *creator) create(ctx context.Context) *kratos.Identity {
	began := c.client.Earliest()
	var lost, last error
	for creates := 1; creates <= maxCreates; creates++ {
		identity, err := c.client.CreateIdentity(ctx, c.body)
		last = err
		if err == nil {
			return c.created(identity)
		}
		unknown := errors.Is(err, kratos.ErrOutcomeUnknown)
		if errors.Is(err, kratos.ErrConflict) {
			if unknown { // the batch that failed before this create may have made the other one
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
		// Not sent again before it is clear that it did not happen, and never where the server could not tell two from one.
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

// find looks for the identity that has what this one asks for. Where it may be the work of a lost create, it looks
// again if it gets no answer: one that isn't found is left on the server and not in the state.
func (c *creator) find(ctx context.Context, lost bool) (found lookup.Owners, err error) {
	for began := time.Now(); ; {
		found, err = lookup.FindOwners(ctx, c.client, c.schemas, c.body)
		if err == nil || !lost || isFinal(err) || time.Since(began) > findTime {
			return found, err
		}
		if _, noSchema := c.schemas.Require(ctx, c.body.SchemaID); noSchema != nil || !c.wait(ctx) {
			return found, err // without the schema nobody knows what to look for, and it was asked for with patience
		}
	}
}

// isFinal tells whether looking again would end in the same way.
func isFinal(err error) bool {
	return isRefused(err) || errors.Is(err, lookup.ErrFilterIgnored) || errors.Is(err, lookup.ErrNoExternalID)
}

// wait gives a gateway that answers nothing a moment, more each time.
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

// lookedUp takes an identity that a create made whose answer was lost.
func (c *creator) lookedUp(identity *kratos.Identity) *kratos.Identity {
	c.found = true
	return c.created(identity)
}

// isOurs tells whether an identity that was looked up is the one that a request of ours made, whose answer was lost.
func (c *creator) isOurs(identity *kratos.Identity, began time.Time) bool {
	created, err := time.Parse(time.RFC3339Nano, identity.CreatedAt)
	if err != nil || created.Before(began.Add(-clockSlack)) {
		return false
	}
	for _, a := range managed {
		if !a.isOurs(c.operation, c.body, identity) {
			return false
		}
	}
	return true
}
