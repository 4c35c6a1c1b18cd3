package kratos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// answers is a transport that answers with a status and a body.
func answers(answer func(req *http.Request) (status int, body string)) transportFunc {
	return func(req *http.Request) (*http.Response, error) {
		status, body := answer(req)
		return &http.Response{
			StatusCode: status,
			Header:     http.Header{},
			Body:       io.NopCloser(strings.NewReader(body)),
			Request:    req,
		}, nil
	}
}

// The line that tells of a wait is written while the call goes on: it must not read what changes meanwhile. For the
// race detector.
func TestClient_logsWaitConcurrently(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &metered{t: t}
		c := m.client(func(cfg *Config) {
			cfg.RequestsPerSecond, cfg.Log = 0.1, func(context.Context, LogLevel, string, map[string]any) {}
		})
		var requests sync.Map
		c.transport = answers(func(req *http.Request) (int, string) {
			if _, repeated := requests.LoadOrStore(req.URL.Path, true); repeated {
				return http.StatusOK, identityAt(req)
			}
			return http.StatusServiceUnavailable, ""
		})
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				if _, err := c.GetIdentity(t.Context(), uuidOf(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

// A body that is made of what the server has is made anew after a long wait for the limits, also with a single slot.
func TestClient_rebuildsBodyAfterWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &metered{t: t}
		c := m.client(func(cfg *Config) { cfg.MaxInFlight = 1 })
		c.limits.learn(bucketWrites, limitHeader("175, 8;w=1, 175;w=60", "0", "50"), http.StatusOK, time.Now())
		began, sent := time.Now(), ""
		c.transport = answers(func(req *http.Request) (int, string) {
			if req.Method == http.MethodPut {
				body, err := io.ReadAll(req.Body)
				if err != nil {
					t.Error(err)
				}
				sent = string(body)
			}
			name := "old"
			if time.Since(began) > 10*time.Second {
				name = "new"
			}
			return http.StatusOK, fmt.Sprintf(`{"id":%q,"schema_id":"default","traits":{"name":%q}}`, someID, name)
		})
		_, err := c.UpdateIdentity(t.Context(), someID, func(current *Identity) (UpdateIdentityBody, bool) {
			return UpdateIdentityBody{Traits: current.Traits}, true
		})
		if err != nil || !strings.Contains(sent, `"new"`) || time.Since(began) < 50*time.Second {
			t.Errorf("after %s: %v, sent %s", time.Since(began), err, sent)
		}
	})
}

// Limits so low that their window has no end hold all the same.
func TestWindow_longestLength(t *testing.T) {
	t.Parallel()
	_, announced := parseLimits("5, 5;w=1e12")
	for _, w := range append(announced, manualWindow(1e-12)) {
		if w.length < 24*time.Hour {
			t.Errorf("a window of %s", w.length)
		}
	}
}

func TestClient_requestsPerSecond(t *testing.T) {
	t.Parallel()
	tests := map[float64]time.Duration{
		10:  9900 * time.Millisecond,
		0.5: 198 * time.Second,
		2.5: 39200 * time.Millisecond,
		0:   0,
	}
	for perSecond, expected := range tests {
		synctest.Test(t, func(t *testing.T) {
			m := &metered{t: t}
			took := gets(t, m.client(func(cfg *Config) { cfg.RequestsPerSecond = perSecond }), 100)
			if took < expected-time.Second || took > expected+time.Second {
				t.Errorf("100 requests at %g a second took %s, expected %s", perSecond, took, expected)
			}
		})
	}
}

// Whoever came first goes first, and each of those who wait for more than five seconds says so once.
func TestClient_waitsInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, rec := &metered{t: t}, &recorder{}
		c := m.client(func(cfg *Config) { cfg.RequestsPerSecond, cfg.Log = 0.9, rec.log })
		var group sync.WaitGroup
		var want []string
		for i := range 10 {
			want = append(want, "/admin/identities/"+uuidOf(fmt.Sprint(i)))
			group.Go(func() {
				if _, err := c.GetIdentity(t.Context(), uuidOf(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		group.Wait()
		if !slices.Equal(m.paths, want) {
			t.Errorf("sent in the order %v", m.paths)
		}
		if lines := rec.logged(LevelWarn); len(lines) != 5 {
			t.Errorf("%d waits were told, expected those of the last five: %v", len(lines), lines)
		}
	})
}

func TestClient_maxInFlight(t *testing.T) {
	t.Parallel()
	for limit, expected := range map[int]int{0: 10, 3: 3, 1: 1} {
		synctest.Test(t, func(t *testing.T) {
			m := &metered{t: t, takes: time.Second}
			gets(t, m.client(func(cfg *Config) { cfg.MaxInFlight = limit }), 20)
			if m.most != expected {
				t.Errorf("%d requests in flight, expected %d", m.most, expected)
			}
		})
	}
}

// Ory Network takes one create at a time, which is known from the configuration or from the limits in its answers.
func TestClient_oneCreateAtATime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		network  bool
		second   int
		expected int
	}{
		"Ory Network":        {network: true, expected: 1},
		"limits in answers":  {second: 100, expected: 1},
		"self-hosted Kratos": {expected: 5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &metered{t: t, second: test.second, minute: 1000, takes: time.Second}
				c := m.client(func(cfg *Config) { cfg.Network = test.network })
				gets(t, c, 1)
				var lanes sync.WaitGroup
				for range 5 {
					lanes.Go(func() {
						if _, err := c.CreateIdentity(t.Context(), CreateIdentityBody{}); err != nil {
							t.Error(err)
						}
					})
				}
				lanes.Wait()
				if m.most != test.expected || c.OneCreateAtATime() != (test.expected == 1) {
					t.Errorf("%d creates in flight, expected %d; one at a time: %v", m.most, test.expected, c.OneCreateAtATime())
				}
			})
		})
	}
}

// What waits for its turn can be given up at once, was not sent, and leaves its place to others.
func TestClient_waitEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &metered{t: t}
		rec := &recorder{}
		c := m.client(func(cfg *Config) { cfg.RequestsPerSecond, cfg.Network, cfg.Log = 0.05, true, rec.log })
		gets(t, c, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.CreateIdentity(ctx, CreateIdentityBody{})
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, ErrRateLimited) ||
			time.Since(start) != 0 ||
			!strings.Contains(err.Error(), "allows the next request in 20s, but only 7s of the time limit are left") {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		waiting, stop := context.WithCancel(t.Context())
		time.AfterFunc(7*time.Second, stop)
		_, err = c.CreateIdentity(waiting, CreateIdentityBody{})
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrOutcomeUnknown) || time.Since(start) != 7*time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		if lines := rec.logged(LevelWarn); len(lines) != 1 || lines[0].fields["wait"] != "20s" {
			t.Errorf("a wait of 20 s is told once, got %v", lines)
		}
		if _, err := c.CreateIdentity(t.Context(), CreateIdentityBody{}); err != nil {
			t.Error(err)
		}
		if len(m.sent) != 2 {
			t.Errorf("%d requests were sent, expected 2", len(m.sent))
		}
	})
}
