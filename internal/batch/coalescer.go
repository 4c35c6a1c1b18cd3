package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// A group is sent when no call has joined for its quiet wait. After a call returns, Terraform works 5 to 20 ms and then
// starts the next call. A shorter wait splits groups. A longer wait delays a single call without need.
const (
	// quietWait is the wait where requests are limited: there a request costs more than the wait.
	quietWait = 25 * time.Millisecond

	// readWait is the wait of reads elsewhere. Ten calls arrive within 3 ms.
	readWait = 5 * time.Millisecond
)

// result is the outcome of one call.
type result[A any] struct {
	answer A
	err    error
}

// waiter is one call that waits for its group.
type waiter[Q, A any] struct {
	ctx   context.Context //nolint:containedctx // The caller's context, under which the caller waits for the answer.
	query Q
	sent  bool // the group was sent; guarded by the coalescer's mutex
	done  chan struct{}
	result[A]
}

// coalescer makes one request of many concurrent calls by group commit: one group is on its way, and the calls that
// arrive meanwhile form the next group, which is sent when no call has joined for the quiet wait. The coalescer has a
// goroutine and a timer only while a call waits.
type coalescer[Q, A any] struct {
	quiet func() time.Duration // the quiet wait

	// run carries out a group and returns one result for each query, in the order of the queries. The context of run
	// ends when the contexts of all callers have ended.
	run func(ctx context.Context, queries []Q) []result[A]

	// limit returns how many of these queries, counted from the first, fit into one group. The limit may exceed their
	// number.
	limit func(queries []Q) int

	// waitForSent makes a caller wait for the answer after its group was sent, even after the end of the caller's context,
	// because the server may carry out the request.
	waitForSent bool

	mu      sync.Mutex
	queue   []*waiter[Q, A]
	working bool          // the goroutine of work runs
	changed chan struct{} // of capacity 1: the queue has changed
}

func newCoalescer[Q, A any](
	quiet func() time.Duration, run func(context.Context, []Q) []result[A], limit func([]Q) int,
) *coalescer[Q, A] {
	return &coalescer[Q, A]{quiet: quiet, run: run, limit: limit, changed: make(chan struct{}, 1)}
}

// call joins the next group and waits for the answer to the query.
func (c *coalescer[Q, A]) call(ctx context.Context, query Q) (A, error) {
	w := &waiter[Q, A]{ctx: ctx, query: query, done: make(chan struct{})}
	if err := ctx.Err(); err != nil {
		return w.answer, err
	}
	c.join(w)
	select {
	case <-w.done:
		return w.answer, w.err
	case <-ctx.Done():
	}
	if c.leave(w) || !c.waitForSent {
		var none A
		return none, ctx.Err()
	}
	<-w.done
	return w.answer, w.err
}

// join puts a call into the queue.
func (c *coalescer[Q, A]) join(w *waiter[Q, A]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, w)
	if c.working {
		c.notify()
		return
	}
	c.working = true
	go c.work()
}

// leave takes a call out of the queue and reports whether the call was still there.
func (c *coalescer[Q, A]) leave(w *waiter[Q, A]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.sent {
		return false
	}
	for i, other := range c.queue {
		if other == w {
			c.queue = append(c.queue[:i:i], c.queue[i+1:]...)
			break
		}
	}
	c.notify()
	return true
}

func (c *coalescer[Q, A]) notify() {
	select {
	case c.changed <- struct{}{}:
	default: // an earlier notice wasn't read yet
	}
}

// work sends group after group until the queue is empty.
func (c *coalescer[Q, A]) work() {
	for {
		c.collect()
		group := c.take()
		if group == nil {
			return
		}
		results := c.carryOut(group)
		for i, w := range group {
			w.result = results[i]
			close(w.done)
		}
	}
}

// collect returns when the next group is full, or no call has joined for the quiet wait.
func (c *coalescer[Q, A]) collect() {
	for c.hasRoom() {
		timer := time.NewTimer(c.quiet())
		select {
		case <-c.changed:
			timer.Stop()
		case <-timer.C:
			return
		}
	}
}

// hasRoom reports whether calls wait, and the next group can take one more.
func (c *coalescer[Q, A]) hasRoom() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := len(c.queue)
	return waiting > 0 && waiting < c.limit(queries(c.queue))
}

// take removes the next group from the queue. If the queue is empty, take returns nil, and the goroutine of work must
// end.
func (c *coalescer[Q, A]) take() []*waiter[Q, A] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.working = false
		c.queue = nil // releases the array, which refers to earlier calls
		return nil
	}
	n := min(max(c.limit(queries(c.queue)), 1), len(c.queue))
	group := c.queue[:n:n]
	c.queue = c.queue[n:]
	for _, w := range group {
		w.sent = true
	}
	return group
}

// carryOut runs a group under a context that ends when the contexts of all callers have ended. It always returns one
// result for each call.
func (c *coalescer[Q, A]) carryOut(group []*waiter[Q, A]) (results []result[A]) {
	ctx, cancel := detached(group)
	defer cancel()
	ended := make(chan struct{}, len(group))
	for _, w := range group {
		stop := context.AfterFunc(w.ctx, func() {
			ended <- struct{}{}
			if len(ended) == cap(ended) {
				cancel()
			}
		})
		defer stop()
	}
	defer func() {
		if p := recover(); p != nil {
			results = failAll[A](len(group), fmt.Errorf("provider defect: panic in a batch: %v\n%s", p, debug.Stack()))
		}
	}()
	results = c.run(ctx, queries(group))
	if len(results) != len(group) {
		return failAll[A](len(group), fmt.Errorf("provider defect: %d results for %d calls", len(results), len(group)))
	}
	return results
}

// detached returns a context that no caller ends. It has the latest deadline of the callers, so that the client can
// refuse waits that are longer.
func detached[Q, A any](group []*waiter[Q, A]) (context.Context, context.CancelFunc) {
	ctx := context.WithoutCancel(group[0].ctx)
	var latest time.Time
	for _, member := range group {
		deadline, ok := member.ctx.Deadline()
		if !ok {
			return context.WithCancel(ctx)
		}
		if deadline.After(latest) {
			latest = deadline
		}
	}
	return context.WithDeadline(ctx, latest)
}

func queries[Q, A any](group []*waiter[Q, A]) []Q {
	all := make([]Q, 0, len(group))
	for _, w := range group {
		all = append(all, w.query)
	}
	return all
}

// failAll returns the same error for each of n calls.
func failAll[A any](n int, err error) []result[A] {
	results := make([]result[A], n)
	for i := range results {
		results[i].err = err
	}
	return results
}
