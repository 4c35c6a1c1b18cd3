package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// uuidOf is the UUID that these tests write in short.
func uuidOf(short string) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", short) }

func uuidsOf(short ...string) []string {
	var all []string
	for _, s := range short {
		all = append(all, uuidOf(s))
	}
	return all
}

const (
	someID = "72c1d29c-dc42-4f50-bac9-d0eb450cde8f"
	// identity answers every operation: what one looks for, the others ignore.
	identity = `{"id":"` + someID + `","schema_id":"default","schema_url":"","state":"active","traits":{"email":"a@x.io"},` +
		`"recovery_link":"https://x.io/?flow=1","recovery_code":"1"}`
	notFound = `{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}`
)

// recorder keeps every log line, bodies rendered, and what was sent.
type recorder struct {
	mu       sync.Mutex
	lines    []line
	requests []*http.Request
	bodies   []string
}

type line struct {
	level  LogLevel
	msg    string
	fields map[string]any
}

func (r *recorder) log(_ context.Context, level LogLevel, msg string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, line{level, msg, fields})
}

func (r *recorder) logged(level LogLevel) []line {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []line
	for _, l := range r.lines {
		if l.level == level {
			found = append(found, l)
		}
	}
	return found
}

// text is all that a careless reader of the log could get out of it.
func (r *recorder) text(t *testing.T) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, l := range r.lines {
		data, err := json.Marshal(l.fields)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %+v %#v %s\n", l.msg, l.fields, l.fields, data)
	}
	return b.String()
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.requests)
}

// serve starts a server, and a client for it that hardly waits between attempts.
func serve(t *testing.T, handler http.HandlerFunc, options ...func(*Config)) (*Client, *recorder) {
	t.Helper()
	rec := &recorder{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		rec.mu.Lock()
		rec.requests = append(rec.requests, r)
		rec.bodies = append(rec.bodies, string(body))
		rec.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return newClient(t, server.URL, rec, options...), rec
}

func newClient(t *testing.T, address string, rec *recorder, options ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{AdminURL: address, MaxRetries: 3, Log: rec.log, UserAgent: "test/1"}
	for _, option := range options {
		option(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.seenKratos.Store(true) // as after the first response of a run
	c.backoff.start, c.backoff.quick, c.backoff.limit = time.Millisecond, time.Millisecond, 2*time.Millisecond
	t.Cleanup(func() {
		if transport, ok := c.transport.(*http.Transport); ok {
			transport.CloseIdleConnections()
		}
	})
	return c
}

// reply answers with a status and a body.
func reply(t *testing.T, w http.ResponseWriter, status int, body string) {
	t.Helper()
	w.WriteHeader(status)
	if _, err := io.WriteString(w, body); err != nil {
		t.Error(err)
	}
}

func always(t *testing.T, status int, body string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, _ *http.Request) { reply(t, w, status, body) }
}

// succeed answers as always does, except that a DELETE is answered as Kratos answers it.
func succeed(t *testing.T, body string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		reply(t, w, http.StatusOK, body)
	}
}

// reset closes the connection without an answer.
func reset(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		t.Error("no hijacker")
		return
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

// truncate promises more than it sends.
func truncate(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	w.Header().Set("Content-Length", "1000")
	reply(t, w, http.StatusOK, identity[:20])
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("no *Error: %T %v", err, err)
	}
	return e
}

// sentinels names every kind that err is.
func sentinels(err error) string {
	var names []string
	for _, s := range []struct {
		name string
		err  error
	}{
		{"NotFound", ErrNotFound},
		{"Disabled", ErrDisabled},
		{"Conflict", ErrConflict},
		{"Unauthorized", ErrUnauthorized},
		{"RateLimited", ErrRateLimited},
		{"Unreachable", ErrUnreachable},
		{"NotKratos", ErrNotKratos},
		{"OutcomeUnknown", ErrOutcomeUnknown},
		{"WrongIdentity", ErrWrongIdentity},
		{"TooLarge", ErrTooLarge},
		{"Canceled", context.Canceled},
		{"DeadlineExceeded", context.DeadlineExceeded},
	} {
		if errors.Is(err, s.err) {
			names = append(names, s.name)
		}
	}
	return strings.Join(names, " ")
}

// operation is one call of the API, to run a matrix over.
type operation struct {
	name string
	run  func(context.Context, *Client) error
}

// put is what UpdateIdentity sends after its read.
func put(ctx context.Context, c *Client, body UpdateIdentityBody) (*Identity, error) {
	return c.doIdentity(
		ctx,
		request{method: http.MethodPut, path: identityPath(someID), body: body, replay: true},
		subject{id: someID},
	)
}

func operations() []operation {
	patch := func(ops ...PatchOperation) func(context.Context, *Client) error {
		return func(ctx context.Context, c *Client) error {
			_, err := c.PatchIdentity(ctx, someID, ops)
			return err
		}
	}
	value := json.RawMessage(`"x"`)
	return []operation{
		{"get", func(ctx context.Context, c *Client) error {
			_, err := c.GetIdentity(ctx, someID)
			return err
		}},
		{"delete", func(ctx context.Context, c *Client) error { return c.DeleteIdentity(ctx, someID) }},
		{"put", func(ctx context.Context, c *Client) error {
			_, err := put(ctx, c, UpdateIdentityBody{})
			return err
		}},
		{
			"delete a link",
			func(ctx context.Context, c *Client) error { return c.DeleteCredential(ctx, someID, "oidc", "github:1") },
		},
		{"patch", patch(PatchOperation{OpReplace, "/traits", value}, PatchOperation{OpAdd, "/metadata_public/a", value})},
		{"patch remove", patch(PatchOperation{OpReplace, "/traits", value}, PatchOperation{OpRemove, "/traits/a", nil})},
		{"patch append", patch(PatchOperation{OpAdd, "/traits/list/-", value})},
		{"patch insert", patch(PatchOperation{OpAdd, "/traits/list/0", value})},
		{"delete sessions", func(ctx context.Context, c *Client) error { return c.DeleteIdentitySessions(ctx, someID) }},
		{"recovery code", func(ctx context.Context, c *Client) error {
			_, err := c.CreateRecoveryCodeForIdentity(ctx, RecoveryCodeBody{IdentityID: someID})
			return err
		}},
		{"recovery link", func(ctx context.Context, c *Client) error {
			_, err := c.CreateRecoveryLinkForIdentity(ctx, RecoveryLinkBody{IdentityID: someID})
			return err
		}},
		{"create", func(ctx context.Context, c *Client) error {
			_, err := c.CreateIdentity(ctx, CreateIdentityBody{Traits: json.RawMessage(`{}`)})
			return err
		}},
		{"batch create", func(ctx context.Context, c *Client) error {
			_, err := c.BatchCreateIdentities(ctx, []CreateIdentityBody{{Traits: json.RawMessage(`{}`)}})
			var e *Error
			if errors.As(err, &e) && e.StatusCode == http.StatusOK &&
				strings.Contains(e.Message, "no results for 1 identities") {
				return nil // the success of these tests' servers is an identity, whatever was asked
			}
			return err
		}},
	}
}

func isRepeatable(name string) bool {
	return slices.Contains(
		[]string{"get", "delete", "delete a link", "delete sessions", "put", "patch", "recovery code", "recovery link"},
		name,
	)
}
