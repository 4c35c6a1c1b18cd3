package base_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

func unique(name string) []base.Unique { return []base.Unique{{Kind: "password", Value: name}} }

// A shared identity is found in any order of planning: one object keeps the identity, another object is to be
// destroyed.
func TestWalk_sharedIdentity(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t *testing.T, w *base.Walk) bool{
		"kept first": func(t *testing.T, w *base.Walk) bool {
			w.Declare("1", unique("ada"))
			return w.Depart(t.Context(), "1", unique("ada")).Kept
		},
		"destroyed first": func(t *testing.T, w *base.Walk) bool {
			w.Depart(t.Context(), "1", unique("ada"))
			return w.Declare("1", nil) != nil
		},
		"kept while the destroy waits": func(t *testing.T, w *base.Walk) bool {
			go func() {
				time.Sleep(100 * time.Millisecond)
				w.Declare("1", nil)
			}()
			return w.Depart(t.Context(), "1", unique("ada")).Kept
		},
		"read twice, one of them planned as new before": func(_ *testing.T, w *base.Walk) bool {
			w.ReadIdentity("1")
			isFirst := w.Newcomer() == ""
			w.ReadIdentity("1")
			return isFirst && w.Declare("1", nil) != nil
		},
		"read twice, one of them planned as new after": func(_ *testing.T, w *base.Walk) bool {
			w.ReadIdentity("1")
			isKept := w.Declare("1", nil) == nil
			w.ReadIdentity("1")
			return isKept && w.Newcomer() == "1"
		},
		"read twice, one of them only forgotten": func(_ *testing.T, w *base.Walk) bool {
			w.ReadIdentity("1")
			w.ReadIdentity("1")
			return w.Declare("1", nil) == nil
		},
		"both go": func(t *testing.T, w *base.Walk) bool {
			w.Depart(t.Context(), "1", unique("ada"))
			return !w.Depart(t.Context(), "1", unique("ada")).Kept
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if !test(t, base.NewData(nil, nil).Walk) {
					t.Error("not found, or found where there is nothing")
				}
			})
		})
	}
}

// terraform plans a limited number of resources at a time, as Terraform does.
type terraform struct {
	slots chan struct{}
	wg    sync.WaitGroup
}

func newTerraform() *terraform {
	const parallelism = 10
	return &terraform{slots: make(chan struct{}, parallelism)}
}

func (t *terraform) do(plan func()) {
	t.wg.Go(func() {
		t.slots <- struct{}{}
		defer func() { <-t.slots }()
		plan()
	})
}

// leavers are identities whose destroys were planned, with the walk of the apply that gets their verdicts.
type leavers struct {
	plan, apply    *base.Walk
	mu             sync.Mutex
	spared, unsure []string
}

func newLeavers() *leavers {
	return &leavers{plan: base.NewData(nil, nil).Walk, apply: base.NewData(nil, nil).Walk}
}

func (l *leavers) depart(t *testing.T, id string) {
	t.Helper()
	departure := l.plan.Depart(t.Context(), id, unique(id))
	l.apply.Decide(departure.Verdicts)
	l.mu.Lock()
	defer l.mu.Unlock()
	if departure.Adopts {
		l.spared = append(l.spared, id)
	}
	if departure.Unsure {
		l.unsure = append(l.unsure, id)
	}
}

func (l *leavers) expectVerdicts(t *testing.T, spared bool) {
	t.Helper()
	for _, id := range l.unsure {
		if got, err := l.apply.AwaitVerdict(t.Context(), id, unique(id)); err != nil || got != spared {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
}

// A destroy plan waits for a new resource that adopts. If as many destroy plans wait as Terraform runs at a time,
// Terraform can't plan that resource. Then one destroy plan goes on, and the others carry the verdict.
func TestWalk_renamedResource(t *testing.T) {
	t.Parallel()
	for _, people := range []int{1, 3, 10, 14, 25} {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, tf := newLeavers(), newTerraform()
				for i := range people {
					tf.do(func() { l.depart(t, fmt.Sprint(i)) })
				}
				time.Sleep(time.Millisecond)
				for i := range people {
					tf.do(func() {
						if leaver := l.plan.Arrive("", unique(fmt.Sprint(i)), true); leaver != nil && !leaver.Spared {
							t.Errorf("%s would be destroyed", leaver.ID)
						}
					})
				}
				tf.wg.Wait()
				l.expectVerdicts(t, true)
				if len(l.spared)+len(l.unsure) != people {
					t.Errorf("spared %v, unsure %v", l.spared, l.unsure)
				}
			})
		})
	}
}

// However many resources are renamed at once, in whatever order Terraform plans and applies, no identity is destroyed.
// The apply may leave some resources to the next apply: then the new resource adopts nothing.
func TestWalk_renamedInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, people := range []int{25, 40, 100, 300} {
		for seed := range uint64(20) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, uint64(people)))
				plan, apply := base.NewData(nil, nil).Walk, base.NewData(nil, nil).Walk
				departures := make([]base.Departure, people)
				each := func(leaves, arrives func(i int, id string)) {
					tf := newTerraform()
					for _, n := range random.Perm(2 * people) {
						id := fmt.Sprint(n / 2)
						tf.do(func() {
							if n%2 == 0 {
								leaves(n/2, id)
							} else {
								arrives(n/2, id)
							}
						})
						time.Sleep(time.Microsecond) // so that they begin in this order
					}
					tf.wg.Wait()
				}
				each(func(i int, id string) { departures[i] = plan.Depart(t.Context(), id, unique(id)) }, func(_ int, id string) {
					defer plan.Begin()()
					time.Sleep(time.Millisecond)
					if leaver := plan.Arrive("", unique(id), true); leaver != nil && !leaver.Spared {
						t.Errorf("seed %d: %s of %d would be destroyed", seed, id, people)
					}
				})
				left, refused := make([]bool, people), make([]bool, people)
				each(func(i int, id string) {
					apply.Decide(departures[i].Verdicts)
					spared := departures[i].Adopts || apply.HasAdopter(unique(id))
					var err error
					if !spared && departures[i].Unsure {
						spared, err = apply.AwaitVerdict(t.Context(), id, unique(id))
					}
					if left[i] = err != nil; !spared && !left[i] {
						t.Errorf("seed %d: %s of %d was destroyed", seed, id, people)
					}
				}, func(i int, id string) {
					apply.Arrive("", unique(id), true)
					time.Sleep(time.Millisecond)
					refused[i] = apply.Undecided(id)
				})
				if n := count(left); !slices.Equal(left, refused) || (n > 0 && people <= 40) || n > people/4 {
					t.Errorf("seed %d: of %d, %d were left to the next apply: %v %v", seed, people, n, left, refused)
				}
			})
		}
	}
}

func count(all []bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

// Many destroys planned at once go on after a short wait.
func TestWalk_manyDestroys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, tf := newLeavers(), newTerraform()
		began := time.Now()
		for i := range 1000 {
			tf.do(func() { l.depart(t, fmt.Sprint(i)) })
		}
		tf.wg.Wait()
		if took := time.Since(began); took > 3*time.Second || len(l.unsure) > 16 {
			t.Errorf("took %v, %d are unsure", took, len(l.unsure))
		}
		l.expectVerdicts(t, false)
	})
}

// A verdict that other destroys already carry doesn't change: the new resource is refused.
func TestWalk_lateAdopter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := base.NewData(nil, nil).Walk
		w.Depart(t.Context(), "1", unique("ada"))
		if leaver := w.Arrive("", unique("ada"), true); leaver == nil || leaver.Spared || leaver.ID != "1" {
			t.Errorf("got %+v", leaver)
		}
		if _, err := w.AwaitVerdict(t.Context(), "1", nil); err == nil {
			t.Error("a verdict from nowhere")
		}
	})
}
