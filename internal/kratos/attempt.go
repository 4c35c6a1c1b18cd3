package kratos

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody bounds an answer. A page of 500 identities with large traits stays far below it.
const maxBody = 64 << 20

// onceTimeout bounds the only attempt of a request that its caller can do without.
const onceTimeout = 10 * time.Second

// staleAfter is how long a body that was made of what the server has may wait for its limits.
const staleAfter = time.Second

var (
	errBodyTooLarge   = errors.New("the answer is larger")
	errAttemptTimeout = errors.New("no complete answer within the request time-out")
)

// call is one logical request on its way: what is the same over its attempts, and what they left behind. It belongs to
// one goroutine.
type call struct {
	client *Client
	request
	id      string
	url     string
	body    []byte
	secrets secrets

	attempt int
	sent    atomic.Bool // the last exchange had a connection, so the server may have seen it; set by net/http's hook
	doubts  int         // how many answers were failures that may last
	quick   bool        // the last attempt failed on a lock that is soon free
	unknown bool        // a write may have been carried out, and no answer since has settled it
}

func (k *call) isWrite() bool { return k.method != http.MethodGet && k.method != http.MethodHead }

// RoundTrip makes one exchange and reads its answer to the end, so that a body that breaks off is a failure of the attempt
// and is judged with it. Redirects pass through here too.
func (k *call) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Response == nil {
		k.attempt++
	}
	k.sent.Store(false)
	ctx, err := k.attemptContext(req.Context())
	if err == nil && k.rebuild != nil && k.attempt > 1 {
		req, err = k.rebuilt(req)
	}
	if err != nil {
		return nil, err
	}
	req, release, err := k.admitFresh(req)
	if err != nil {
		return nil, err
	}
	defer release()
	timeout := max(k.client.timeout, k.timeout)
	if k.once {
		timeout = min(timeout, onceTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { k.sent.Store(true) }}
	out := req.Clone(httptrace.WithClientTrace(ctx, trace))
	out.Header.Del("Referer")
	if err := k.authorize(req, out); err != nil {
		if req.Body != nil {
			err = errors.Join(err, req.Body.Close())
		}
		return nil, err
	}

	if k.isWrite() && strings.HasPrefix(k.path, identitiesPath) {
		k.client.writes.Add(1)
	}
	start := time.Now()
	resp, body, err := exchange(k.client.transport, out, cmp.Or(k.limit, maxBody))
	if err != nil && ctx.Err() != nil && req.Context().Err() == nil {
		err = fmt.Errorf("%w of %s", errAttemptTimeout, timeout)
	}
	took := time.Since(start)
	k.logAttempt(req, resp, body, err, took)
	if err != nil {
		return nil, err
	}
	if staysAt(k.client.admin, req) {
		k.client.noteTime(resp.Header)
		k.client.noteDuration(took)
		k.client.limits.learn(bucketOf(req.Method, k.path), resp.Header, resp.StatusCode, time.Now())
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.Request = req // without the credentials
	return resp, nil
}

// admitFresh is admit. Where that took so long that others may have changed what the body was made of, the body is made anew. The
// request has its place in the server's limits by then, but no slot while it reads: reading needs one too.
func (k *call) admitFresh(req *http.Request) (fresh *http.Request, release func(), err error) {
	began := time.Now()
	release, err = k.admit(req.Context(), req)
	if err != nil || k.rebuild == nil || time.Since(began) <= staleAfter {
		return req, release, err
	}
	release()
	ctx := req.Context()
	if req, err = k.rebuilt(req); err != nil {
		return nil, nil, err
	}
	if err := k.client.inFlight.acquire(ctx); err != nil {
		return nil, nil, err
	}
	return req, k.client.inFlight.release, nil
}

// rebuilt is the request with a body of what the server has now.
func (k *call) rebuilt(req *http.Request) (*http.Request, error) {
	if err := req.Body.Close(); err != nil {
		return nil, err
	}
	body, err := k.rebuild(req.Context())
	if err != nil {
		return nil, &rebuildError{err}
	}
	if err := k.encode(body); err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(k.body)), int64(len(k.body))
	return req, nil
}

// rebuildError is the failure to read what a body is made of, which has had its own retries.
type rebuildError struct{ error }

func (e *rebuildError) Unwrap() error { return e.error }

// attemptContext is what ends an attempt before its time. A read ends with its caller. A write that has begun is seen through
// to its answer, within the request time-out: when Terraform is interrupted in the middle of a create, the answer still brings
// the id of what now exists.
func (k *call) attemptContext(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if k.isWrite() {
		return context.WithoutCancel(ctx), nil
	}
	return ctx, nil
}

// exchange sends the request and reads the whole body, which also frees the connection for the next one.
func exchange(transport http.RoundTripper, req *http.Request, limit int) (*http.Response, []byte, error) {
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	err = errors.Join(err, resp.Body.Close())
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("reading the answer: %w", err)
	case len(body) > limit:
		return nil, nil, fmt.Errorf("%w than %d bytes", errBodyTooLarge, limit)
	case resp.StatusCode != http.StatusTooManyRequests && breaksOff(body): // what a 429 says is in its headers
		return nil, nil, fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
	}
	return resp, body, nil
}

// breaksOff finds JSON that was cut where the framing doesn't tell, as with a proxy that speaks HTTP/1.0.
func breaksOff(body []byte) bool {
	var doc json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(body)).Decode(&doc), io.ErrUnexpectedEOF)
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

// authorize adds the configured headers and the token, if the request may carry them.
func (k *call) authorize(req, out *http.Request) error {
	if !staysAt(k.client.admin, req) {
		return nil
	}
	for name, value := range k.client.headers {
		out.Header.Set(name, value)
	}
	token := k.client.key
	if k.client.keyFile != "" {
		var err error
		if token, err = readToken(k.client.keyFile); err != nil {
			return err
		}
		k.secrets.add(token)
	}
	if token != "" {
		out.Header.Set("Authorization", "Bearer "+token)
	}
	return nil
}

// withoutPath is a file's error without its name, which may be a secret that was put into the wrong argument.
func withoutPath(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// readToken reads a token that something else may rewrite at any time.
func readToken(path string) (string, error) {
	data, err := os.ReadFile(path) //nolint:gosec // The path is the user's own setting.
	if err != nil {
		return "", &ConfigError{"api_key_file", "can't be read: " + withoutPath(err).Error()}
	}
	token := strings.TrimSpace(string(data))
	if !validToken(token) {
		return "", &ConfigError{"api_key_file", "is empty, or holds characters that a header can't carry"}
	}
	return token, nil
}
