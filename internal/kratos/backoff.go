package kratos

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// backoff sets the waits between attempts.
type backoff struct {
	start  time.Duration // the first wait, doubled each time
	quick  time.Duration // the first wait for a lock in the database
	limit  time.Duration // no wait is longer, whatever the server asks for
	random func() float64
}

// defaultBackoff makes eight retries wait for more than a minute, the longest window of Ory Network's rate limits, even
// if every jitter falls to the low side: 0.75 * (0.5 + 1 + 2 + 4 + 8 + 16 + 30 + 30) s.
func defaultBackoff() backoff {
	return backoff{
		start:  500 * time.Millisecond,
		quick:  100 * time.Millisecond,
		limit:  30 * time.Second,
		random: rand.Float64,
	}
}

// wait is exponential with a jitter of 25 % either way. What the server asks for can only raise it: Ory Network says 0
// on its limits by the second, and repeating at once would use up every retry. The extra on top of it separates
// requests that were told the same moment.
func (b backoff) wait(attempt int, quick bool, asked time.Duration) time.Duration {
	base := b.base(attempt, quick)
	wait := time.Duration(float64(base) * (0.75 + 0.5*b.random()))
	if asked > 0 {
		asked = min(asked, b.limit)
		wait = max(wait, asked+time.Duration(float64(b.start)*b.random()))
	}
	return min(wait, b.limit)
}

// base is the wait without its jitter.
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

// longest is the most that the waits from one attempt to another take, as long as the server asks for no longer waits.
func (b backoff) longest(from, to int, quick bool) (sum time.Duration) {
	for attempt := from; attempt < to; attempt++ {
		sum += min(b.base(attempt, quick)*5/4, b.limit)
	}
	return sum
}

// askedWait is the longest wait that the response asks for: Retry-After (seconds or a date), and for a 429
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

// seconds reads a number of seconds from now, or, as some gateways send it, since 1970.
func seconds(value string, now time.Time) time.Duration {
	const (
		epochSince = 1_000_000_000         // no wait is thirty years
		year       = 365 * 24 * 60 * 60    // longer waits are all the same
		latest     = 100 * 365 * 86400 * 2 // the last time that is taken for one
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
