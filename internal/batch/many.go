package batch

import (
	"context"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Created is the outcome of one create.
type Created struct {
	// Identity is the new identity. After a batch without an error it has the id and the values that were sent.
	Identity *kratos.Identity
	Err      error
}

// CreateMany creates identities with one batch, and with further requests for creates whose outcome the batch doesn't
// show. It returns one outcome for each body, in their order, with the errors of single creates.
func (c *Client) CreateMany(ctx context.Context, bodies []kratos.CreateIdentityBody) []Created {
	g := createGroup{Client: c, bodies: bodies, trusting: true}
	outcomes := make([]Created, 0, len(bodies))
	for _, r := range g.run(ctx) {
		outcomes = append(outcomes, Created{r.answer, r.err})
	}
	return outcomes
}

// ForEach calls do for 0 to n-1, as many at the same time as Terraform makes calls by default, and returns when all
// calls have returned.
func ForEach(n int, do func(i int)) { forEach(n, do) }
