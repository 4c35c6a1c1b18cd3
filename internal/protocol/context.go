package protocol

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// callContext is the context of one call while the call lasts. After the call it is an ended context without values, so
// that code which keeps it doesn't keep the loggers and the request that the call's context holds.
type callContext struct {
	current atomic.Pointer[context.Context]
}

// releasable returns a context that delegates to ctx until release is called, and that has ended from then on. The
// caller calls release when the call is over. gRPC ends ctx at the same time, and with it the contexts derived from
// either.
func releasable(ctx context.Context) (call context.Context, release func()) {
	c := &callContext{}
	c.current.Store(&ctx)
	return c, c.release
}

// release drops the reference to the call's context.
func (c *callContext) release() {
	if errors.Is(c.Err(), context.DeadlineExceeded) {
		c.current.Store(&exceeded)
	} else {
		c.current.Store(&canceled)
	}
}

// Deadline implements context.Context. There is no deadline after the release.
func (c *callContext) Deadline() (time.Time, bool) { return (*c.current.Load()).Deadline() }

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} { return (*c.current.Load()).Done() }

// Err implements context.Context.
func (c *callContext) Err() error { return (*c.current.Load()).Err() }

// Value implements context.Context. There are no values after the release.
func (c *callContext) Value(key any) any { return (*c.current.Load()).Value(key) }

// All released contexts share these two values, since the framework's server keeps three contexts for each resource.
var canceled, exceeded context.Context = ended{context.Canceled}, ended{context.DeadlineExceeded}

// ended is a context that has ended.
type ended struct{ err error }

// over is the closed channel that every ended context returns from Done.
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
