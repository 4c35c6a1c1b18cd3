package batch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxRounds bounds how often what a batch rolled back is sent again as a batch, before the rest is sent one by one.
	maxRounds = 3

	// grace is how long the identities of a batch are still read after everybody has stopped waiting: they exist, and
	// Terraform saves nothing of those that it knows nothing of.
	grace = time.Minute
)

// createSize is how many of the bodies go into one batch.
func (c *Client) createSize(bodies []kratos.CreateIdentityBody) int {
	limit, bytes := c.options.MaxSize, 0
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

// creating is a group of creates on its way.
type creating struct {
	*Client
	bodies  []kratos.CreateIdentityBody
	results []result[*kratos.Identity]
	open    []int // the indexes of what is to be sent in the next batch
	alone   []int // the indexes of what is to be sent by itself
	unsure  bool  // a batch that failed may have been carried out, whatever its answer said
}

// createAll creates the identities of a group: one with a POST, more with a batch.
func (c *Client) createAll(ctx context.Context, bodies []kratos.CreateIdentityBody) []result[*kratos.Identity] {
	g := creating{Client: c, bodies: bodies, results: make([]result[*kratos.Identity], len(bodies))}
	for i := range bodies {
		g.open = append(g.open, i)
	}
	for round := 0; round < maxRounds && len(g.open) > 1; round++ {
		g.batch(ctx)
	}
	g.alone = append(g.alone, g.open...)
	each(len(g.alone), func(n int) {
		i := g.alone[n]
		g.results[i].answer, g.results[i].err = c.api.CreateIdentity(ctx, bodies[i])
		if g.unsure && errors.Is(g.results[i].err, kratos.ErrConflict) {
			g.results[i].err = unsureConflict{g.results[i].err}
		}
	})
	return g.results
}

// batch sends what is open and puts down the results. What was not created for a reason that isn't its own is open again after it.
func (g *creating) batch(ctx context.Context) {
	sent := g.open
	g.open = nil
	bodies := make([]kratos.CreateIdentityBody, 0, len(sent))
	for _, i := range sent {
		bodies = append(bodies, g.bodies[i])
	}
	items, err := g.api.BatchCreateIdentities(ctx, bodies)
	var answer *kratos.Error
	switch {
	case errors.As(err, &answer) && answer.Refused():
		// An item is malformed, or the only valid one conflicts. Nothing was created, and nobody says whose fault it is. Only after a
		// failure of its database can the server be wrong about that.
		g.alone, g.unsure = append(g.alone, sent...), answer.StatusCode >= http.StatusInternalServerError
	case err != nil:
		for _, i := range sent {
			g.results[i].err = fmt.Errorf("creating %d identities in one request: %w", len(sent), err)
		}
	default:
		g.settle(ctx, sent, items)
	}
}

// settle puts down what became of the items of a batch, by looking at what now exists.
func (g *creating) settle(ctx context.Context, sent []int, items []kratos.BatchResult) {
	var created []int // indexes of items
	var ids []string
	for n, item := range items {
		var answer *kratos.Error
		switch {
		case item.Err == nil:
			created, ids = append(created, n), append(ids, item.ID)
		case errors.As(item.Err, &answer) && !answer.Explains():
			g.alone = append(g.alone, sent[n]) // v1.3 says why to a single create only
		default:
			g.results[sent[n]].err = item.Err
		}
	}
	failed := len(created) < len(items)
	ctx, stop := outlive(ctx, grace)
	defer stop()
	for k, read := range g.readAll(ctx, ids) {
		i := sent[created[k]]
		switch {
		case read.err == nil:
			g.results[i] = read
		case failed && errors.Is(read.err, kratos.ErrNotFound):
			g.open = append(g.open, i) // rolled back with the one that conflicted, by v1.3
		case failed || errors.Is(read.err, kratos.ErrNotFound):
			g.results[i].err = fmt.Errorf("reading the new identity %s: %w", ids[k], errors.Join(read.err, kratos.ErrOutcomeUnknown))
		default:
			g.results[i].answer = asSent(ids[k], g.bodies[i])
		}
	}
}

// unsureConflict is a conflict that may be with what an earlier request of ours made. It is [kratos.ErrOutcomeUnknown] too.
type unsureConflict struct{ error }

func (e unsureConflict) Unwrap() []error { return []error{e.error, kratos.ErrOutcomeUnknown} }

// asSent is an identity that was created for certain and could not be read back. Without it in the state, the next apply would
// meet a conflict; what only the server knows of it comes with the next refresh.
func asSent(id string, body kratos.CreateIdentityBody) *kratos.Identity {
	return &kratos.Identity{
		ID: id, SchemaID: body.SchemaID, Traits: body.Traits, State: body.State, ExternalID: body.ExternalID,
		OrganizationID: body.OrganizationID, MetadataPublic: body.MetadataPublic, MetadataAdmin: body.MetadataAdmin,
		VerifiableAddresses: body.VerifiableAddresses,
	}
}

// outlive returns a context that ends a while after ctx, or with stop.
func outlive(ctx context.Context, while time.Duration) (longer context.Context, stop func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unwatch := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(while)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-longer.Done():
		}
	})
	return longer, func() {
		unwatch()
		cancel()
	}
}
