package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}

// A server that isn't there is given up after ten seconds at the first request, and on the loopback at any request;
// every later call tries once.
func TestClient_unreachableEndsSoon(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		address  string
		answered bool
		soon     bool
	}{
		{"http://127.0.0.1:4434", false, true},
		{"http://localhost:4434", true, true},
		{"https://kratos.example.org", false, true},
		{"https://kratos.example.org", true, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, err := New(Config{AdminURL: tc.address, MaxRetries: 8})
			if err != nil {
				t.Fatal(err)
			}
			if tc.answered {
				c.answers.Store(1)
			}
			c.transport = transportFunc(func(*http.Request) (*http.Response, error) { return nil, errRefused })
			start := time.Now()
			_, err = c.CreateIdentity(t.Context(), CreateIdentityBody{})
			took := time.Since(start)
			if sentinels(err) != "Unreachable" || (took == dialPatience) != tc.soon ||
				!strings.Contains(err.Error(), "connection refused (") {
				t.Errorf("%+v: after %s: %v", tc, took, err)
			}
			if tc.soon {
				start = time.Now()
				if _, err := c.GetIdentity(t.Context(), someID); !errors.Is(err, ErrUnreachable) || time.Since(start) != 0 {
					t.Errorf("%+v: the next call after %s: %v", tc, time.Since(start), err)
				}
			}
		})
	}
}

// A 101 leaves a bare connection, which no context ends.
func TestClient_switchingProtocolsEnds(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hijacker, _ := w.(http.Hijacker)
		conn, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
	})
	done := make(chan error, 1)
	go func() {
		_, err := c.CreateIdentity(context.Background(), CreateIdentityBody{})
		done <- err
	}()
	select {
	case err := <-done:
		if sentinels(err) != "NotKratos OutcomeUnknown" {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the request hangs")
	}
}

func TestReadKey(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"FIFO": fifo, "directory": t.TempDir()} {
		if _, err := readKey(t.Context(), path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	write("")
	time.AfterFunc(30*time.Millisecond, func() { write("rotated\n") })
	if key, err := readKey(t.Context(), file); err != nil || key != "rotated" {
		t.Errorf("an empty file isn't read again: %q, %v", key, err)
	}
	write("")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readKey(ctx, file); err == nil {
		t.Error("no error for an empty file")
	}
	write(strings.Repeat("x", maxKeyBytes+1))
	if _, err := readKey(t.Context(), file); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
}

// Where nothing at the address has ever answered as Kratos, a create says so and doesn't claim that it may have been
// made. A page in the place of Kratos' answer to a create leaves the outcome open.
func TestClient_firstAnswerIsNoKratos(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		post, get int
		list      string
		kinds     string
	}{
		"welcome page":               {200, 200, "<html>", "NotKratos"},
		"page that takes no POST":    {405, 200, "<html>", "NotKratos"},
		"server that takes no POST":  {501, 404, "<html>", "NotKratos"},
		"gateway wants a sign-in":    {401, 401, "<html>", "Unauthorized"},
		"gateway before Kratos":      {400, 200, "[]", "NotKratos OutcomeUnknown"},
		"gateway, Kratos is failing": {400, 503, "<html>", "NotKratos OutcomeUnknown"},
	} {
		c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				reply(t, w, tc.get, tc.list)
				return
			}
			reply(t, w, tc.post, "<html><title>Welcome</title></html>")
		})
		c.seenKratos.Store(false)
		_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{Traits: json.RawMessage(`{}`)})
		if sentinels(err) != tc.kinds || rec.count() != 2 || asError(t, err).ServerFailed() || asError(t, err).Refused() {
			t.Errorf("%s: %q by %d requests: %v", name, sentinels(err), rec.count(), err)
		}
		if unknown := errors.Is(err, ErrOutcomeUnknown); strings.Contains(
			err.Error(),
			c.AdminURL()+" (admin_url)",
		) == unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A conflict after a page of 429 may be with what the first attempt has created.
func TestClient_conflictAfterPage(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]string{"<html>": "Conflict OutcomeUnknown", "": "Conflict OutcomeUnknown", shapedError("slow down"): "Conflict"} {
		var served atomic.Int32
		c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if served.Add(1) == 1 {
				reply(t, w, http.StatusTooManyRequests, first)
				return
			}
			reply(t, w, http.StatusConflict, shapedError("taken"))
		})
		if _, err := c.CreateIdentity(t.Context(), CreateIdentityBody{}); sentinels(err) != want {
			t.Errorf("after %q: %q, want %q: %v", first, sentinels(err), want, err)
		}
	}
}

// A window of a year fails at once where a deadline comes first.
func TestClient_hopelessRateLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := fakeClient(t, 8, &recorder{}, func(req *http.Request) (*http.Response, error) {
			return answerWith(
				200,
				http.Header{"X-Ratelimit-Limit": {"1, 1;w=31536000"}, "X-Ratelimit-Remaining": {"0"}},
				identityAt(req),
			), nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		start := time.Now()
		if _, err := c.GetIdentity(ctx, someID); err != nil {
			t.Fatal(err)
		}
		_, err := c.GetIdentity(ctx, someID)
		if sentinels(err) != "RateLimited DeadlineExceeded" || time.Since(start) != 0 ||
			!strings.Contains(err.Error(), "8760h0m0s") {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

// No clock is trusted alone: that of a gateway may be ahead of that of Kratos behind it, and ours may be either.
func TestClient_clocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		date, created := time.Now().Add(3*time.Hour), time.Now().Add(-2*time.Minute)
		c := fakeClient(t, 0, &recorder{}, func(*http.Request) (*http.Response, error) {
			header := http.Header{"Date": {date.UTC().Format(http.TimeFormat)}}
			return answerWith(201, header, withMember("created_at", fmt.Sprintf("%q", created.Format(time.RFC3339)))), nil
		})
		if c.Earliest() != time.Now() || c.Latest() != time.Now() {
			t.Error("a client that has heard nothing knows a clock other than ours")
		}
		if _, known := c.ServerTime(); known {
			t.Error("a client that has heard nothing knows the server's time")
		}
		identity, err := c.CreateIdentity(t.Context(), CreateIdentityBody{})
		if err != nil {
			t.Fatal(err)
		}
		if now, known := c.ServerTime(); !known || time.Until(now).Round(time.Minute) != 3*time.Hour {
			t.Errorf("the server's time %s, known: %v", now, known)
		}
		if c.Earliest() != time.Now() {
			t.Error("a created_at counts before the caller has seen that the identity is the new one")
		}
		c.NoteCreation(identity.CreatedAt)
		if got := time.Until(c.Earliest()); got != -2*time.Minute {
			t.Errorf("earliest %s", got)
		}
		if got := time.Until(c.Latest()).Round(time.Minute); got != 3*time.Hour {
			t.Errorf("latest %s", got)
		}
	})
}

// The credentials of a proxy are secrets of every request, also where their URL can't be parsed.
func TestClient_proxyCredentials(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	c := newClient(t, "http://kratos.example.org", rec, func(cfg *Config) { cfg.MaxRetries = 0 })
	c.transport = transportFunc(func(req *http.Request) (*http.Response, error) {
		if _, err := c.proxyOf(req); err != nil {
			return nil, err
		}
		return answerWith(407, nil, "<title>proxy-secret cHJveHk6cHJveHktc2VjcmV0</title>"), nil
	})
	get := func() string {
		_, err := c.GetIdentity(t.Context(), someID)
		if err == nil {
			t.Fatal("no error")
		}
		return err.Error() + rec.text(t)
	}
	c.proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy:proxy-secret@10.0.0.1:3128") }
	if text := get(); strings.Contains(text, "secret") || strings.Contains(text, "cHJveHk6") {
		t.Error(text)
	}
	c.proxy = func(*http.Request) (*url.URL, error) {
		return nil, errors.New("invalid proxy http://proxy:proxy-secret@")
	}
	if text := get(); strings.Contains(text, "secret") || !strings.Contains(text, "HTTPS_PROXY") {
		t.Error(text)
	}
}
