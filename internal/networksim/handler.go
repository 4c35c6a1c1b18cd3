package networksim

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// upstreamTimeout is longer than any request takes in Kratos.
const upstreamTimeout = 3 * time.Minute

// answer is the answer to a request before a fault cuts it short.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ServeHTTP applies limits and faults to a request, and forwards it to Kratos.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handling.RLock()
	defer s.handling.RUnlock()
	body, err := io.ReadAll(r.Body)
	if err != nil || s.closed() {
		panic(http.ErrAbortHandler) // the client has disconnected, or the simulator disconnects it
	}
	kind := kindOf(r.Method, r.URL.Path)
	items := 0
	if kind == Batch {
		items = batchItems(body)
	}
	s.pause(r.Context(), time.Duration(float64(s.options.Latency)/s.options.Scale))
	limits := http.Header{}
	a, as := s.refuse(r, kind, limits)
	fault := Fault("")
	if a == nil {
		a, fault = s.pass(r, kind, body)
		as = string(fault)
	}
	if as == "" {
		as = strconv.Itoa(a.status)
	}
	// The request is counted before its answer is sent, so that a client with the answer finds the request counted.
	s.count(kind, items, as)
	for name, values := range limits {
		if _, set := a.header[name]; !set {
			a.header[name] = values
		}
	}
	s.send(w, a, fault)
}

// refuse returns the answer to a request that must not reach Kratos, or nil. It adds the headers of the limits to
// limits.
func (s *Server) refuse(r *http.Request, kind Kind, limits http.Header) (a *answer, as string) {
	if !s.authorized(r) {
		return kratosError(
			http.StatusUnauthorized,
			"The request could not be authorized",
			"The API key is missing or wrong.",
		), Unauthorized
	}
	if !s.meter.take(kind.bucket(), limits) {
		return tooMany(limits.Get("X-Ratelimit-Reset")), RateLimited
	}
	return nil, ""
}

// authorized reports whether the request may use the admin API. The public API needs no token.
func (s *Server) authorized(r *http.Request) bool {
	if s.options.Token == "" || !strings.HasPrefix(r.URL.Path, adminPrefix) {
		return true
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.options.Token)) == 1
}

// pass draws the request's fault and forwards the request to Kratos, unless the fault prevents that.
func (s *Server) pass(r *http.Request, kind Kind, body []byte) (*answer, Fault) {
	release, free := s.occupy(kind.exclusive(r.URL.Path))
	if !free {
		return tooMany("0"), AlreadyBusy
	}
	defer release()
	fault := s.nextFault(kind)
	if !fault.afterCommit() {
		return instead(fault), fault
	}
	a := s.forward(r, body)
	if fault == Stall {
		s.pause(r.Context(), s.options.Stall)
	}
	return a, fault
}

// occupy reserves a name that only one request may use at a time, until release is called.
func (s *Server) occupy(what string) (release func(), free bool) {
	if what == "" || !s.options.OneInFlight {
		return func() {}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[what] {
		return nil, false
	}
	s.busy[what] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.busy, what)
	}, true
}

// nextFault returns the fault of a request that is about to be passed on.
func (s *Server) nextFault(kind Kind) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.burst) {
		return Burst
	}
	fault := draw(s.options.Seed, s.options.Faults, kind, s.drawn[kind])
	s.drawn[kind]++
	if fault == Burst {
		s.burst = time.Now().Add(s.options.Burst)
	}
	return fault
}

// forward sends the request to Kratos, and waits for the answer even if the client disconnects: a server that has begun
// doesn't stop.
func (s *Server) forward(r *http.Request, body []byte) *answer {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), upstreamTimeout)
	defer cancel()
	base := s.public
	if strings.HasPrefix(r.URL.Path, adminPrefix) {
		base = s.admin
	}
	out := r.Clone(ctx)
	out.URL = &url.URL{
		Scheme:   base.Scheme,
		Host:     base.Host,
		Path:     r.URL.Path,
		RawPath:  r.URL.RawPath,
		RawQuery: r.URL.RawQuery,
	}
	out.Host, out.RequestURI, out.TransferEncoding = base.Host, "", nil
	out.Body, out.ContentLength = http.NoBody, int64(len(body))
	if len(body) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(body))
	}
	for _, name := range []string{"Accept-Encoding", "Authorization", "Connection"} {
		out.Header.Del(name)
	}
	response, err := s.upstream.RoundTrip(out)
	if err != nil {
		return gatewayError(http.StatusBadGateway)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return gatewayError(http.StatusBadGateway)
	}
	header := response.Header.Clone()
	for _, name := range []string{"Connection", "Content-Length", "Transfer-Encoding"} {
		header.Del(name)
	}
	return &answer{status: response.StatusCode, header: header, body: content}
}

// batchItems returns the number of identities in a batch.
func batchItems(body []byte) int {
	var batch struct {
		Identities []json.RawMessage `json:"identities"`
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		return 0 // Kratos reports what is wrong with the body
	}
	return len(batch.Identities)
}
