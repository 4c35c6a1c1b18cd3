package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// singly is how many single calls replace a request for many at the same time: as many as Terraform would make.
const singly = 10

// identifiersOnly brings the identifiers of all types of credential into a list, as reading one identity does, without a secret.
var identifiersOnly = []string{"code"}

// readAll reads the identities of a group: one with a GET, more with a list.
func (c *Client) readAll(ctx context.Context, ids []string) []result[*kratos.Identity] {
	results := make([]result[*kratos.Identity], len(ids))
	found, err := c.list(ctx, ids)
	each(len(ids), func(i int) {
		switch identity := found[strings.ToLower(ids[i])]; {
		case identity != nil:
			own := *identity // two callers may have asked for the same
			results[i].answer = &own
		case err != nil:
			results[i].err = fmt.Errorf("reading several identities: %w", err)
		default:
			// A list leaves out what isn't there, and says nothing of why. Only the identity's own 404 says that it is gone.
			results[i].answer, results[i].err = c.api.GetIdentity(ctx, ids[i])
		}
	})
	return results
}

// list returns the identities by id. Where the server refuses the list as a whole, as v26 does when the schema of one of the
// identities is gone, it returns nothing, and no error: each can still be read by itself.
func (c *Client) list(ctx context.Context, ids []string) (map[string]*kratos.Identity, error) {
	unique := slices.Clone(ids)
	slices.Sort(unique)
	if unique = slices.Compact(unique); len(unique) < 2 {
		return nil, nil
	}
	found := make(map[string]*kratos.Identity, len(unique))
	for identity, err := range c.api.ListIdentities(ctx, kratos.ListIdentitiesOptions{IDs: unique, IncludeCredential: identifiersOnly}) {
		var answer *kratos.Error
		if errors.As(err, &answer) && answer.Refused() {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		found[strings.ToLower(identity.ID)] = identity
	}
	return found, nil
}

// each calls do for 0 to n-1, some at the same time, and returns when all have returned. It panics if one of them has.
func each(n int, do func(i int)) {
	var panicked atomic.Pointer[panicError]
	var group sync.WaitGroup
	slots := make(chan struct{}, singly)
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store(&panicError{p, debug.Stack()})
				}
				<-slots
			}()
			do(i)
		})
	}
	group.Wait()
	if p := panicked.Load(); p != nil {
		panic(p)
	}
}

// panicError is a panic in a goroutine, on its way to who waits for it.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("%v\n%s", p.value, p.stack) }
