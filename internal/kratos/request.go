package kratos

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// request describes the request of an operation.
type request struct {
	method string
	path   string // escaped, below the base URL
	query  url.Values
	body   any // nil for none

	// rebuild builds the body of every attempt after the first, if the body depends on the server's data.
	rebuild func(ctx context.Context) (any, error)

	items   int           // number of creates, or of reads by id, in the request; 0 for other requests
	timeout time.Duration // of an attempt, if it needs more than the time-out of the client

	replay bool        // may be sent again although an earlier attempt may have been carried out
	once   bool        // only one short attempt
	limit  int         // of the response's bytes; 0 for MaxResponseBytes
	public bool        // goes to the public API
	base   *url.URL    // of the public API, if the server has sent it; nil for that of the client
	header http.Header // added to those that every request has
	brief  bool        // does not wait long for an unreachable server
	hidden bool        // the whole response is secret: no log shows it

	// keyless sends no API key, because the public API would interpret it as the token of a session.
	keyless bool
}

// call is one logical request: the data that all attempts share, and the results of the attempts. Only one goroutine
// uses it.
type call struct {
	client *Client
	request
	id      string
	url     string
	body    []byte
	secrets secrets
	started time.Time

	attempt       int
	sent          atomic.Bool   // the last exchange had a connection: the server may have seen it; net/http sets it
	received      received      // the response of the last exchange
	wait          time.Duration // wait before the next attempt
	doubts        int           // number of failures that may be permanent
	unknown       bool          // a write may have been carried out, and no later response shows the outcome
	limited       bool          // a response was a 429 that isn't from Kratos: see judgeResponse
	foreignServer bool          // the server at the admin URL isn't Kratos
	began         time.Time     // start of the last exchange
	atAdmin       bool          // the last exchange was with the admin API, not with the target of a redirect
	hopeless      error         // a 429 asks for a wait that can't end before the deadline
}

func (k *call) isWrite() bool { return k.method != http.MethodGet && k.method != http.MethodHead }

// mayRepeat reports whether the request may be sent once more although it may have been carried out.
func (k *call) mayRepeat() bool { return !k.isWrite() || k.replay }

// maxRetries returns the maximum number of attempts after the first.
func (k *call) maxRetries() int {
	if k.once {
		return 0
	}
	return k.client.retries
}

// do makes one logical request with all its attempts, and returns errors as [*Error]. decode, if it isn't nil, reads
// the response. The response counts in the memory limit until decode returns.
func (c *Client) do(ctx context.Context, r request, decode func(*response) error) error {
	k, err := c.newCall(r)
	if err != nil {
		return err
	}
	defer func() { k.received.free() }()
	var body any // an untyped nil, or retryablehttp would send an empty body
	if k.body != nil {
		body = k.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, k.url, body)
	if err != nil {
		return k.failed(ctx, err)
	}
	maps.Copy(req.Header, r.header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	req.Header.Set("X-Request-Id", k.id)
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	retrying := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: k, CheckRedirect: followReads},
		RetryMax:     k.maxRetries(),
		CheckRetry:   k.check,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return k.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler, // the default handler drops the last response
	}
	resp, err := retrying.Do(req)
	res, err := k.finish(ctx, resp, err)
	if err != nil || decode == nil {
		return err
	}
	return decode(res)
}

// newCall encodes the body and sets the data that all attempts share.
func (c *Client) newCall(r request) (*call, error) {
	base := c.admin
	switch {
	case r.base != nil:
		base = r.base
	case r.public:
		base = c.public
	}
	k := &call{client: c, request: r, id: NewUUID(), url: base.String() + r.path, started: time.Now()}
	k.received.free = func() {}
	if len(r.query) > 0 {
		k.url += "?" + r.query.Encode()
	}
	for _, value := range c.headers {
		k.secrets.addHeader(value)
	}
	k.secrets.add(c.key)
	c.addProxySecrets(k.url, &k.secrets)
	if r.body == nil {
		return k, nil
	}
	return k, k.encode(r.body)
}

// encode sets the body.
func (k *call) encode(body any) error {
	encoded, err := EncodeJSON(body)
	if err != nil {
		return fmt.Errorf("encoding the body of %s %s: %w", k.method, k.path, err)
	}
	k.body = encoded
	k.secrets.addFromBody(encoded)
	return nil
}

// NewUUID returns a random UUID (version 4).
func NewUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process rather than return an error
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
