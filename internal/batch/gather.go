package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// The waits for company. Terraform hands over as many calls at a time as its parallelism allows, and the next one when one has
// returned. Core does work in between, such as writing the state, so that they come one after the other, at a pace that depends
// on the machine and on the size of the state.
const (
	quiet    = 5 * time.Millisecond   // how long nobody else came, when the pace isn't known
	patience = 3                      // the same in times of the pace, while somebody is missing who was there lately
	longest  = 250 * time.Millisecond // the longest that either may get
)

// result is what became of one call.
type result[A any] struct {
	answer A
	err    error
}

// waiter is one caller.
type waiter[Q, A any] struct {
	ctx   context.Context //nolint:containedctx // The caller's, which goes on waiting for the answer.
	query Q
	taken bool // its group has set out; guarded by the gatherer's mutex
	done  chan struct{}
	result[A]
}

// gatherer makes groups of the calls that come at the same time. One group is on its way at a time; those who come meanwhile
// form the next one. It has a goroutine and timers only while somebody waits.
type gatherer[Q, A any] struct {
	// run carries out a group and returns a result for each query, in their order. Its context ends when all callers' have.
	run func(ctx context.Context, queries []Q) []result[A]

	// size says how many of these queries, from the first on, go in one group at most; it may be more than there are.
	size func(queries []Q) int

	// seeThrough keeps callers whose group has set out until it arrives, whatever becomes of their contexts: what was sent may
	// be carried out.
	seeThrough bool

	mu      sync.Mutex
	queue   []*waiter[Q, A]
	working bool
	changed chan struct{} // of capacity 1: the queue has changed
	onWay   int
	known   int           // how many callers there were at the same time lately; 0 if it isn't known
	most    int           // the same, since the last group was complete
	pace    time.Duration // the longest time between two callers lately; 0 if it isn't known
	last    time.Time     // when the last caller of the next group came
}

// call joins the next group and waits for its answer to the query.
func (g *gatherer[Q, A]) call(ctx context.Context, query Q) (A, error) {
	w := &waiter[Q, A]{ctx: ctx, query: query, done: make(chan struct{})}
	if err := ctx.Err(); err != nil {
		return w.answer, err
	}
	g.join(w)
	select {
	case <-w.done:
		return w.answer, w.err
	case <-ctx.Done():
	}
	if g.leave(w) || !g.seeThrough {
		var none A
		return none, ctx.Err()
	}
	<-w.done
	return w.answer, w.err
}

func (g *gatherer[Q, A]) join(w *waiter[Q, A]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := time.Now(); len(g.queue) == 0 || g.onWay > 0 {
		g.last = now
	} else {
		g.pace, g.last = slowest(g.pace, now.Sub(g.last)), now
	}
	g.queue = append(g.queue, w)
	g.most = max(g.most, len(g.queue)+g.onWay)
	if g.working {
		g.wake()
		return
	}
	g.working = true
	go g.work()
}

// leave takes a caller out of the queue and says whether it was still there.
func (g *gatherer[Q, A]) leave(w *waiter[Q, A]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.taken {
		return false
	}
	for i, other := range g.queue {
		if other == w {
			g.queue = append(g.queue[:i:i], g.queue[i+1:]...)
			break
		}
	}
	g.wake()
	return true
}

func (g *gatherer[Q, A]) wake() {
	select {
	case g.changed <- struct{}{}:
	default: // told already
	}
}

// work carries out group after group until nobody waits.
func (g *gatherer[Q, A]) work() {
	for {
		g.gather()
		group := g.take()
		if group == nil {
			return
		}
		results := g.carryOut(group)
		g.mu.Lock()
		g.onWay = 0
		g.mu.Unlock()
		for i, w := range group {
			w.result = results[i]
			close(w.done)
		}
	}
}

// gather returns when the next group is complete, or nobody else is likely to come.
func (g *gatherer[Q, A]) gather() {
	for {
		wait := g.wait()
		if wait <= 0 {
			return
		}
		timer := time.NewTimer(wait)
		select {
		case <-g.changed:
			timer.Stop()
			continue
		case <-timer.C:
		}
		g.mu.Lock()
		g.known, g.most = len(g.queue), 0 // those who are missing have other things to do
		g.mu.Unlock()
		return
	}
}

// wait says how long to wait for another caller, 0 for no longer.
func (g *gatherer[Q, A]) wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := len(g.queue)
	switch {
	case n == 0, g.known > 0 && n >= g.known, n >= g.size(queries(g.queue)):
		return 0
	case g.known > 0:
		return min(max(patience*g.pace, quiet), longest)
	}
	return quiet
}

// slowest follows the longest gaps: callers come in bursts, and the gaps between the bursts count.
func slowest(pace, gap time.Duration) time.Duration {
	return max(min(gap, longest), pace-pace/16)
}

// take takes the next group off the queue; nil, and the work is over, if nobody waits.
func (g *gatherer[Q, A]) take() []*waiter[Q, A] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.working = false
		return nil
	}
	n := min(max(g.size(queries(g.queue)), 1), len(g.queue))
	group := g.queue[:n:n]
	g.queue = g.queue[n:]
	for _, w := range group {
		w.taken = true
	}
	g.onWay = n
	g.known, g.most = max(g.known, g.most), 0
	return group
}

// carryOut runs a group under a context that ends when all its callers' have, and returns a result for each, whatever happens.
func (g *gatherer[Q, A]) carryOut(group []*waiter[Q, A]) (results []result[A]) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(group[0].ctx))
	defer cancel()
	left := make(chan struct{}, len(group))
	for _, w := range group {
		stop := context.AfterFunc(w.ctx, func() {
			if left <- struct{}{}; len(left) == cap(left) {
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
	results = g.run(ctx, queries(group))
	if len(results) != len(group) {
		return failAll[A](len(group), fmt.Errorf("provider defect: %d results for %d calls", len(results), len(group)))
	}
	return results
}

func queries[Q, A any](group []*waiter[Q, A]) []Q {
	all := make([]Q, 0, len(group))
	for _, w := range group {
		all = append(all, w.query)
	}
	return all
}

// failAll is the same error for each of n calls.
func failAll[A any](n int, err error) []result[A] {
	results := make([]result[A], n)
	for i := range results {
		results[i].err = err
	}
	return results
}
