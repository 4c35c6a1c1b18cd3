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

// maxSingle is the maximum number of concurrent single requests that replace a request for many identities. It is
// Terraform's default parallelism.
const maxSingle = 10

// identifiersOnly makes a list return the identifiers of all types of credential without any secret. A read of one
// identity requests the same, so that both give callers the same data.
var identifiersOnly = []string{kratos.IncludeIdentifiers}

// readAll reads the identities of a group: one by a GET, several by a list.
func (c *Client) readAll(ctx context.Context, ids []string) []result[*kratos.Identity] {
	results := make([]result[*kratos.Identity], len(ids))
	found, err := c.list(ctx, ids)
	forEach(len(ids), func(i int) {
		switch identity := found[strings.ToLower(ids[i])]; {
		case identity != nil:
			own := *identity // two callers may have asked for the same identity
			results[i].answer = &own
		case err != nil:
			results[i].err = fmt.Errorf("reading several identities: %w", err)
		default:
			// A list omits missing identities without a reason. Only a 404 for the id proves that the identity doesn't exist.
			results[i].answer, results[i].err = c.api.GetIdentity(ctx, ids[i], identifiersOnly...)
		}
	})
	return results
}

// list returns the identities by their lower-case ids. It returns nothing, and no error, if each identity can still be
// read by its id: the server refuses the list as a whole (v26 does so if the schema of one identity was removed), the
// list isn't about these ids, or it exceeds a bound.
func (c *Client) list(ctx context.Context, ids []string) (map[string]*kratos.Identity, error) {
	unique := make([]string, 0, len(ids))
	for _, id := range ids {
		unique = append(unique, strings.ToLower(id))
	}
	slices.Sort(unique)
	unique = slices.Compact(unique)
	if len(unique) < 2 {
		return nil, nil
	}
	found := make(map[string]*kratos.Identity, len(unique))
	var kept kratos.Kept
	for some := range slices.Chunk(unique, maxSize) {
		opts := kratos.ListIdentitiesOptions{IDs: some, IncludeCredential: identifiersOnly}
		for identity, err := range c.api.ListIdentities(ctx, opts) {
			if err == nil {
				err = kept.Add(identity)
			}
			var answer *kratos.Error
			if errors.Is(err, kratos.ErrWrongIdentity) || errors.Is(err, kratos.ErrTooLarge) ||
				(errors.As(err, &answer) && mayGoAlone(answer)) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			found[strings.ToLower(identity.ID)] = identity
		}
	}
	return found, nil
}

// mayGoAlone reports whether the items of a failed request may succeed one by one. With refused credentials each of
// them would fail.
func mayGoAlone(answer *kratos.Error) bool {
	if errors.Is(answer, kratos.ErrUnauthorized) {
		return false
	}
	return answer.Refused() || answer.ServerFailed() || answer.TooLarge()
}

// forEach calls do for 0 to n-1, at most maxSingle at the same time, and returns after all calls have returned. It
// panics if one of the calls has panicked.
func forEach(n int, do func(i int)) {
	var panicked atomic.Pointer[panicError]
	var group sync.WaitGroup
	slots := make(chan struct{}, maxSingle)
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

// panicError carries a panic of another goroutine to the goroutine that waits for it.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("%v\n%s", p.value, p.stack) }
