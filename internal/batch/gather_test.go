package batch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// groups is a gatherer whose groups take a while and answer each query with itself.
type groups struct {
	gatherer[int, int]

	mu    sync.Mutex
	sizes []int
}

func newGroups(limit int, takes time.Duration) *groups {
	g := &groups{}
	g.changed = make(chan struct{}, 1)
	g.size = func([]int) int { return limit }
	g.trips = func() time.Duration { return 0 }
	g.run = func(_ context.Context, queries []int) []result[int] {
		g.mu.Lock()
		g.sizes = append(g.sizes, len(queries))
		g.mu.Unlock()
		time.Sleep(takes)
		return echo(queries)
	}
	return g
}

func echo(queries []int) []result[int] {
	results := make([]result[int], 0, len(queries))
	for _, query := range queries {
		results = append(results, result[int]{answer: query})
	}
	return results
}

// callers makes n calls at the same time and returns when all have their own answers.
func (g *groups) callers(t *testing.T, n int) {
	t.Helper()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			if answer, err := g.call(t.Context(), i); err != nil || answer != i {
				t.Errorf("caller %d got %d, %v", i, answer, err)
			}
		})
	}
	group.Wait()
}

func (g *groups) expect(t *testing.T, sizes ...int) {
	t.Helper()
	if !slices.Equal(g.sizes, sizes) {
		t.Errorf("groups of %v, expected %v", g.sizes, sizes)
	}
}

func TestCallsAtTheSameTimeShareAGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.callers(t, 10)
		g.callers(t, 10)
		g.expect(t, 10, 10)
	})
}

func TestALonelyCallerWaitsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		for i, expected := range []time.Duration{quiet, 0, 0} {
			start := time.Now()
			g.callers(t, 1)
			if waited := time.Since(start); waited != expected {
				t.Errorf("call %d waited %s, expected %s", i, waited, expected)
			}
		}
		g.expect(t, 1, 1, 1)
	})
}

// Core writes the state between the calls, one resource after the other; the groups stay whole all the same.
func TestGroupsStayWholeWhenCallersReturnOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 30*time.Millisecond)
		core := make(chan struct{}, 1) // a lock; the bubble's clock stands still for those who wait for a mutex
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				for i := range 20 {
					if _, err := g.call(t.Context(), i); err != nil {
						t.Error(err)
					}
					core <- struct{}{}
					time.Sleep(time.Duration(4+i%5) * time.Millisecond)
					<-core
				}
			})
		}
		group.Wait()
		if n := len(g.sizes); n > 24 {
			t.Errorf("200 calls of 10 callers made %d groups: %v", n, g.sizes)
		}
	})
}

// Seven of ten have other things to do from now on. They are waited for less and less.
func TestNobodyWaitsLongForThoseWhoHaveGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		g.callers(t, 10)
		start := time.Now()
		for range 10 {
			g.callers(t, 3)
		}
		if waited := time.Since(start); waited > moment+moment/10 {
			t.Errorf("ten calls of 3 waited %s for the 7 others", waited)
		}
		start = time.Now()
		for range 100 {
			time.Sleep(20 * time.Millisecond)
			g.callers(t, 3)
		}
		if waited := time.Since(start) - 100*20*time.Millisecond; waited > moment {
			t.Errorf("a hundred calls of 3 waited %s for the 7 others", waited)
		}
		if n := len(g.sizes); n != 111 {
			t.Errorf("%d groups: %v", n, g.sizes)
		}
	})
}

// Somebody comes late once, as when core collects garbage. The groups are whole again at once.
func TestALateCallerBreaksOneGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 10*time.Millisecond)
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				for n := range 20 {
					if n == 5 && i > 0 {
						time.Sleep(3 * shortest) // all but one
					}
					if _, err := g.call(t.Context(), i); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := len(g.sizes); n > 22 {
			t.Errorf("200 calls of 10 callers made %d groups: %v", n, g.sizes)
		}
	})
}

func TestGroupsHaveALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.callers(t, 250)
		g.expect(t, 100, 100, 50)
	})
}

func TestACallerWhoLeavesBeforeTheGroupIsNotInIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.seeThrough = true
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := g.call(ctx, 7); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		group.Go(func() { g.callers(t, 3) })
		synctest.Wait()
		cancel()
		group.Wait()
		g.expect(t, 3)
		if _, err := g.call(ctx, 7); !errors.Is(err, context.Canceled) {
			t.Errorf("a call that was over before it began: %v", err)
		}
		g.expect(t, 3)
	})
}

func TestCallersOnTheWay(t *testing.T) {
	t.Parallel()
	for _, seeThrough := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := newGroups(100, time.Second)
			g.seeThrough = seeThrough
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			var group sync.WaitGroup
			group.Go(func() {
				answer, err := g.call(ctx, 7)
				waited := time.Since(start)
				if seeThrough && (err != nil || answer != 7) {
					t.Errorf("a call that was sent ended with %d, %v", answer, err)
				}
				if !seeThrough && (!errors.Is(err, context.DeadlineExceeded) || waited != 100*time.Millisecond) {
					t.Errorf("a call that could be left ended with %v after %s", err, waited)
				}
			})
			group.Go(func() { g.callers(t, 2) })
			group.Wait()
			g.expect(t, 3)
		})
	}
}

func TestTheGroupEndsWithItsLastCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		g.run = func(ctx context.Context, queries []int) []result[int] {
			<-ctx.Done()
			return failAll[int](len(queries), ctx.Err())
		}
		start := time.Now()
		var group sync.WaitGroup
		for i := range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i+1)*time.Second)
			defer cancel()
			group.Go(func() {
				if _, err := g.call(ctx, i); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("caller %d got %v", i, err)
				}
			})
		}
		group.Wait()
		synctest.Wait()
		if lasted := time.Since(start); lasted != 3*time.Second || g.working {
			t.Errorf("the group lasted %s, working %v", lasted, g.working)
		}
	})
}

func TestDefectsBecomeErrors(t *testing.T) {
	t.Parallel()
	defects := map[string]func(context.Context, []int) []result[int]{
		"panic":     func(context.Context, []int) []result[int] { panic("no") },
		"2 results": func(_ context.Context, queries []int) []result[int] { return echo(queries[:2]) },
	}
	for name, run := range defects {
		synctest.Test(t, func(t *testing.T) {
			g := newGroups(100, 0)
			g.run = run
			var group sync.WaitGroup
			for range 3 {
				group.Go(func() {
					if _, err := g.call(t.Context(), 0); err == nil || !strings.Contains(err.Error(), name) {
						t.Errorf("%s: got %v", name, err)
					}
				})
			}
			group.Wait()
		})
	}
}
