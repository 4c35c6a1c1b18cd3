package kratos

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Client talks to one Kratos admin API. It is safe for concurrent use.
type Client struct {
	admin, public *url.URL
	key, keyFile  string
	headers       map[string]string
	userAgent     string
	retries       int
	timeout       time.Duration
	log           LogFunc
	transport     http.RoundTripper
	pace          pace
	limits        *limits
	inFlight      slots
	creating      slots
	gates         [buckets]slots // the first one of a bucket, which waits for it
	answers       atomic.Int64   // of the admin API
	fastest       atomic.Int64   // the shortest time that an exchange with the admin API took, as a time.Duration; 0 before the first
	writes        atomic.Int64   // requests sent that may have changed an identity
	skew          atomic.Int64   // how far the server's clock was ahead of ours at its last answer, as a time.Duration
}

// New checks the configuration and returns a client. It makes no request and reads no file. Every error is a [*ConfigError].
func New(cfg Config) (*Client, error) {
	admin, err := parseBase("admin_url", cfg.AdminURL)
	if err != nil {
		return nil, err
	}
	public := admin
	if cfg.PublicURL != "" {
		if public, err = parseBase("public_url", cfg.PublicURL); err != nil {
			return nil, err
		}
	}
	if err := checkCredentials(cfg, admin); err != nil {
		return nil, err
	}
	timeout := cfg.RequestTimeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &Client{
		admin:     admin,
		public:    public,
		key:       strings.TrimSpace(cfg.APIKey),
		keyFile:   cfg.APIKeyFile,
		headers:   maps.Clone(cfg.Headers),
		userAgent: cfg.UserAgent,
		retries:   max(cfg.MaxRetries, 0),
		timeout:   timeout,
		log:       cfg.Log,
		transport: newTransport(cfg),
		pace:      defaultPace(),
		limits:    newLimits(cfg.RequestsPerSecond, cfg.Network),
		inFlight:  newSlots(cfg.MaxInFlight),
		creating:  newSlots(1),
		gates:     [buckets]slots{newSlots(1), newSlots(1), newSlots(1)},
	}, nil
}

// newTransport differs from http.DefaultTransport where Terraform's parallelism and gateways want it: more idle connections
// to the one host, dropped before a gateway drops them, since a write on a connection that the other side has just closed
// can't be told from a lost answer.
func newTransport(cfg Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        100,
		MaxIdleConnsPerHost: 32,
		IdleConnTimeout:     30 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
	if cfg.TLS != nil {
		transport.TLSClientConfig = cfg.TLS.Clone()
	}
	return transport
}

// AdminURL is the base URL of the admin API without a trailing "/" or "/admin", for messages.
func (c *Client) AdminURL() string { return c.admin.String() }

// Now is the time by the server's clock, as far as its last answer told, for comparison with times that the server gives. Before
// any answer, and where the two clocks agree to the second, it is ours.
func (c *Client) Now() time.Time { return time.Now().Add(time.Duration(c.skew.Load())) }

// noteTime learns the server's clock from an answer.
func (c *Client) noteTime(header http.Header) {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		c.skew.Store(int64(skew(time.Now(), date)))
	}
}

// skew is how far a clock that shows this date is ahead of now, at least. A Date header has whole seconds, rounded down: all
// times of that second may be meant, and to take its first one would hold for a second what is due already.
func skew(now, date time.Time) time.Duration {
	if ahead := date.Sub(now); ahead > 0 {
		return ahead
	}
	return min(0, date.Add(time.Second).Sub(now))
}

// HasWritten says whether the client has sent anything that may have changed an identity.
func (c *Client) HasWritten() bool { return c.writes.Load() > 0 }

// enoughAnswers is after how many answers one of them is likely to have been quick: the first ones come of busy starts, new
// connections and large lists.
const enoughAnswers = 10

// FastestAnswer is the shortest time in which the admin API has answered anything, about what the way to the server and back
// takes; 0 before it has answered ten times.
func (c *Client) FastestAnswer() time.Duration {
	if c.answers.Load() < enoughAnswers {
		return 0
	}
	return time.Duration(c.fastest.Load())
}

// noteDuration learns how long an exchange took.
func (c *Client) noteDuration(took time.Duration) {
	defer c.answers.Add(1)
	for {
		fastest := c.fastest.Load()
		if fastest > 0 && time.Duration(fastest) <= took || c.fastest.CompareAndSwap(fastest, int64(max(took, 1))) {
			return
		}
	}
}

// request is what an operation asks for.
type request struct {
	method string
	path   string // escaped, below the base URL
	query  url.Values
	body   any // nil for none

	// rebuild makes the body of every attempt after the first, where it depends on what the server has.
	rebuild func(ctx context.Context) (any, error)

	items   int           // how many creates, or reads by id, the request stands for; 0 for other requests
	timeout time.Duration // of an attempt, where it needs more than the client's

	replay bool // may be sent again when an earlier attempt may have been carried out
	once   bool // one attempt is enough, and no long one
	limit  int  // of the answer's bytes; 0 for maxBody
	public bool // goes to the public API
	brief  bool // isn't worth waiting for a server that can't be reached
}

// answer is a success of the server, read to its end.
type answer struct {
	call   *call
	status int
	header http.Header
	body   []byte
}

// OneCreateAtATime says whether the server takes only one create, or one batch of creates, at a time: Ory Network does.
func (c *Client) OneCreateAtATime() bool { return c.limits.oneCreate() }

// Limited says whether requests are scarce: the server announces rate limits or has refused a request for its rate, or the
// configuration sets a limit.
func (c *Client) Limited() bool { return c.inFlight != nil || c.limits.limited() }

// do makes one logical request: all of its attempts, and its errors as [*Error].
func (c *Client) do(ctx context.Context, r request) (*answer, error) {
	k, err := c.newCall(r)
	if err != nil {
		return nil, err
	}
	var body any // an untyped nil, or retryablehttp would send an empty body
	if k.body != nil {
		body = k.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, k.url, body)
	if err != nil {
		return nil, k.failed(ctx, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	req.Header.Set("X-Request-Id", k.id)
	if k.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{Transport: k, CheckRedirect: followReads},
		RetryMax:   k.retries(),
		CheckRetry: k.check,
		Backoff: func(_, _ time.Duration, attempt int, resp *http.Response) time.Duration {
			return k.wait(ctx, attempt, resp)
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler, // the default one drops the answer that it gave up on
	}
	resp, err := retrying.Do(req)
	return k.finish(ctx, resp, err)
}

// retries is how many attempts there may be after the first.
func (k *call) retries() int {
	if k.once {
		return 0
	}
	return k.client.retries
}

// newCall encodes the body and settles what stays the same over all attempts.
func (c *Client) newCall(r request) (*call, error) {
	base := c.admin
	if r.public {
		base = c.public
	}
	k := &call{client: c, request: r, id: newRequestID(), url: base.String() + r.path}
	if len(r.query) > 0 {
		k.url += "?" + r.query.Encode()
	}
	for _, value := range c.headers {
		k.secrets.addHeader(value)
	}
	k.secrets.add(c.key)
	if r.body == nil {
		return k, nil
	}
	return k, k.encode(r.body)
}

// encode sets the body.
func (k *call) encode(body any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // SQLite keeps the text as it was sent
	if err := enc.Encode(body); err != nil {
		return fmt.Errorf("encoding the body of %s %s: %w", k.method, k.path, err)
	}
	k.body = bytes.TrimSpace(buf.Bytes())
	k.secrets.addFromBody(k.body)
	return nil
}

// newRequestID is a random UUID (version 4).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process rather than return an error
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
