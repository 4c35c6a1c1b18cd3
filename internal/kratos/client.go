package kratos

import (
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
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
	proxy         func(*http.Request) (*url.URL, error)
	backoff       backoff
	limits        *rateLimiter
	memory        *memory
	clock         clock
	inFlight      semaphore
	creating      semaphore
	gates         [buckets]semaphore // by rate limit: the request that waits for the limit holds it
	answers       atomic.Int64       // number of responses of the admin API
	fastest       atomic.Int64       // duration of the shortest exchange with the admin API; 0 for none
	writes        atomic.Int64       // number of requests that may have changed an identity
	seenKratos    atomic.Bool        // the admin API has sent a response in the JSON of Kratos
	down          atomic.Int64       // start of the first failed dial after the last connection, in ns; 0 for none
}

// New checks the configuration and returns a client. It makes no request and reads no file. Every error is a
// [*ConfigError].
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
	c := &Client{
		admin:     admin,
		public:    public,
		key:       strings.TrimSpace(cfg.APIKey),
		keyFile:   cfg.APIKeyFile,
		headers:   maps.Clone(cfg.Headers),
		userAgent: cfg.UserAgent,
		retries:   max(cfg.MaxRetries, 0),
		timeout:   timeout,
		log:       cfg.Log,
		proxy:     http.ProxyFromEnvironment,
		backoff:   defaultBackoff(),
		limits:    newRateLimiter(cfg.RequestsPerSecond, cfg.Network),
		memory:    newMemory(),
		inFlight:  newSemaphore(cfg.MaxInFlight),
		creating:  newSemaphore(1),
		gates:     [buckets]semaphore{newSemaphore(1), newSemaphore(1), newSemaphore(1)},
	}
	c.transport = c.newTransport(cfg)
	return c, nil
}

// newTransport differs from http.DefaultTransport in two ways. It keeps more idle connections to the host, because
// Terraform sends requests in parallel. It drops idle connections before a gateway drops them: a write on a connection
// that the other side has just closed looks like a lost response.
func (c *Client) newTransport(cfg Config) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy:                  c.proxyOf,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
	if cfg.TLS != nil {
		transport.TLSClientConfig = cfg.TLS.Clone()
	}
	return transport
}

// AdminURL returns the base URL of the admin API without a trailing "/" or "/admin", for messages.
func (c *Client) AdminURL() string { return c.admin.String() }

// PublicURL returns the configured base URL of the public API, "" if none is configured.
func (c *Client) PublicURL() string {
	if c.public == c.admin {
		return ""
	}
	return c.public.String()
}

// HasWritten reports whether the client has sent a request that may have changed an identity.
func (c *Client) HasWritten() bool { return c.writes.Load() > 0 }

// Answers returns the number of responses of the admin API.
func (c *Client) Answers() int64 { return c.answers.Load() }

// enoughAnswers is the number of responses after which one response was probably quick. The first responses are slow,
// because of new connections and large lists.
const enoughAnswers = 10

// FastestAnswer returns the shortest time of an exchange with the admin API, which is about the time of a round trip.
// It returns 0 before the tenth response.
func (c *Client) FastestAnswer() time.Duration {
	if c.answers.Load() < enoughAnswers {
		return 0
	}
	return time.Duration(c.fastest.Load())
}

// noteDuration records the duration of an exchange.
func (c *Client) noteDuration(took time.Duration) {
	defer c.answers.Add(1)
	for {
		fastest := c.fastest.Load()
		known := fastest > 0 && time.Duration(fastest) <= took
		if known || c.fastest.CompareAndSwap(fastest, int64(max(took, 1))) {
			return
		}
	}
}

// OneCreateAtATime reports whether the server accepts only one create, or one batch of creates, at a time, as Ory
// Network does.
func (c *Client) OneCreateAtATime() bool { return c.limits.oneCreate() }

// Limited reports whether requests are limited: the server announces rate limits, the server has refused a request
// because of its rate, or the configuration sets a limit.
func (c *Client) Limited() bool { return c.inFlight != nil || c.limits.limited() }
