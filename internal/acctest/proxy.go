package acctest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Request is one request that reached a Proxy, with any outcome.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Interceptor may answer a request in place of the server, or act before or after forwarding it. It returns false to
// pass the request to the next interceptor and finally to the server. The body of the request can be read again.
type Interceptor func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool

// Proxy forwards requests of the provider to a server, records every request, and fails selected requests.
type Proxy struct {
	server  *httptest.Server
	forward http.Handler

	mu           sync.Mutex
	requests     []Request
	interceptors []Interceptor
}

// NewProxy starts a proxy before target, for the length of one test.
func NewProxy(t *testing.T, target string) *Proxy {
	t.Helper()
	upstream, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{forward: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		// The default logs; a test that drops connections would print noise.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "proxy: "+err.Error(), http.StatusBadGateway)
		},
	}}
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p
}

// URL returns the address of the proxy.
func (p *Proxy) URL() string {
	return p.server.URL
}

// Intercept adds an interceptor. The first one added is called first.
func (p *Proxy) Intercept(interceptor Interceptor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interceptors = append(p.interceptors, interceptor)
}

// Requests returns all requests so far, in the order of their arrival.
func (p *Proxy) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Request(nil), p.requests...)
}

// Count is the number of requests so far with this method ("" for any) and a path that begins so.
func (p *Proxy) Count(method, pathPrefix string) int {
	count := 0
	for _, r := range p.Requests() {
		if (method == "" || r.Method == method) && strings.HasPrefix(r.Path, pathPrefix) {
			count++
		}
	}
	return count
}

// Reset forgets the requests and the interceptors.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests, p.interceptors = nil, nil
}

// ServeHTTP records, intercepts and forwards.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
	for _, intercept := range p.record(r, body) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		if intercept(w, r, p.forward) {
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.forward.ServeHTTP(w, r)
}

// record notes a request and returns the interceptors of this moment, so that none runs under the lock.
func (p *Proxy) record(r *http.Request, body []byte) []Interceptor {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body,
	})
	return append([]Interceptor(nil), p.interceptors...)
}
