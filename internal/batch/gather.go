package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
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

	// alone carries out one call by itself.
	alone func(ctx context.Context, query Q) (A, error)

	// size says how many of these queries, from the first on, go in one group at most; it may be more than there are.
	size func(queries []Q) int

	// trips says how long a group's round trips to the server take, without what the server does meanwhile; 0 for no matter, as
	// where the server limits how many requests there may be.
	trips func() time.Duration

	// seeThrough keeps callers whose group has set out until it arrives, whatever becomes of their contexts: what was sent may
	// be carried out.
	seeThrough bool

	mu      sync.Mutex
	queue   []*waiter[Q, A]
	working bool
	changed chan struct{} // of capacity 1: the queue has changed
	away    int           // callers in the group on its way
	single  int           // callers that go alone at the moment
	tempo   tempo
}

// call joins the next group and waits for its answer to the query, or goes alone where groups take too long.
func (g *gatherer[Q, A]) call(ctx context.Context, query Q) (A, error) {
	w := &waiter[Q, A]{ctx: ctx, query: query, done: make(chan struct{})}
	if err := ctx.Err(); err != nil {
		return w.answer, err
	}
	if !g.join(w) {
		defer g.returned()
		return g.alone(ctx, query)
	}
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

// join puts a caller into the queue, or returns false if it is to go alone.
func (g *gatherer[Q, A]) join(w *waiter[Q, A]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, gathering := time.Now(), len(g.queue) > 0 && g.away == 0
	g.tempo.arrive(now, len(g.queue)+g.away+g.single+1, gathering)
	if g.tempo.tooFast(now, g.trips()) {
		g.single++
		return false
	}
	g.queue = append(g.queue, w)
	if g.working {
		g.wake()
		return true
	}
	g.working = true
	go g.work()
	return true
}

// returned is called when a caller that went alone is back.
func (g *gatherer[Q, A]) returned() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.single--
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
		g.away = 0
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
		g.tempo.missed(len(g.queue), wait)
		g.mu.Unlock()
		return
	}
}

// wait says how long to wait for another caller, 0 for no longer.
func (g *gatherer[Q, A]) wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.queue); n == 0 || n >= g.size(queries(g.queue)) {
		return 0
	}
	return g.tempo.patience(time.Now(), len(g.queue))
}

// take takes the next group off the queue; nil, and the work is over, if nobody waits.
func (g *gatherer[Q, A]) take() []*waiter[Q, A] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.working, g.queue = false, nil // what was in the queue is not kept by it
		return nil
	}
	n := min(max(g.size(queries(g.queue)), 1), len(g.queue))
	group := g.queue[:n:n]
	g.queue = g.queue[n:]
	for _, w := range group {
		w.taken = true
	}
	g.away = n
	g.tempo.setOut(n)
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
