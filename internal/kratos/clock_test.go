package kratos

import (
	"testing"
	"time"
)

// A Date header names a whole second. A clock within it isn't corrected.
func TestSkew(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct{ ours, want time.Duration }{
		{0, 0},
		{999 * time.Millisecond, 0},
		{-2 * time.Second, 2 * time.Second},
		{3 * time.Second, -2 * time.Second},
	} {
		if got := skew(date.Add(c.ours), date); got != c.want {
			t.Errorf("our clock at %v of the second: %v, want %v", c.ours, got, c.want)
		}
	}
}
