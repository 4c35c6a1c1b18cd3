package kratos

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pace sets the waits between attempts.
type pace struct {
	start  time.Duration // the first wait, doubled each time
	quick  time.Duration // the first wait for a lock in the database
	limit  time.Duration // no wait is longer, whatever the server asks
	random func() float64
}

// defaultPace makes eight retries wait for more than a minute, the longest window of Ory Network's rate limits, even if every
// jitter falls to the low side: 0.75 * (0.5 + 1 + 2 + 4 + 8 + 16 + 30 + 30) s.
func defaultPace() pace {
	return pace{
		start:  500 * time.Millisecond,
		quick:  100 * time.Millisecond,
		limit:  30 * time.Second,
		random: rand.Float64,
	}
}

// longWait is the wait from which on a user wonders what goes on.
const longWait = 5 * time.Second

// wait is how long to pause after an attempt, counted from 0. resp is nil if it had no answer.
func (k *call) wait(ctx context.Context, attempt int, resp *http.Response) time.Duration {
	wait := k.client.pace.wait(attempt, k.quick, askedWait(resp, time.Now()))
	k.logWait(ctx, "waiting before the next attempt", wait, resp)
	return wait
}

// wait is exponential with a jitter of 25 % either way. What the server asks for can only raise it: Ory Network says 0 on its
// limits by the second, and repeating at once would burn every retry. The extra on top of it parts requests that were told
// the same moment.
func (p pace) wait(attempt int, quick bool, asked time.Duration) time.Duration {
	base := p.start
	if quick {
		base = p.quick
	}
	for ; attempt > 0 && base < p.limit; attempt-- {
		base *= 2
	}
	base = min(base, p.limit)
	wait := time.Duration(float64(base) * (0.75 + 0.5*p.random()))
	if asked > 0 {
		asked = min(asked, p.limit)
		wait = max(wait, asked+time.Duration(float64(p.start)*p.random()))
	}
	return min(wait, p.limit)
}

// askedWait is the longest wait that the answer asks for: Retry-After (seconds or a date), and for a 429 x-ratelimit-reset.
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
	const epochSince = 1_000_000_000 // no wait is thirty years
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	switch {
	case err != nil || n < 0:
		return 0
	case n >= epochSince:
		return time.Unix(n, 0).Sub(now)
	default:
		return time.Duration(n) * time.Second
	}
}
