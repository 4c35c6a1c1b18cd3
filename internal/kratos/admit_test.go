package kratos

import (
	"context"
	"fmt"
	"io"
	"net/http"
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
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	}
}

// The line that tells of a wait is written while the call goes on: it must not read what changes meanwhile. For the race detector.
func TestNoticeOfAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &metered{t: t}
		c := m.client(func(cfg *Config) {
			cfg.RequestsPerSecond, cfg.Log = 0.1, func(context.Context, LogLevel, string, map[string]any) {}
		})
		var requests sync.Map
		c.transport = answers(func(req *http.Request) (int, string) {
			if _, repeated := requests.LoadOrStore(req.URL.Path, true); repeated {
				return http.StatusOK, identity
			}
			return http.StatusServiceUnavailable, ""
		})
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				if _, err := c.GetIdentity(t.Context(), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

// A body that is made of what the server has is made anew after a long wait for the limits, also with a single slot.
func TestAWaitDoesNotAgeABody(t *testing.T) {
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
func TestEndlessWindows(t *testing.T) {
	t.Parallel()
	_, announced := parseLimits("5, 5;w=1e12")
	for _, w := range append(announced, manualWindow(1e-12)) {
		if w.length < 24*time.Hour {
			t.Errorf("a window of %s", w.length)
		}
	}
}
