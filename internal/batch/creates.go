package batch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxRounds bounds how often the creates of a rolled back batch are sent as a batch again. After that they are sent
	// one by one, so that a batch with many conflicts ends.
	maxRounds = 3

	// readBackTime is how long the identities of a batch are read after all callers were cancelled. The identities exist,
	// and Terraform can save only identities that it gets.
	readBackTime = time.Minute
)

// createLimit returns how many of the bodies fit into one batch.
func (c *Client) createLimit(bodies []kratos.CreateIdentityBody) int {
	limit := c.options.MaxSize
	bytes := 0
	for i, body := range bodies {
		if body.HasPlaintextPassword() {
			limit = min(limit, maxPlaintext)
		}
		bytes += len(body.Traits) + len(body.MetadataPublic) + len(body.MetadataAdmin)
		if i >= limit || bytes > maxBytes {
			return max(i, 1)
		}
	}
	return limit
}

// createGroup is a group of creates that is being sent. Its lists contain indexes of bodies.
type createGroup struct {
	*Client
	bodies    []kratos.CreateIdentityBody
	results   []result[*kratos.Identity]
	open      []int // to be sent in the next batch
	single    []int // to be sent one by one
	uncertain bool  // a failed batch may have been carried out in spite of its answer
	trusting  bool  // a batch without an error isn't read back
}

// createAll creates the identities of a group: one by a POST, several by a batch.
func (c *Client) createAll(ctx context.Context, bodies []kratos.CreateIdentityBody) []result[*kratos.Identity] {
	g := createGroup{Client: c, bodies: bodies}
	return g.run(ctx)
}

func (g *createGroup) run(ctx context.Context) []result[*kratos.Identity] {
	g.results = make([]result[*kratos.Identity], len(g.bodies))
	for i := range g.bodies {
		g.open = append(g.open, i)
	}
	for round := 0; round < maxRounds && len(g.open) > 1; round++ {
		g.sendBatch(ctx)
	}
	g.single = append(g.single, g.open...)
	forEach(len(g.single), func(n int) {
		i := g.single[n]
		g.results[i].answer, g.results[i].err = g.api.CreateIdentity(ctx, g.bodies[i])
		if g.uncertain && errors.Is(g.results[i].err, kratos.ErrConflict) {
			g.results[i].err = uncertainConflict{g.results[i].err}
		}
	})
	return g.results
}

// sendBatch sends the open creates and records the results. A create that failed because of another item is open again
// afterwards.
func (g *createGroup) sendBatch(ctx context.Context) {
	sent := g.open
	g.open = nil
	bodies := make([]kratos.CreateIdentityBody, 0, len(sent))
	for _, i := range sent {
		bodies = append(bodies, g.bodies[i])
	}
	items, err := g.api.BatchCreateIdentities(ctx, bodies)
	var answer *kratos.Error
	switch {
	case errors.As(err, &answer) && mayGoAlone(answer):
		// An item is malformed, or the only valid item conflicts. The server created nothing (unless its database failed) and
		// doesn't name the item.
		g.single = append(g.single, sent...)
		g.uncertain = !answer.Refused() && !errors.Is(answer, kratos.ErrNotStorable)
	case err != nil:
		for _, i := range sent {
			g.results[i].err = fmt.Errorf("creating %d identities in one request: %w", len(sent), err)
		}
	default:
		g.settle(ctx, sent, items)
	}
}

// settle reads the identities of the server and records the outcome of the items of a batch.
func (g *createGroup) settle(ctx context.Context, sent []int, items []kratos.BatchResult) {
	var created []int // indexes of bodies
	var ids []string
	for n, item := range items {
		switch {
		case item.Err == nil:
			created = append(created, sent[n])
			ids = append(ids, item.ID)
		case unexplained(item.Err):
			g.single = append(g.single, sent[n]) // v1.3 tells the reason to a single create only
		default:
			g.results[sent[n]].err = item.Err
		}
	}
	failed := len(created) < len(items)
	if g.trusting && !failed {
		for k, i := range created {
			g.results[i].answer = asSent(ids[k], g.bodies[i])
		}
		return
	}
	ctx, stop := outlive(ctx, readBackTime)
	defer stop()
	for k, read := range g.readAll(ctx, ids) {
		i := created[k]
		switch {
		case read.err == nil:
			g.results[i] = read
		case failed && errors.Is(read.err, kratos.ErrNotFound):
			g.open = append(g.open, i) // v1.3 has rolled it back because another item conflicts
		case failed || errors.Is(read.err, kratos.ErrNotFound):
			err := errors.Join(read.err, kratos.ErrOutcomeUnknown)
			g.results[i].err = fmt.Errorf("reading the new identity %s: %w", ids[k], err)
		default:
			g.results[i].answer = asSent(ids[k], g.bodies[i])
		}
	}
}

// unexplained reports whether the server refused an item of a batch without a reason. An item with an unknown outcome
// doesn't count, because a repetition could create a second identity.
func unexplained(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && !answer.Explains() && !errors.Is(err, kratos.ErrOutcomeUnknown)
}

// uncertainConflict is a conflict that an earlier request of ours may have caused. It is [kratos.ErrOutcomeUnknown]
// too.
type uncertainConflict struct{ error }

func (e uncertainConflict) Unwrap() []error { return []error{e.error, kratos.ErrOutcomeUnknown} }

// asSent returns an identity that certainly exists but could not be read. If the state doesn't have it, the next apply
// has a conflict. The next refresh adds the values that only the server knows.
func asSent(id string, body kratos.CreateIdentityBody) *kratos.Identity {
	return &kratos.Identity{
		ID: id, SchemaID: body.SchemaID, Traits: body.Traits, State: body.State, ExternalID: body.ExternalID,
		OrganizationID: body.OrganizationID, MetadataPublic: body.MetadataPublic, MetadataAdmin: body.MetadataAdmin,
		VerifiableAddresses: body.VerifiableAddresses,
	}
}

// outlive returns a context that ends some time after ctx has ended, or with stop.
func outlive(ctx context.Context, longer time.Duration) (outliving context.Context, stop func()) {
	outliving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unwatch := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(longer)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-outliving.Done():
		}
	})
	return outliving, func() {
		unwatch()
		cancel()
	}
}
