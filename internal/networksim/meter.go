package networksim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// meter counts requests against a plan in fixed windows, as Envoy's rate limit service does: Ory Network sends the
// headers of that service. Refused requests count too.
type meter struct {
	now   func() time.Time
	start time.Time

	mu      sync.Mutex
	windows map[bucket][]*window
}

// window is a limit and the number of requests in its current turn.
type window struct {
	limit  int
	length time.Duration
	turn   int64
	used   int
}

func newMeter(plan Plan, scale float64, now func() time.Time) *meter {
	m := &meter{now: now, start: now(), windows: map[bucket][]*window{}}
	for _, b := range []bucket{writes, gets, lists} {
		limit := plan.limit(b)
		m.add(b, limit.PerSecond, time.Second, scale)
		m.add(b, limit.PerMinute, time.Minute, scale)
	}
	return m
}

func (m *meter) add(b bucket, limit int, length time.Duration, scale float64) {
	if limit > 0 {
		limit, length = scaled(limit, length, scale)
		m.windows[b] = append(m.windows[b], &window{limit: limit, length: length})
	}
}

// take counts a request, sets the headers with the remaining requests, and reports whether the request may pass.
// Without limits it sets no headers.
func (m *meter) take(b bucket, header http.Header) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	windows := m.windows[b]
	if len(windows) == 0 {
		return true
	}
	elapsed := m.now().Sub(m.start)
	tightest := windows[0]
	for _, w := range windows {
		if turn := int64(elapsed / w.length); turn != w.turn {
			w.turn, w.used = turn, 0
		}
		w.used++
		if w.remaining() < 0 || w.remaining() < tightest.remaining() {
			tightest = w // the longer window comes later, and a refused client has to wait for its end
		}
	}
	policies := []string{strconv.Itoa(tightest.limit)}
	for _, w := range windows {
		policies = append(policies, fmt.Sprintf("%d;w=%d", w.limit, int(w.length.Seconds())))
	}
	header.Set("X-Ratelimit-Limit", strings.Join(policies, ", "))
	header.Set("X-Ratelimit-Remaining", strconv.Itoa(max(tightest.remaining(), 0)))
	header.Set("X-Ratelimit-Reset", strconv.Itoa(tightest.reset(elapsed)))
	return tightest.remaining() >= 0
}

// remaining is negative if more requests came than the window allows.
func (w *window) remaining() int { return w.limit - w.used }

// reset returns in how many whole seconds the window ends, which is 0 for a window of one second.
func (w *window) reset(elapsed time.Duration) int {
	left := time.Duration(w.turn+1)*w.length - elapsed
	if left == w.length {
		left-- // the window has just begun
	}
	return int(left.Seconds())
}
