package base_test

import (
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

func TestLocks_exclude(t *testing.T) {
	t.Parallel()
	var (
		locks base.Locks
		group sync.WaitGroup
		count = map[string]int{}
		other = locks.Lock("other") // another key doesn't wait
	)
	defer other()
	for range 50 {
		group.Go(func() {
			defer locks.Lock("one")()
			count["one"]++ // the race detector and the map's own check detect two holders at a time
		})
	}
	group.Wait()
	if count["one"] != 50 {
		t.Errorf("counted %d", count["one"])
	}
}

func TestWalk_countsEachMistake(t *testing.T) {
	t.Parallel()
	walk := base.NewData(nil, nil).Walk
	for i, step := range []struct {
		text string
		want int
	}{{"a", 1}, {"b", 1}, {"a", 2}, {"a", 3}, {"b", 2}} {
		if got := walk.Mistake(step.text); got != step.want {
			t.Errorf("step %d: %d times, want %d", i, got, step.want)
		}
	}
}

func TestWalk_remembersReads(t *testing.T) {
	t.Parallel()
	walk := base.NewData(nil, nil).Walk
	if walk.WasRead("a") {
		t.Error("a was not read")
	}
	walk.MarkRead("a")
	if !walk.WasRead("a") || walk.WasRead("b") {
		t.Error("a was read, b was not")
	}
}
