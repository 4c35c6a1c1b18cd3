package batch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// walk is a walk of Terraform: so many calls, of which core has ten under way, and between which it does some work, one after
// the other.
type walk struct {
	core  time.Duration // core's work for one resource
	trip  time.Duration // the way to the server and back; its own work is left out
	trips int           // how many a group makes
}

const (
	walkCalls       = 400
	walkParallelism = 10
)

// take walks, and returns how long it took.
func (w walk) take(call func(ctx context.Context, n int) (int, error)) time.Duration {
	start := time.Now()
	core := make(chan struct{}, 1) // a lock; the bubble's clock stands still for those who wait for a mutex
	var next atomic.Int32
	var group sync.WaitGroup
	for range walkParallelism {
		group.Go(func() {
			for next.Add(1) <= walkCalls {
				_, _ = call(context.Background(), 0)
				core <- struct{}{}
				time.Sleep(w.core)
				<-core
			}
		})
	}
	group.Wait()
	return time.Since(start)
}

// alone makes a single call.
func (w walk) alone(context.Context, int) (int, error) {
	time.Sleep(w.trip)
	return 0, nil
}

// groups is a gatherer that is as far from the server.
func (w walk) groups() *groups {
	g := newGroups(100, time.Duration(w.trips)*w.trip)
	g.trips = func() time.Duration { return time.Duration(w.trips) * w.trip }
	g.alone = w.alone
	return g
}

// Whatever the speed of core is and the distance of the server, sharing requests costs no more than a tenth of the time; and where
// the server is near, all requests are shared.
func TestGroupsNeverCostMuch(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, core := range []time.Duration{2 * ms, 6 * ms, 30 * ms, 120 * ms} {
		for _, trip := range []time.Duration{0, 1 * ms, 5 * ms, 20 * ms, 50 * ms, 150 * ms} {
			for _, trips := range []int{1, 2} {
				w := walk{core, trip, trips}
				t.Run(fmt.Sprintf("core %v, %d trips of %v", w.core, w.trips, w.trip), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, w.test)
				})
			}
		}
	}
}

func (w walk) test(t *testing.T) {
	off := w.take(w.alone)
	g := w.groups()
	on := w.take(g.call)
	grouped := 0
	for _, size := range g.sizes {
		grouped += size
	}
	trips := time.Duration(w.trips) * w.trip
	if on > off+off/10+2*trips+2*shortest { // at first there is only one way to find out
		t.Errorf("%v with groups, %v without; %d calls in groups of %v", on, off, grouped, g.sizes)
	}
	requests := len(g.sizes) + walkCalls - grouped
	if near := trips*(costly+2) < walkParallelism*w.core; near && requests > walkCalls/walkParallelism*5/4 {
		t.Errorf("the server is near, and %d calls took %d requests, with groups of %v", walkCalls, requests, g.sizes)
	}
}

// Where the state grows, core gets slower, and what went alone at first is gathered in the end.
func TestGroupsBeginWhenCoreSlowsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := walk{2 * time.Millisecond, 20 * time.Millisecond, 1}
		g := w.groups()
		w.take(g.call)
		if n := len(g.sizes); n > 3 {
			t.Errorf("fast callers made %d groups: %v", n, g.sizes)
		}
		g.sizes = nil
		w.core = 100 * time.Millisecond
		w.take(g.call)
		if n := len(g.sizes); n > walkCalls/walkParallelism*11/10 || slices.Max(g.sizes) != walkParallelism {
			t.Errorf("slow callers made %d groups: %v", n, g.sizes)
		}
	})
}

// Ory Network's limits make requests dearer than time.
func TestLimitedCallsAreAlwaysGathered(t *testing.T) {
	t.Parallel()
	for _, limited := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer()
			s.fastest, s.oneCreate = 50*time.Millisecond, limited
			c := newClient(s, Options{})
			for i := range 5 {
				create(t, c, t.Context(), people(10*i, 10*i+10)...)
				time.Sleep(10 * time.Millisecond)
			}
			alone := s.counts()["POST"]
			if limited && alone > 0 || !limited && alone != 40 {
				t.Errorf("limited %v: %d of 50 creates went alone", limited, alone)
			}
		})
	}
}
