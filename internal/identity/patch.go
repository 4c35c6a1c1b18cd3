package identity

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// maxPatches limits how often a patcher compares and sends if answers are lost.
const maxPatches = 3

// patcher changes one identity with a JSON Patch of the differences. The caller holds the lock of the identity.
type patcher struct {
	client client

	// operations returns the changes that the server's current identity lacks. If it adds an error to diags, nothing is
	// sent.
	operations func(current *kratos.Identity) []kratos.PatchOperation

	// include names the types of credential whose config operations needs.
	include []string

	// sent is called with the result of each request that was sent. It can be nil.
	sent func(err error)

	diags *diag.Diagnostics
}

// undoneError is the error of a write after which the server was read and didn't have the change.
type undoneError struct{ error }

func (e undoneError) Unwrap() error { return e.error }

// isUndone reports whether the server was read after the write that failed, and doesn't have the change.
func isUndone(err error) bool {
	var undone undoneError
	return errors.As(err, &undone)
}

// run reads the identity and sends the differences, if there are any. If the answer is lost, it reads the identity
// again and sends the remaining differences. It returns the identity, and the operations of the last request.
func (p patcher) run(ctx context.Context, id string) (*kratos.Identity, []kratos.PatchOperation, error) {
	var lost error
	for sent := 0; ; sent++ {
		current, err := p.client.GetIdentity(ctx, id, p.include...)
		if err != nil {
			return nil, nil, errors.Join(err, lost)
		}
		ops := p.operations(current)
		switch {
		case p.diags.HasError() || len(ops) == 0:
			return current, nil, nil
		case sent == maxPatches:
			return nil, nil, undoneError{lost}
		}
		updated, err := p.client.PatchIdentity(ctx, id, ops)
		if p.sent != nil {
			p.sent(err)
		}
		if err == nil {
			return updated, ops, nil
		}
		if lost = err; ctx.Err() != nil || !errors.Is(err, kratos.ErrOutcomeUnknown) {
			return nil, nil, err
		}
	}
}
