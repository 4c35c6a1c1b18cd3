package kratos

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rateLimiter delays requests to keep the rate limits: the limits that the server announces (Ory Network does, in
// x-ratelimit-limit) and the limit of the configuration.
//
// It counts the requests in each sliding window. A token bucket for the requests of a minute would allow nearly twice
// as many within a minute, and a smaller bucket would delay a small apply without need.
type rateLimiter struct {
	mu       sync.Mutex
	manual   *window
	buckets  map[bucket][]*window
	reopens  map[bucket]time.Time // the server refuses everything before this time
	networks bool                 // the server's limits are those of Ory Network
	refused  bool                 // a response was a 429, whether limits are announced or not
}

// bucket is a group of requests that Ory Network counts together ("Project rate limits" of the Ory documentation).
type bucket int

const (
	bucketWrites bucket = iota
	bucketGet           // GET of one identity
	bucketList          // lists, by external id, sessions of an identity, schemas
	buckets             // how many there are
)

func bucketOf(method, path string) bucket {
	if method != http.MethodGet && method != http.MethodHead {
		return bucketWrites
	}
	if id, ok := strings.CutPrefix(path, identitiesPath+"/"); ok && !strings.Contains(id, "/") {
		return bucketGet
	}
	return bucketList
}

// window is a limit of requests in any span of its length.
type window struct {
	limit  int
	length time.Duration
	sent   []burst // within the length, oldest first
	count  int     // of the requests in sent
}

// burst is a number of requests that count from the same time on.
type burst struct {
	at       time.Time
	requests int
}

// manualWindow is the window of a configured limit of requests per second, nil for no limit. A limit below one request
// per second becomes one request in a longer window.
func manualWindow(perSecond float64) *window {
	if perSecond <= 0 {
		return nil
	}
	limit := max(1, int(min(perSecond, math.MaxInt32)))
	return &window{limit: limit, length: span(float64(limit) / perSecond)}
}

// span converts a number of seconds to a duration, up to a maximum of centuries.
func span(seconds float64) time.Duration {
	return time.Duration(min(seconds*float64(time.Second), math.MaxInt64/2))
}

// wait returns how long the window stays full.
func (w *window) wait(now time.Time) time.Duration {
	for len(w.sent) > 0 && now.Sub(w.sent[0].at) >= w.length {
		w.count -= w.sent[0].requests
		w.sent = w.sent[1:]
	}
	over := w.count - w.limit // one request more than this has to leave the window
	for _, b := range w.sent {
		if over < 0 {
			break
		}
		if over -= b.requests; over < 0 {
			return b.at.Add(w.length).Sub(now)
		}
	}
	return 0
}

// add counts the requests of a burst.
func (w *window) add(b burst) {
	w.count += b.requests
	w.sent = append(w.sent, b)
	for i := len(w.sent) - 1; i > 0 && w.sent[i].at.Before(w.sent[i-1].at); i-- {
		w.sent[i], w.sent[i-1] = w.sent[i-1], w.sent[i]
	}
}

// newRateLimiter returns a rate limiter with a cap of requests per second, 0 for none.
func newRateLimiter(perSecond float64, network bool) *rateLimiter {
	return &rateLimiter{
		manual: manualWindow(perSecond), buckets: map[bucket][]*window{}, reopens: map[bucket]time.Time{}, networks: network,
	}
}

// take counts a request and returns 0 if the request may be sent now. Otherwise it returns how long to wait before the
// next call of take.
func (l *rateLimiter) take(b bucket, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	windows := l.buckets[b]
	if l.manual != nil {
		windows = append(windows[:len(windows):len(windows)], l.manual)
	}
	wait := max(0, l.reopens[b].Sub(now))
	for _, w := range windows {
		wait = max(wait, w.wait(now))
	}
	if wait > 0 {
		return wait
	}
	for _, w := range windows {
		w.add(burst{now, 1})
	}
	return 0
}

// oneCreate reports whether the server accepts only one create at a time.
func (l *rateLimiter) oneCreate() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.networks
}

// limited reports whether a limit is known.
func (l *rateLimiter) limited() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.networks || l.refused || l.manual != nil
}

// learn reads the limits in a response, such as "8, 8;w=1, 175;w=60": first the nearest limit, then all limits with
// their windows in seconds. The remaining requests and the seconds until the reset belong to the nearest limit.
func (l *rateLimiter) learn(b bucket, header http.Header, status int, now time.Time) {
	nearest, windows := parseLimits(header.Get("X-Ratelimit-Limit"))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = l.refused || status == http.StatusTooManyRequests
	if len(windows) == 0 {
		return
	}
	l.networks = true
	if !sameLimits(l.buckets[b], windows) {
		lately := l.sentLately(b, now)
		for _, w := range windows { // requests that were sent before the limits were known count
			for _, sent := range lately {
				w.add(sent)
			}
		}
		l.buckets[b] = windows
	}
	reset := l.untilReset(b, header, now)
	if status == http.StatusTooManyRequests && reset > 0 {
		l.reopens[b] = now.Add(reset)
	}
	remaining, err := strconv.Atoi(strings.TrimSpace(header.Get("X-Ratelimit-Remaining")))
	for _, w := range l.buckets[b] {
		if err == nil && w.limit == nearest {
			w.others(remaining, reset, now)
		}
	}
}

// untilReset returns the time until the reset of the window that the response names, 0 if it names none. The result is
// at most the length of the longest window, because the header can contain a time of a wrong clock.
func (l *rateLimiter) untilReset(b bucket, header http.Header, now time.Time) time.Duration {
	reset := seconds(header.Get("X-Ratelimit-Reset"), now)
	if reset <= 0 {
		return 0
	}
	var longest time.Duration
	for _, w := range l.buckets[b] {
		longest = max(longest, w.length)
	}
	return min(reset, longest) + time.Second // whole seconds, most likely rounded down
}

// sentLately returns the known requests of the bucket, from its fullest window.
func (l *rateLimiter) sentLately(b bucket, now time.Time) []burst {
	lately := &window{}
	for _, w := range l.buckets[b] {
		if w.wait(now); w.count > lately.count {
			lately = w
		}
	}
	if lately.count == 0 {
		return []burst{{now, 1}}
	}
	return lately.sent
}

// others counts the requests of other clients: the server has counted more requests than this client sent. Other
// clients are another run of Terraform, the plan before this apply, or the project's own services. These requests leave
// the window when it resets.
func (w *window) others(remaining int, reset time.Duration, now time.Time) {
	w.wait(now)
	missing := w.limit - max(remaining, 0) - w.count
	if missing <= 1+w.limit/20 {
		return // a request that has just left this window may still be in the window of the server, because of the round trip
	}
	since := now
	if reset > 0 && reset < w.length {
		since = now.Add(reset - w.length)
	}
	w.add(burst{since, missing})
}

func sameLimits(have, want []*window) bool {
	if len(have) != len(want) {
		return false
	}
	for i, w := range want {
		if have[i].limit != w.limit || have[i].length != w.length {
			return false
		}
	}
	return true
}

// parseLimits returns no windows for a header in another form than Ory Network's: other gateways use the name for other
// things.
func parseLimits(header string) (nearest int, windows []*window) {
	first, rest, _ := strings.Cut(header, ",")
	nearest, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, nil
	}
	for policy := range strings.SplitSeq(rest, ",") {
		count, params, _ := strings.Cut(policy, ";")
		limit, err := strconv.Atoi(strings.TrimSpace(count))
		length, ok := strings.CutPrefix(strings.TrimSpace(params), "w=")
		seconds, secondsErr := strconv.ParseFloat(length, 64)
		isLength := ok && secondsErr == nil && seconds > 0 && !math.IsInf(seconds, 0)
		if err != nil || limit < 1 || !isLength {
			return 0, nil
		}
		windows = append(windows, &window{limit: limit, length: span(seconds)})
	}
	return nearest, windows
}
