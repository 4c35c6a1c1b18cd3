package networksim

import (
	"net/http"
	"testing"
	"time"
)

// clock is a time that the test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) advance(d time.Duration) { c.at = c.at.Add(d) }

func newClock() *clock { return &clock{at: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)} }

// takeAll takes n requests and returns how many passed and the headers of the last request.
func takeAll(m *meter, b bucket, n int) (passed int, header http.Header) {
	for range n {
		header = http.Header{}
		if m.take(b, header) {
			passed++
		}
	}
	return passed, header
}

func TestMeter_perSecond(t *testing.T) {
	t.Parallel()
	c := newClock()
	m := newMeter(Production, 1, c.now)
	passed, header := takeAll(m, writes, 10)
	if passed != 8 {
		t.Errorf("%d writes passed in the first second, want 8", passed)
	}
	want := http.Header{
		"X-Ratelimit-Limit":     {"8, 8;w=1, 175;w=60"},
		"X-Ratelimit-Remaining": {"0"},
		"X-Ratelimit-Reset":     {"0"},
	}
	for name := range want {
		if header.Get(name) != want.Get(name) {
			t.Errorf("%s: %q, want %q", name, header.Get(name), want.Get(name))
		}
	}
	c.advance(999 * time.Millisecond)
	if passed, _ := takeAll(m, writes, 1); passed != 0 {
		t.Error("the second isn't over, and another write passed")
	}
	c.advance(time.Millisecond)
	if passed, _ := takeAll(m, writes, 10); passed != 8 {
		t.Errorf("%d writes passed in the next second, want 8", passed)
	}
}

func TestMeter_perMinute(t *testing.T) {
	t.Parallel()
	c := newClock()
	m := newMeter(Production, 1, c.now)
	passed := 0
	for range 30 { // 8 a second would be 240
		n, _ := takeAll(m, writes, 8)
		passed += n
		c.advance(time.Second)
	}
	if passed != 175 {
		t.Errorf("%d writes passed in half a minute, want 175", passed)
	}
	_, header := takeAll(m, writes, 1)
	if header.Get("X-Ratelimit-Limit") != "175, 8;w=1, 175;w=60" || header.Get("X-Ratelimit-Reset") != "30" {
		t.Errorf("headers of a full minute: %v", header)
	}
	c.advance(30 * time.Second)
	passed, header = takeAll(m, writes, 1)
	if passed != 1 || header.Get("X-Ratelimit-Remaining") != "7" {
		t.Errorf("in the next minute %d passed, headers %v", passed, header)
	}
}

func TestMeter_separateBuckets(t *testing.T) {
	t.Parallel()
	c := newClock()
	m := newMeter(Growth, 1, c.now)
	for b, want := range map[bucket]int{writes: 18, gets: 23, lists: 9, noBucket: 100} {
		if passed, _ := takeAll(m, b, 100); passed != want {
			t.Errorf("bucket %d: %d passed, want %d", b, passed, want)
		}
	}
}

func TestMeter_noLimits(t *testing.T) {
	t.Parallel()
	passed, header := takeAll(newMeter(Plan{}, 1, newClock().now), writes, 1000)
	if passed != 1000 || len(header) != 0 {
		t.Errorf("%d passed, headers %v", passed, header)
	}
}

// Ten times faster, a minute lasts six seconds, and a second lets through ten times as much.
func TestMeter_scale(t *testing.T) {
	t.Parallel()
	c := newClock()
	m := newMeter(Production, 10, c.now)
	passed, header := takeAll(m, writes, 82)
	if passed != 80 || header.Get("X-Ratelimit-Limit") != "80, 80;w=1, 175;w=6" {
		t.Errorf("%d passed in the first second, headers %v", passed, header)
	}
	for range 5 {
		c.advance(time.Second)
		n, _ := takeAll(m, writes, 80)
		passed += n
	}
	if passed != 175-2 {
		t.Errorf("%d passed in six seconds, want 175 less the two that were refused", passed)
	}
	c.advance(time.Second)
	if passed, _ := takeAll(m, writes, 100); passed != 80 {
		t.Errorf("%d passed in the seventh second, want 80", passed)
	}
}

func TestPlan_least(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		counts Counts
		want   time.Duration
	}{
		{Counts{Get: {Requests: 1000}}, 12*time.Minute + 7*time.Second}, // 12 minutes of 80, and 40 more at 5 a second
		{Counts{Create: {Requests: 8}}, 0},
		{Counts{Create: {Requests: 5}, Delete: {Requests: 4}}, time.Second},
		{Counts{Patch: {Requests: 176}, List: {Requests: 6}}, time.Minute},
		{Counts{Other: {Requests: 1000}}, 0},
		{Counts{}, 0},
	} {
		if got := Production.Least(test.counts); got != test.want {
			t.Errorf("%v: %v, want %v", test.counts, got, test.want)
		}
	}
}
