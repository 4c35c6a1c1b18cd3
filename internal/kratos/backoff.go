package kratos

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// backoff computes the waits between attempts.
type backoff struct {
	start  time.Duration // the first wait, doubled each time
	quick  time.Duration // the first wait for a lock in the database
	limit  time.Duration // the longest wait, even if the server asks for more
	random func() float64
}

// defaultBackoff waits more than a minute in eight retries, even with the shortest jitter: 0.75 * (0.5 + 1 + 2 + 4 + 8
// + 16 + 30 + 30) s. A minute is the longest window of Ory Network's rate limits.
func defaultBackoff() backoff {
	return backoff{
		start:  500 * time.Millisecond,
		quick:  100 * time.Millisecond,
		limit:  30 * time.Second,
		random: rand.Float64,
	}
}

// wait returns an exponential wait with a jitter of 25 % in both directions. The wait that the server asks for can only
// increase it: Ory Network asks for 0 s for its limits per second, and immediate repetitions would use up all retries.
// The additional random time separates requests for which the server named the same moment.
func (b backoff) wait(attempt int, quick bool, asked time.Duration) time.Duration {
	base := b.base(attempt, quick)
	wait := time.Duration(float64(base) * (0.75 + 0.5*b.random()))
	if asked > 0 {
		asked = min(asked, b.limit)
		wait = max(wait, asked+time.Duration(float64(b.start)*b.random()))
	}
	return min(wait, b.limit)
}

// base returns the wait without the jitter.
func (b backoff) base(attempt int, quick bool) time.Duration {
	base := b.start
	if quick {
		base = b.quick
	}
	for ; attempt > 0 && base < b.limit; attempt-- {
		base *= 2
	}
	return min(base, b.limit)
}

// longest returns the longest time of all waits between two attempts, if the server asks for no longer waits.
func (b backoff) longest(from, to int, quick bool) (sum time.Duration) {
	for attempt := from; attempt < to; attempt++ {
		sum += min(b.base(attempt, quick)*5/4, b.limit)
	}
	return sum
}

// askedWait returns the longest wait that the response asks for, in Retry-After (seconds or a date) and, for a 429, in
// x-ratelimit-reset.
func askedWait(resp *http.Response, now time.Time) time.Duration {
	if resp == nil {
		return 0
	}
	after := resp.Header.Get("Retry-After")
	wait := seconds(after, now)
	if at, err := http.ParseTime(after); err == nil {
		wait = max(wait, at.Sub(now))
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		wait = max(wait, seconds(resp.Header.Get("X-Ratelimit-Reset"), now))
	}
	return max(wait, 0)
}

// seconds parses a number of seconds from now. Some gateways send the seconds since 1970.
func seconds(value string, now time.Time) time.Duration {
	const (
		epochSince = 1_000_000_000         // a larger number is a time, not a wait
		year       = 365 * 24 * 60 * 60    // the longest wait
		latest     = 100 * 365 * 86400 * 2 // the latest accepted time
	)
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	switch {
	case err != nil || n < 0:
		return 0
	case n >= epochSince:
		return time.Unix(min(n, latest), 0).Sub(now)
	default:
		return time.Duration(min(n, year)) * time.Second
	}
}
