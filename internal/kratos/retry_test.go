package kratos

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func shapedError(message string) string { return `{"error":{"code":1,"message":"` + message + `"}}` }

func TestClient_retryMatrix(t *testing.T) {
	t.Parallel()
	const (
		all, repeatable, twice, never = "all", "repeatable", "repeatable twice", "never"
	)
	status := func(code int, body string) func(*testing.T, http.ResponseWriter, *http.Request) {
		return func(t *testing.T, w http.ResponseWriter, _ *http.Request) { t.Helper(); reply(t, w, code, body) }
	}
	status101 := func(t *testing.T, w http.ResponseWriter, _ *http.Request) {
		t.Helper()
		hijacker, _ := w.(http.Hijacker)
		conn, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: "+
			"x\r\n\r\n"); err != nil {
			t.Error(err)
		}
	}
	for _, fault := range []struct {
		name    string
		serve   func(*testing.T, http.ResponseWriter, *http.Request)
		retried string
		unknown bool // for writes
		kinds   string
	}{
		{"429", status(429, ""), all, false, "RateLimited"},
		{"429 kratos", status(429, shapedError("slow down")), all, false, "RateLimited"},
		{"429 page", status(429, "<html>"), all, true, "RateLimited"},
		{"400 page", status(400, "<html>"), never, true, "NotKratos"},
		{"403 page", status(403, "<html>"), never, true, "Unauthorized"},
		{"413 page", status(413, "<html>"), never, true, "NotKratos"},
		{"101", status101, twice, true, "NotKratos"},
		{"502", status(502, "<html>Bad Gateway</html>"), repeatable, true, ""},
		{"503", status(503, "no healthy upstream"), repeatable, true, ""},
		{"504", status(504, shapedError("late")), repeatable, true, ""},
		{"500", status(500, shapedError("boom")), twice, false, ""},
		{"500 of a proxy", status(520, "<html>"), twice, true, ""},
		{"500 locked", status(500, shapedError("database is locked (5) (SQLITE_BUSY)")), all, false, ""},
		{"500 busy", status(500, shapedError("SQLITE_BUSY")), all, false, ""},
		{
			"400 serialize", status(400, shapedError("Unable to serialize access due to a concurrent update in another "+
				"session")),
			all, false, "",
		},
		{"400", status(400, shapedError("bad")), never, false, ""},
		{"401", status(401, ""), never, true, "Unauthorized"},
		{"403", status(403, shapedError("no")), never, false, "Unauthorized"},
		{"404", status(404, notFound), never, false, "NotFound"},
		{"404 plain", status(404, "404 page not found"), never, true, "NotKratos"},
		{"409", status(409, shapedError("taken")), never, false, "Conflict"},
		{"409 of a gateway", status(409, "conflict"), never, true, "NotKratos"},
		{"200 page", status(200, "<html>Sign in</html>"), twice, true, "NotKratos"},
		{"reset", func(t *testing.T, w http.ResponseWriter, _ *http.Request) { t.Helper(); reset(t, w) }, repeatable, true, ""},
		{"truncated", func(t *testing.T, w http.ResponseWriter, _ *http.Request) { t.Helper(); truncate(t, w) }, repeatable, true, ""},
		{"cut JSON", status(200, identity[:20]), repeatable, true, ""},
		{"404 cut", status(404, notFound[:30]), repeatable, true, ""},
		{"409 cut", status(409, shapedError("taken")[:15]), repeatable, true, ""},
		{"429 cut", status(429, shapedError("slow down")[:15]), all, false, "RateLimited"},
		{"time-out", func(_ *testing.T, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, repeatable, true, ""},
	} {
		for _, op := range operations() {
			t.Run(fault.name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) { fault.serve(t, w, r) }, func(cfg *Config) {
					if fault.name == "time-out" {
						cfg.RequestTimeout = 200 * time.Millisecond
					}
				})
				err := op.run(t.Context(), c)
				want := 1
				switch {
				case fault.retried == all, fault.retried == repeatable && isRepeatable(op.name):
					want = 4
				case fault.retried == twice && isRepeatable(op.name):
					want = 3
				}
				if rec.count() != want {
					t.Errorf("%d requests, want %d (%v)", rec.count(), want, err)
				}
				kinds := fault.kinds
				if fault.unknown && op.name != "get" {
					kinds = strings.TrimSpace(kinds + " OutcomeUnknown")
				}
				if got := sentinels(err); got != kinds {
					t.Errorf("%q, want %q: %v", got, kinds, err)
				}
			})
		}
	}
}

func TestClient_retriesUntilSuccess(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			var served atomic.Int32
			c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if served.Add(1) == 1 {
					reply(t, w, http.StatusTooManyRequests, "")
					return
				}
				succeed(t, identity)(w, r)
			})
			if err := op.run(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if rec.count() != 2 || rec.bodies[0] != rec.bodies[1] {
				t.Errorf("bodies %q", rec.bodies)
			}
			first, second := rec.requests[0], rec.requests[1]
			if id := first.Header.Get("X-Request-Id"); len(id) != 36 || id[14] != '4' ||
				id != second.Header.Get("X-Request-Id") {
				t.Errorf("request ids %q %q", id, second.Header.Get("X-Request-Id"))
			}
			if first.RemoteAddr != second.RemoteAddr {
				t.Error("the connection was not used again")
			}
		})
	}
}

// A repeatable write is settled by a later answer, if that answer is about the request.
func TestClient_outcomeAfterLostResponse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		body   string
		kinds  string
	}{
		{"success", 200, identity, ""},
		{"invalid", 400, shapedError("bad"), ""},
		{"gone", 404, notFound, "NotFound"},
		{"token expired", 401, "", "Unauthorized OutcomeUnknown"},
		{"limited", 429, "", "RateLimited OutcomeUnknown"},
		{"broken", 500, shapedError("boom"), "OutcomeUnknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var served atomic.Int32
			c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if served.Add(1) == 1 {
					reset(t, w)
					return
				}
				reply(t, w, tc.status, tc.body)
			})
			_, err := put(t.Context(), c, UpdateIdentityBody{})
			if got := sentinels(err); got != tc.kinds || (err == nil) != (tc.status == 200) {
				t.Errorf("%q, want %q: %v", got, tc.kinds, err)
			}
		})
	}
}

func TestClient_unreachable(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			rec := &recorder{}
			c := newClient(t, address, rec)
			err := op.run(t.Context(), c)
			if got := sentinels(err); got != "Unreachable" {
				t.Errorf("%q: %v", got, err)
			}
			if !strings.Contains(err.Error(), "could not connect: dial tcp 127.0.0.1:") {
				t.Error(err)
			}
			if attempts := len(rec.logged(LevelDebug)); attempts != 4 {
				t.Errorf("%d attempts", attempts)
			}
		})
	}
}

// What can go without an answer isn't held up by a server that can't be reached, but waits for one that is busy.
func TestClient_peekIdentitySchema(t *testing.T) {
	t.Parallel()
	patient := func(cfg *Config) { cfg.MaxRetries = 8 }
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	rec := &recorder{}
	c := newClient(t, down.URL, rec, patient)
	if _, err := c.PeekIdentitySchema(t.Context(), "a"); sentinels(err) != "Unreachable" ||
		len(rec.logged(LevelDebug)) != maxBriefDials {
		t.Errorf("%d attempts: %v", len(rec.logged(LevelDebug)), err)
	}
	var busy atomic.Int32
	c, _ = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if busy.Add(1) <= 6 {
			reply(t, w, http.StatusTooManyRequests, `{}`)
			return
		}
		reply(t, w, http.StatusOK, `{"type":"object"}`)
	}, patient)
	if schema, err := c.PeekIdentitySchema(t.Context(), "a"); err != nil || string(schema) != `{"type":"object"}` {
		t.Errorf("%s, %v", schema, err)
	}
}

func TestClient_untrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	for name, address := range map[string]string{
		"certificate": server.URL,
		"plain http":  strings.Replace(startPlain(t), "http://", "https://", 1),
	} {
		rec := &recorder{}
		_, err := newClient(t, address, rec).CreateIdentity(t.Context(), CreateIdentityBody{})
		if sentinels(err) != "Unreachable" || len(rec.logged(LevelDebug)) != 1 {
			t.Errorf("%s: %d attempts: %v", name, len(rec.logged(LevelDebug)), err)
		}
	}
}

func startPlain(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return server.URL
}

func TestClient_noRetries(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, always(t, 503, shapedError("starting")), func(cfg *Config) { cfg.MaxRetries = 0 })
	_, err := c.GetIdentity(t.Context(), someID)
	if rec.count() != 1 || asError(t, err).Message != "starting" {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}

// transportFunc is a server inside a synctest bubble, where a real connection would keep time from moving.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answerWith(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewBufferString(body))}
}

func fakeClient(t *testing.T, retries int, rec *recorder, transport transportFunc) *Client {
	t.Helper()
	c, err := New(Config{AdminURL: "http://127.0.0.1:4434", MaxRetries: retries, Log: rec.log})
	if err != nil {
		t.Fatal(err)
	}
	c.transport = transport
	return c
}

// lengthOf is a duration in the fields of a log line.
func lengthOf(t *testing.T, l line, field string) time.Duration {
	t.Helper()
	text, _ := l.fields[field].(string)
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Errorf("%s of %v: %v", field, l, err)
	}
	return d
}

// A user who waits for long learns what for, and how long it may last.
func TestClient_tellsOfLongWaits(t *testing.T) {
	t.Parallel()
	page := func(*http.Request) (*http.Response, error) {
		return answerWith(503, http.Header{}, "<html>no</html>"), nil
	}
	for name, tc := range map[string]struct {
		address   string
		transport transportFunc
		most      time.Duration // of the first line
	}{
		"waiting for a connection to the server": {
			"http://127.0.0.1:4434", func(*http.Request) (*http.Response, error) { return nil, errRefused }, dialPatience,
		},
		"waiting for the server to recover": {"https://kratos.example.org", page, 8 * 30 * time.Second},
		"waiting for the response": {
			"https://kratos.example.org", func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			}, defaultTimeout,
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			rec := &recorder{}
			c := newClient(t, tc.address, rec, func(cfg *Config) { cfg.MaxRetries, cfg.APIKey = 8, "key-secret" })
			c.backoff, c.transport = defaultBackoff(), tc.transport
			start := time.Now()
			if _, err := c.GetIdentity(t.Context(), someID); err == nil {
				t.Fatal("no error")
			}
			lines := rec.logged(LevelWarn)
			if len(lines) == 0 || lines[0].msg != name {
				t.Fatalf("%s: after %s: %v", name, time.Since(start), lines)
			}
			if first := lengthOf(t, lines[0], "waited"); first > longWait ||
				first+lengthOf(t, lines[0], "at_most") > tc.most+longWait {
				t.Errorf("%s: %v", name, lines[0])
			}
			if text := rec.text(t); strings.Contains(text, "key-secret") {
				t.Errorf("%s: a secret in\n%s", name, text)
			}
		})
	}
}

func TestClient_eightRetriesOutlastMinute(t *testing.T) {
	t.Parallel()
	for _, random := range []float64{0, 0.5, 0.999} {
		synctest.Test(t, func(t *testing.T) {
			rec := &recorder{}
			attempts := 0
			c := fakeClient(t, 8, rec, func(*http.Request) (*http.Response, error) {
				attempts++
				return answerWith(429, http.Header{"X-Ratelimit-Reset": {"0"}}, ""), nil
			})
			c.backoff.random = func() float64 { return random }
			start := time.Now()
			_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{})
			took := time.Since(start)
			if attempts != 9 || !errors.Is(err, ErrRateLimited) || took < time.Minute || took > 8*30*time.Second {
				t.Errorf("%d attempts in %s: %v", attempts, took, err)
			}
			lines := rec.logged(LevelWarn)
			if len(lines) < 4 || lines[0].fields["status"] != 429 || lines[0].msg != "waiting for the server's rate limit" {
				t.Errorf("long waits: %v", lines)
			}
			for _, l := range lines {
				if end := lengthOf(t, l, "waited") + lengthOf(t, l, "wait"); end < longWait ||
					took > lengthOf(t, l, "waited")+lengthOf(t, l, "at_most")+time.Second {
					t.Errorf("a call of %s told of a wait: %v", took, l.fields)
				}
			}
		})
	}
}

// With TLS 1.3 the refusal arrives after the client has begun to speak, and still nothing was carried out.
func TestClient_refusedClientCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	rec := &recorder{}
	c := newClient(
		t,
		server.URL,
		rec,
		func(cfg *Config) { cfg.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12} },
	)
	_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{})
	if sentinels(err) != "Unreachable" || len(rec.logged(LevelDebug)) != 1 {
		t.Errorf("%d attempts: %v", len(rec.logged(LevelDebug)), err)
	}
}
