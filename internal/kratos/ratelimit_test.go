package kratos

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// identityAt is the identity that a request is about.
func identityAt(req *http.Request) string {
	if id := path.Base(req.URL.Path); IsUUID(id) {
		return strings.ReplaceAll(identity, someID, id)
	}
	return identity
}

// metered is a transport that meters as Ory Network does, in fixed windows, and remembers when what came.
type metered struct {
	t      *testing.T
	second int // 0: it doesn't meter
	minute int
	takes  time.Duration

	mu       sync.Mutex
	start    time.Time
	sent     []time.Time
	paths    []string // of what was sent
	refused  int
	inFlight int
	most     int
}

func (m *metered) RoundTrip(req *http.Request) (*http.Response, error) {
	m.mu.Lock()
	now := time.Now()
	if m.start.IsZero() {
		m.start = now
	}
	inSecond, inMinute := 1, 1
	for _, at := range m.sent {
		if at.Sub(m.start)/time.Second == now.Sub(m.start)/time.Second {
			inSecond++
		}
		if at.Sub(m.start)/time.Minute == now.Sub(m.start)/time.Minute {
			inMinute++
		}
	}
	status, body := http.StatusOK, identityAt(req)
	nearest, remaining, reset := m.second, m.second-inSecond, 0
	if m.minute-inMinute < remaining {
		nearest, remaining = m.minute, m.minute-inMinute
		reset = int((time.Minute - now.Sub(m.start)%time.Minute) / time.Second)
	}
	if m.second > 0 && remaining < 0 {
		status, body = http.StatusTooManyRequests, ""
		m.refused++
	} else {
		m.sent, m.paths = append(m.sent, now), append(m.paths, req.URL.Path)
	}
	m.inFlight++
	m.most = max(m.most, m.inFlight)
	m.mu.Unlock()
	time.Sleep(m.takes)
	m.mu.Lock()
	m.inFlight--
	m.mu.Unlock()
	header := http.Header{}
	if m.second > 0 {
		header.Set("x-ratelimit-limit", fmt.Sprintf("%d, %d;w=1, %d;w=60", nearest, m.second, m.minute))
		header.Set("x-ratelimit-remaining", fmt.Sprint(max(remaining, 0)))
		header.Set("x-ratelimit-reset", fmt.Sprint(reset))
	}
	return &http.Response{
		StatusCode: status,
		Header:     header,
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    req,
	}, nil
}

// client is a client of the metered server, with waits of real length.
func (m *metered) client(options ...func(*Config)) *Client {
	cfg := Config{AdminURL: "http://127.0.0.1:1", MaxRetries: 8}
	for _, option := range options {
		option(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		m.t.Fatal(err)
	}
	c.transport = m
	return c
}

// gets makes n reads in ten lanes, as Terraform does, and returns how long they took.
func gets(t *testing.T, c *Client, n int) time.Duration {
	t.Helper()
	start := time.Now()
	work := make(chan struct{}, n)
	for range n {
		work <- struct{}{}
	}
	close(work)
	var lanes sync.WaitGroup
	for range 10 {
		lanes.Go(func() {
			for range work {
				if _, err := c.GetIdentity(t.Context(), someID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	lanes.Wait()
	return time.Since(start)
}

func TestRateLimiter_keepsAnnouncedLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &metered{t: t, second: 5, minute: 80, takes: 20 * time.Millisecond}
		took := gets(t, m.client(), 200)
		// Ten set out before the first answer taught anything: five of them are refused, and some may be once more.
		if m.refused > 10 {
			t.Errorf("%d requests were refused", m.refused)
		}
		if took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("200 requests at 80 a minute took %s", took)
		}
	})
}

// The server has counted 60 requests that this client knows nothing of: ten are left of the minute, which resets in 30
// s.
func TestRateLimiter_countsOtherClients(t *testing.T) {
	t.Parallel()
	l, now := newRateLimiter(0, false), time.Now()
	l.take(bucketGet, now)
	l.learn(bucketGet, limitHeader("80, 80;w=60", "10", "29"), http.StatusOK, now)
	for i := range 10 {
		if wait := l.take(bucketGet, now); wait != 0 {
			t.Fatalf("request %d of 10 has to wait %s", i+1, wait)
		}
	}
	if wait := l.take(bucketGet, now); wait != 30*time.Second {
		t.Errorf("the eleventh has to wait %s, expected 30 s", wait)
	}
	if wait := l.take(bucketList, now); wait != 0 {
		t.Errorf("another bucket has to wait %s", wait)
	}
}

// One request more or less is on the way, or has left our window and not yet the server's.
func TestRateLimiter_toleratesSmallDifferences(t *testing.T) {
	t.Parallel()
	l, now := newRateLimiter(0, false), time.Now()
	l.learn(bucketGet, limitHeader("80, 80;w=60", "75", "29"), http.StatusOK, now)
	if n := l.buckets[bucketGet][0].count; n != 1 {
		t.Errorf("%d requests are counted, expected the one that was answered", n)
	}
}

func TestRateLimiter_refusalClosesBucket(t *testing.T) {
	t.Parallel()
	l, now := newRateLimiter(0, false), time.Now()
	l.learn(bucketWrites, limitHeader("8, 8;w=1, 175;w=60", "0", "12"), http.StatusTooManyRequests, now)
	if wait := l.take(bucketWrites, now); wait != 13*time.Second {
		t.Errorf("waits %s, expected 13 s", wait)
	}
	if wait := l.take(bucketWrites, now.Add(13*time.Second)); wait != 0 {
		t.Errorf("waits %s after the reset", wait)
	}
	later := fmt.Sprint(now.Add(24 * time.Hour).Unix()) // by a clock that is wrong
	l.learn(bucketWrites, limitHeader("8, 8;w=1, 175;w=60", "0", later), http.StatusTooManyRequests, now)
	if wait := l.take(bucketWrites, now); wait != 61*time.Second {
		t.Errorf("waits %s, expected no more than the longest window", wait)
	}
}

// A large limit of which others have used nearly all costs no memory, and leaves the window as it came.
func TestRateLimiter_otherClientsOfLargeLimit(t *testing.T) {
	t.Parallel()
	l, now := newRateLimiter(0, false), time.Now()
	l.learn(bucketGet, limitHeader("1000000000, 1000000000;w=60", "1", "29"), http.StatusOK, now)
	w := l.buckets[bucketGet][0]
	if len(w.sent) > 2 || w.count != 999_999_999 {
		t.Errorf("%d bursts of %d requests", len(w.sent), w.count)
	}
	if wait := l.take(bucketGet, now); wait != 0 {
		t.Errorf("the last one waits %s", wait)
	}
	if wait := l.take(bucketGet, now); wait != 30*time.Second {
		t.Errorf("the next one waits %s, expected 30 s", wait)
	}
}

func limitHeader(limit, remaining, reset string) http.Header {
	header := http.Header{}
	header.Set("x-ratelimit-limit", limit)
	header.Set("x-ratelimit-remaining", remaining)
	header.Set("x-ratelimit-reset", reset)
	return header
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"10, 10;w=1, 300;w=60":  "10 [10/1s 300/1m0s]",
		"175,8;w=1,175;w=60":    "175 [8/1s 175/1m0s]",
		"8, 8;w=0.1, 175;w=6":   "8 [8/100ms 175/6s]",
		"100":                   "",
		"":                      "",
		"10, 10;window=1":       "",
		"10, 0;w=1":             "",
		"10, 10;w=-1":           "",
		"10, 10;w=Inf":          "",
		"10;w=60":               "",
		"ten, 10;w=1, 300;w=60": "",
	}
	for header, expected := range tests {
		nearest, windows := parseLimits(header)
		got := ""
		if windows != nil {
			var all []string
			for _, w := range windows {
				all = append(all, fmt.Sprintf("%d/%s", w.limit, w.length))
			}
			got = fmt.Sprintf("%d %v", nearest, all)
		}
		if got != expected {
			t.Errorf("%q: got %q, expected %q", header, got, expected)
		}
	}
}

func TestBucketOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path string
		expected     bucket
	}{
		{http.MethodPost, identitiesPath, bucketWrites},
		{http.MethodPatch, identityPath(someID), bucketWrites},
		{http.MethodDelete, identityPath(someID) + "/sessions", bucketWrites},
		{http.MethodGet, identityPath(someID), bucketGet},
		{http.MethodGet, identitiesPath, bucketList},
		{http.MethodGet, identitiesPath + "/by/external/x", bucketList},
		{http.MethodGet, identityPath(someID) + "/sessions", bucketList},
		{http.MethodGet, "/schemas", bucketList},
	}
	for _, test := range tests {
		if got := bucketOf(test.method, test.path); got != test.expected {
			t.Errorf("%s %s is in bucket %d, expected %d", test.method, test.path, got, test.expected)
		}
	}
}

// What a client knows of its server: whether requests are scarce, how far away it is, and whether anything may have
// changed there.
func TestClient_learnsFromResponses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer  http.Header
		status  int
		options []func(*Config)
		limited bool
	}{
		"self-hosted":            {status: 200},
		"Ory Network":            {status: 200, answer: limitHeader("5, 5;w=1", "4", "0"), limited: true},
		"a gateway that refuses": {status: 429, limited: true},
		"a limit of the configuration": {
			status:  200,
			options: []func(*Config){func(c *Config) { c.RequestsPerSecond = 5 }},
			limited: true,
		},
		"another limit of it": {
			status:  200,
			options: []func(*Config){func(c *Config) { c.MaxInFlight = 5 }},
			limited: true,
		},
		"a header that isn't Ory Network's": {status: 200, answer: http.Header{"X-Ratelimit-Limit": {"100"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := append(test.options, func(c *Config) { c.MaxRetries = 0 })
			c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), test.answer)
				time.Sleep(time.Millisecond)
				reply(t, w, test.status, row("a"))
			}, options...)
			if c.FastestAnswer() != 0 || c.HasWritten() {
				t.Errorf("before any request: %v, %v", c.FastestAnswer(), c.HasWritten())
			}
			_, err := c.GetIdentity(t.Context(), uuidOf("a"))
			if (err == nil) != (test.status == 200) || c.Limited() != test.limited || c.HasWritten() {
				t.Errorf("limited %v, written %v, error %v", c.Limited(), c.HasWritten(), err)
			}
			if c.FastestAnswer() != 0 {
				t.Errorf("one answer tells nothing: %v", c.FastestAnswer())
			}
			for range enoughAnswers {
				_, _ = c.GetIdentity(t.Context(), uuidOf("a"))
			}
			fastest := c.FastestAnswer()
			_, _ = c.CreateIdentity(t.Context(), CreateIdentityBody{})
			if fastest < time.Millisecond || c.FastestAnswer() > fastest || !c.HasWritten() {
				t.Errorf("fastest %v, then %v, written %v", fastest, c.FastestAnswer(), c.HasWritten())
			}
		})
	}
}
