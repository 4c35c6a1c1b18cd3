package protocol

import (
	"context"
	"sync/atomic"
	"time"
)

// callContext is the context of one call for as long as the call lasts, and next to nothing after that. Whoever keeps it keeps
// neither the loggers nor the request that the call's context holds.
type callContext struct {
	current atomic.Pointer[context.Context]
}

// releasable returns a context that stands for ctx until release is called.
func releasable(ctx context.Context) (call context.Context, release func()) {
	c := &callContext{}
	c.current.Store(&ctx)
	return c, c.release
}

// release lets go of what the context stands for.
func (c *callContext) release() {
	ctx := *c.current.Load()
	over := remains{done: ctx.Done(), err: ctx.Err()}
	over.deadline, over.hasDeadline = ctx.Deadline()
	ctx = over
	c.current.Store(&ctx)
}

// Deadline implements context.Context.
func (c *callContext) Deadline() (time.Time, bool) { return (*c.current.Load()).Deadline() }

// Done implements context.Context. The channel stays the same after the release, and so does what closes it.
func (c *callContext) Done() <-chan struct{} { return (*c.current.Load()).Done() }

// Err implements context.Context.
func (c *callContext) Err() error { return (*c.current.Load()).Err() }

// Value implements context.Context. There are no values after the release.
func (c *callContext) Value(key any) any { return (*c.current.Load()).Value(key) }

// remains is what a released context goes on to say: whether it has ended.
type remains struct {
	done        <-chan struct{}
	err         error // at the release
	deadline    time.Time
	hasDeadline bool
}

// Deadline implements context.Context.
func (r remains) Deadline() (time.Time, bool) { return r.deadline, r.hasDeadline }

// Done implements context.Context.
func (r remains) Done() <-chan struct{} { return r.done }

// Err implements context.Context.
func (r remains) Err() error {
	if r.err != nil {
		return r.err
	}
	select {
	case <-r.done:
		return context.Canceled
	default:
		return nil
	}
}

// Value implements context.Context.
func (remains) Value(any) any { return nil }
