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
	"strings"
	"time"
)

var errAttemptTimeout = errors.New("no complete answer within the request time-out")

// received is a response that was read to its end, with a classification of its body.
type received struct {
	status int
	body   []byte
	json   bool        // the body is a JSON object or array
	shaped bool        // the body is an error in the shape of Kratos
	said   kratosError // if shaped
	free   func()      // releases the memory of the body
}

func newReceived(status int, body []byte, free func()) received {
	r := received{status: status, body: body, json: isJSON(body), free: free}
	if r.json && !isSuccess(status) {
		r.said, r.shaped = parseKratosError(body)
	}
	return r
}

// isEmpty reports whether there is no body.
func (r received) isEmpty() bool { return len(bytes.TrimSpace(r.body)) == 0 }

// isPage reports whether the body is no attempt at JSON, such as an HTML page.
func (r received) isPage() bool {
	body := bytes.TrimSpace(r.body)
	return len(body) > 0 && body[0] != '{' && body[0] != '['
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

func isRedirect(status int) bool { return status >= 300 && status <= 399 }

// RoundTrip makes one exchange and reads the response to its end, so that an incomplete body is a failure of the
// attempt. Redirects also pass through RoundTrip. The returned response has no body: k.received has the body.
func (k *call) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Response == nil {
		k.attempt++
	}
	k.sent.Store(false)
	k.forget()
	k.atAdmin = staysAt(k.client.admin, req)
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
	timeout := k.attemptTimeout()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out := req.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: k.connected}))
	out.Header.Del("Referer")
	if err := k.authorize(ctx, out); err != nil {
		if req.Body != nil {
			err = errors.Join(err, req.Body.Close())
		}
		return nil, err
	}
	k.noteWrite()
	k.began = time.Now()
	resp, err := k.exchange(out)
	if err != nil && ctx.Err() != nil && req.Context().Err() == nil {
		err = fmt.Errorf("%w of %s", errAttemptTimeout, timeout)
	}
	took := time.Since(k.began)
	k.logAttempt(req, resp, err, took)
	if err != nil {
		return nil, err
	}
	if k.atAdmin {
		k.learn(resp, req.Method, took)
	}
	resp.Body = http.NoBody
	resp.Request = req // without the credentials
	return resp, nil
}

// attemptTimeout returns the time limit of an attempt, including the time to read the response.
func (k *call) attemptTimeout() time.Duration {
	timeout := max(k.client.timeout, k.timeout)
	if k.once {
		timeout = min(timeout, onceTimeout)
	}
	return timeout
}

// noteWrite counts a request that may change an identity.
func (k *call) noteWrite() {
	if k.isWrite() && strings.HasPrefix(k.path, identitiesPath) {
		k.client.writes.Add(1)
	}
}

// forget releases the memory of the last response.
func (k *call) forget() {
	k.received.free()
	k.received = received{free: func() {}}
}

// connected is a hook that net/http calls when a connection is ready.
func (k *call) connected(httptrace.GotConnInfo) {
	k.sent.Store(true)
	if k.atAdmin {
		k.client.down.Store(0)
	}
}

// learn records the facts about the server that a response of the admin API contains.
func (k *call) learn(resp *http.Response, method string, took time.Duration) {
	c := k.client
	c.clock.noteDate(resp.Header)
	c.noteDuration(took)
	c.limits.learn(bucketOf(method, k.path), resp.Header, resp.StatusCode, time.Now())
	genuine := k.received.shaped || (k.received.json && isSuccess(resp.StatusCode))
	if genuine && !k.public {
		c.seenKratos.Store(true)
	}
}

// exchange sends the request and reads the whole body. This also frees the connection for the next request.
func (k *call) exchange(req *http.Request) (*http.Response, error) {
	attempt := k.attempt // the timer's goroutine may run later
	//nolint:contextcheck // the context is that of the request
	notice := time.AfterFunc(longWait, func() {
		k.logWait(req.Context(), pause{waitsFor: "the response", attempt: attempt})
	})
	defer notice.Stop()
	resp, err := k.client.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 200 {
		// The body of a 101 is the bare connection, which no context ends.
		k.received = newReceived(resp.StatusCode, nil, func() {})
		return resp, resp.Body.Close()
	}
	body, free, err := k.client.memory.read(req.Context(), resp.Body, cmp.Or(k.limit, MaxResponseBytes))
	if closeErr := resp.Body.Close(); err == nil && closeErr != nil {
		free()
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	k.received = newReceived(resp.StatusCode, body, free)
	if resp.StatusCode != http.StatusTooManyRequests && !k.received.json && breaksOff(body) {
		return nil, fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
	}
	return resp, nil
}

// breaksOff reports whether JSON is incomplete. The framing doesn't always show it, for example with a proxy that uses
// HTTP/1.0.
func breaksOff(body []byte) bool {
	var document json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(body)).Decode(&document), io.ErrUnexpectedEOF)
}

// admitFresh calls admit. If admit took so long that others may have changed the data of the body, admitFresh builds
// the body again. During this read the request counts in the server's rate limits, but not among the requests in
// flight, because the read is a request in flight itself.
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

// rebuilt returns the request with a body from the server's current data.
func (k *call) rebuilt(req *http.Request) (*http.Request, error) {
	if err := req.Body.Close(); err != nil {
		return nil, err
	}
	current, err := k.rebuild(req.Context())
	if err != nil {
		return nil, &rebuildError{err}
	}
	if err := k.encode(current); err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	body := k.body
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return req, nil
}

// rebuildError is a failure to read the data for a body. The read had its own retries.
type rebuildError struct{ error }

func (e *rebuildError) Unwrap() error { return e.error }

// attemptContext returns the context of an attempt. A read ends with the context of its caller. A write that has begun
// continues until its response, within the request time-out: if Terraform is interrupted during a create, the response
// still contains the id of the new identity.
func (k *call) attemptContext(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if k.isWrite() {
		return context.WithoutCancel(ctx), nil
	}
	return ctx, nil
}

// authorize adds the configured headers and the API key, if the request may carry them.
func (k *call) authorize(ctx context.Context, out *http.Request) error {
	if !k.atAdmin {
		return nil
	}
	for name, value := range k.client.headers {
		out.Header.Set(name, value)
	}
	if k.keyless {
		return nil
	}
	key := k.client.key
	if k.client.keyFile != "" {
		var err error
		if key, err = readKey(ctx, k.client.keyFile); err != nil {
			return err
		}
		k.secrets.add(key)
	}
	if key != "" {
		out.Header.Set("Authorization", "Bearer "+key)
	}
	return nil
}
