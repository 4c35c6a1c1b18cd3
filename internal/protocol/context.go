package protocol

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// callContext is the context of one call for as long as the call lasts, and next to nothing after that: an ended
// context without values. Whoever keeps it keeps neither the loggers nor the request that the call's context holds.
type callContext struct {
	current atomic.Pointer[context.Context]
}

// releasable returns a context that stands for ctx until release is called, and has ended from then on. That is when
// the call is over, so that gRPC ends ctx, and with it what was derived from either.
func releasable(ctx context.Context) (call context.Context, release func()) {
	c := &callContext{}
	c.current.Store(&ctx)
	return c, c.release
}

// release lets go of what the context stands for.
func (c *callContext) release() {
	if errors.Is(c.Err(), context.DeadlineExceeded) {
		c.current.Store(&exceeded)
	} else {
		c.current.Store(&canceled)
	}
}

// Deadline implements context.Context. There is none after the release.
func (c *callContext) Deadline() (time.Time, bool) { return (*c.current.Load()).Deadline() }

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} { return (*c.current.Load()).Done() }

// Err implements context.Context.
func (c *callContext) Err() error { return (*c.current.Load()).Err() }

// Value implements context.Context. There are no values after the release.
func (c *callContext) Value(key any) any { return (*c.current.Load()).Value(key) }

// What all contexts stand for that were released: one of these for all of them, since the framework's server keeps
// three for each resource.
var canceled, exceeded context.Context = ended{context.Canceled}, ended{context.DeadlineExceeded}

// ended is a context that has ended.
type ended struct{ err error }

// over is the channel of what has ended.
var over = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Deadline implements context.Context.
func (ended) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done implements context.Context.
func (ended) Done() <-chan struct{} { return over }

// Err implements context.Context.
func (e ended) Err() error { return e.err }

// Value implements context.Context.
func (ended) Value(any) any { return nil }
