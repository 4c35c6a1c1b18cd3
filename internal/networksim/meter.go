package networksim

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// meter counts requests against a plan in fixed windows, as Envoy's rate limit service does, which Ory Network's
// headers are those of. What is refused counts too.
type meter struct {
	now   func() time.Time
	start time.Time

	mu      sync.Mutex
	windows map[bucket][]*window
}

// window is a limit and what was counted in its current turn.
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

// take counts a request, sets the headers that tell how much is left, and says whether it may pass. Where there are no
// limits there are no headers.
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
			tightest = w // the longer one comes later, and its end is what a refused client has to wait for
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

// remaining is negative once more was asked for than the window has.
func (w *window) remaining() int { return w.limit - w.used }

// reset is in how many whole seconds the window is over; so it is 0 for one of a second.
func (w *window) reset(elapsed time.Duration) int {
	left := time.Duration(w.turn+1)*w.length - elapsed
	if left == w.length {
		left-- // the window has just begun
	}
	return int(left.Seconds())
}
