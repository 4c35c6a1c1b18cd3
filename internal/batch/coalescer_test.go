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

// groups is a coalescer that records the sizes of its groups. A group takes some time and answers each query with the
// query.
type groups struct {
	*coalescer[int, int]

	mu    sync.Mutex
	sizes []int
}

func newGroups(limit int, takes time.Duration) *groups {
	g := &groups{}
	run := func(_ context.Context, queries []int) []result[int] {
		g.mu.Lock()
		g.sizes = append(g.sizes, len(queries))
		g.mu.Unlock()
		time.Sleep(takes)
		return echo(queries)
	}
	g.coalescer = newCoalescer(func() time.Duration { return quietWait }, run, func([]int) int { return limit })
	return g
}

func echo(queries []int) []result[int] {
	results := make([]result[int], 0, len(queries))
	for _, query := range queries {
		results = append(results, result[int]{answer: query})
	}
	return results
}

// callers makes n concurrent calls and returns when each has its own answer.
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

func TestCoalescer_concurrentCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.callers(t, 10)
		g.callers(t, 10)
		g.expect(t, 10, 10)
	})
}

func TestCoalescer_singleCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		for range 3 {
			start := time.Now()
			g.callers(t, 1)
			if waited := time.Since(start); waited != quietWait {
				t.Errorf("a single call waited %s, expected %s", waited, quietWait)
			}
		}
		g.expect(t, 1, 1, 1)
	})
}

// The calls that arrive while a group is on its way form one group, and the first group has only the calls before it
// was sent.
func TestCoalescer_arrivalsMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Second)
		start := time.Now()
		var group sync.WaitGroup
		group.Go(func() { g.callers(t, 2) })
		for i := range 5 {
			group.Go(func() {
				time.Sleep(time.Duration(i+1) * 100 * time.Millisecond)
				g.callers(t, 1)
			})
		}
		group.Wait()
		g.expect(t, 2, 5)
		if took, expected := time.Since(start), 2*(time.Second+quietWait); took != expected {
			t.Errorf("both groups took %s, expected %s", took, expected)
		}
	})
}

// A group is sent when no call has joined for quietWait, not when the first call has waited for it.
func TestCoalescer_quietWait(t *testing.T) {
	t.Parallel()
	for gap, sizes := range map[time.Duration][]int{
		quietWait - time.Millisecond: {10},
		quietWait + time.Millisecond: {1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newGroups(100, 0)
			var group sync.WaitGroup
			for i := range 10 {
				group.Go(func() {
					time.Sleep(time.Duration(i) * gap)
					g.callers(t, 1)
				})
			}
			group.Wait()
			g.expect(t, sizes...)
		})
	}
}

// Terraform works on one resource after the other between the calls. The groups stay whole.
func TestCoalescer_callersReturnOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 30*time.Millisecond)
		core := make(chan struct{}, 1) // a lock; the bubble's clock stands still while a goroutine waits for a mutex
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

// A caller is late once, as when Terraform collects garbage. The next groups are whole again.
func TestCoalescer_lateCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 10*time.Millisecond)
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				for n := range 20 {
					if n == 5 && i > 0 {
						time.Sleep(3 * quietWait) // all callers except one
					}
					if _, err := g.call(t.Context(), i); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := len(g.sizes); n > 23 {
			t.Errorf("200 calls of 10 callers made %d groups: %v", n, g.sizes)
		}
	})
}

func TestCoalescer_limit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.callers(t, 250)
		g.expect(t, 100, 100, 50)
	})
}

func TestCoalescer_cancelBeforeSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, time.Millisecond)
		g.waitForSent = true
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
			t.Errorf("a call that was cancelled before it began: %v", err)
		}
		g.expect(t, 3)
	})
}

// The only call of a group is cancelled. Nothing is sent, and nothing keeps running.
func TestCoalescer_cancelLastBeforeSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		ctx, cancel := context.WithTimeout(t.Context(), quietWait/2)
		defer cancel()
		if _, err := g.call(ctx, 7); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if g.working {
			t.Error("the coalescer still works after its last call has left")
		}
		g.expect(t)
	})
}

func TestCoalescer_cancelAfterSend(t *testing.T) {
	t.Parallel()
	for _, waitForSent := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := newGroups(100, time.Second)
			g.waitForSent = waitForSent
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			var group sync.WaitGroup
			group.Go(func() {
				answer, err := g.call(ctx, 7)
				waited := time.Since(start)
				if waitForSent && (err != nil || answer != 7) {
					t.Errorf("a call that was sent ended with %d, %v", answer, err)
				}
				if !waitForSent && (!errors.Is(err, context.DeadlineExceeded) || waited != 100*time.Millisecond) {
					t.Errorf("a call that could be left ended with %v after %s", err, waited)
				}
			})
			group.Go(func() { g.callers(t, 2) })
			group.Wait()
			g.expect(t, 3)
		})
	}
}

func TestCoalescer_cancelAllAfterSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGroups(100, 0)
		start := time.Now()
		g.run = func(ctx context.Context, queries []int) []result[int] {
			if deadline, _ := ctx.Deadline(); deadline.Sub(start) != 3*time.Second {
				t.Errorf("the deadline of the group is %s", deadline)
			}
			<-ctx.Done()
			return failAll[int](len(queries), ctx.Err())
		}
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

func TestCoalescer_defects(t *testing.T) {
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
