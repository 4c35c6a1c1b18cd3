package kratos

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestBackoff_wait(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		attempt int
		quick   bool
		asked   time.Duration
		random  float64
		want    time.Duration
	}{
		{"first, low", 0, false, 0, 0, 375 * time.Millisecond},
		{"first, high", 0, false, 0, 1, 625 * time.Millisecond},
		{"doubles", 3, false, 0, 0.5, 4 * time.Second},
		{"a lock", 0, true, 0, 0.5, 100 * time.Millisecond},
		{"a lock doubles", 2, true, 0, 0.5, 400 * time.Millisecond},
		{"capped", 50, false, 0, 1, 30 * time.Second},
		{"the server raises", 0, false, 7 * time.Second, 0, 7 * time.Second},
		{"and callers part", 0, false, 7 * time.Second, 1, 7500 * time.Millisecond},
		{"the server never lowers", 4, false, time.Second, 0.5, 8 * time.Second},
		{"the server is capped", 0, false, time.Hour, 1, 30 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := defaultBackoff()
			p.random = func() float64 { return tc.random }
			if got := p.wait(tc.attempt, tc.quick, tc.asked); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

func TestAskedWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tc := range []struct {
		name         string
		status       int
		after, reset string
		want         time.Duration
	}{
		{"nothing", 429, "", "", 0},
		{"seconds", 503, "12", "", 12 * time.Second},
		{"a date", 429, now.Add(9 * time.Second).Format(http.TimeFormat), "", 9 * time.Second},
		{"a past date", 429, now.Add(-time.Hour).Format(http.TimeFormat), "", 0},
		{"negative", 429, "-5", "", 0},
		{"nonsense", 429, "soon", "later", 0},
		{"reset", 429, "", "20", 20 * time.Second},
		{"reset 0", 429, "", "0", 0},
		{"reset as a moment", 429, "", strconv.FormatInt(now.Unix()+3, 10), 3 * time.Second},
		{"the longer", 429, "3", "20", 20 * time.Second},
		{"reset of a 503", 503, "", "20", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			resp := &http.Response{StatusCode: tc.status, Header: http.Header{}}
			resp.Header.Set("Retry-After", tc.after)
			resp.Header.Set("X-Ratelimit-Reset", tc.reset)
			if got := askedWait(resp, now); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
	if askedWait(nil, now) != 0 {
		t.Error("no answer asks for nothing")
	}
}
