package identity

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// maxPatches limits how often a patcher compares and sends if answers are lost.
const maxPatches = 3

// patcher changes one identity with a JSON Patch of what differs. The caller holds the lock of the identity.
type patcher struct {
	client client

	// operations returns the changes that the server's current identity lacks. If it adds an error to diags, nothing is
	// sent.
	operations func(current *kratos.Identity) []kratos.PatchOperation

	// sent is called with the result of each request that was sent. It can be nil.
	sent func(err error)

	diags *diag.Diagnostics
}

// run reads the identity and sends the differences, if there are any. If the answer is lost, it reads the identity
// again and sends the remaining differences. It returns the identity, and the operations of the last request.
func (p patcher) run(ctx context.Context, id string) (*kratos.Identity, []kratos.PatchOperation, error) {
	var lost error
	for range maxPatches {
		current, err := p.client.GetIdentity(ctx, id)
		if err != nil {
			return nil, nil, errors.Join(err, lost)
		}
		ops := p.operations(current)
		if p.diags.HasError() || len(ops) == 0 {
			return current, nil, nil
		}
		updated, err := p.client.PatchIdentity(ctx, id, ops)
		if p.sent != nil {
			p.sent(err)
		}
		if err == nil {
			return updated, ops, nil
		}
		if lost = err; ctx.Err() != nil || !errors.Is(err, kratos.ErrOutcomeUnknown) {
			break
		}
	}
	return nil, nil, lost
}
