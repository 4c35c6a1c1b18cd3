package passwordhash

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// Whoever asks for the same hash, in turn or at once, gets one that was made once; others get others.
func TestHashMemory(t *testing.T) {
	t.Parallel()
	var made atomic.Int64
	hash := func(password, seed string) string {
		made.Add(1)
		return password + "/" + seed
	}
	m := newHashMemory()
	var wg sync.WaitGroup
	for range 20 {
		for _, pair := range [][2]string{{"ab", "c"}, {"a", "bc"}, {"ab", ""}} {
			wg.Go(func() {
				if got, want := m.get(pair[0], pair[1], hash), pair[0]+"/"+pair[1]; got != want {
					t.Errorf("%q, want %q", got, want)
				}
			})
		}
	}
	wg.Wait()
	if n := made.Load(); n != 3 {
		t.Errorf("%d hashes were made, want 3", n)
	}
}

// What is remembered is bounded, and of no use to another process.
func TestHashMemory_bounds(t *testing.T) {
	t.Parallel()
	m := newHashMemory()
	for n := range maxHashes + 10 {
		m.get("hunter22", fmt.Sprint(n), func(string, string) string { return "" })
	}
	if n := len(m.hashes); n > maxHashes {
		t.Errorf("%d are remembered", n)
	}
	if one, other := m.fingerprint("a", "b"), newHashMemory().fingerprint("a", "b"); one == other {
		t.Error("another process would find the same")
	}
}

// The function itself makes each hash once.
func TestPasswordHash_once(t *testing.T) {
	t.Parallel()
	const password, seed = "analytical-engine-1843", "once@example.org"
	first, err := runFunction(t, password, seed)
	if err != nil {
		t.Fatal(err)
	}
	again := madeHashes.get(password, seed, func(string, string) string {
		t.Error("it was forgotten")
		return ""
	})
	if again != first {
		t.Errorf("%s, and before %s", again, first)
	}
}
