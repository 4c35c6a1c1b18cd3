package passwordhash

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// Each hash is computed once, also when several goroutines ask at the same time.
func TestHashCache(t *testing.T) {
	t.Parallel()
	var computed atomic.Int64
	hash := func(password, seed string) string {
		computed.Add(1)
		return password + "/" + seed
	}
	m := newHashCache()
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
	if n := computed.Load(); n != 3 {
		t.Errorf("%d hashes were computed, want 3", n)
	}
}

// The cache is bounded, and another process has other fingerprints.
func TestHashCache_bound(t *testing.T) {
	t.Parallel()
	m := newHashCache()
	for n := range maxHashes + 10 {
		m.get("hunter22", fmt.Sprint(n), func(string, string) string { return "" })
	}
	if n := len(m.hashes); n > maxHashes {
		t.Errorf("%d hashes are kept", n)
	}
	if one, other := m.fingerprint("a", "b"), newHashCache().fingerprint("a", "b"); one == other {
		t.Error("two caches have the same fingerprint")
	}
}

// The function computes each hash once.
func TestFunction_once(t *testing.T) {
	t.Parallel()
	const password, seed = "analytical-engine-1843", "once@example.org"
	first, err := runFunction(t, password, seed)
	if err != nil {
		t.Fatal(err)
	}
	again := hashes.get(password, seed, func(string, string) string {
		t.Error("the hash was computed twice")
		return ""
	})
	if again != first {
		t.Errorf("%s, and before %s", again, first)
	}
}
