package acctest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"
)

// Match picks requests for a fault.
type Match func(*http.Request) bool

// On matches a method ("" for any) and the beginning of a path.
func On(method, pathPrefix string) Match {
	return func(r *http.Request) bool {
		return (method == "" || r.Method == method) && strings.HasPrefix(r.URL.Path, pathPrefix)
	}
}

// FailNext answers the next n matching requests in the server's place, which never sees them. A body that begins with
// "{" goes out as JSON, any other as the HTML that a gateway would send.
func (p *Proxy) FailNext(n int, match Match, status int, body string) {
	p.Intercept(next(n, match, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		contentType := "text/html; charset=utf-8"
		if strings.HasPrefix(body, "{") {
			contentType = "application/json"
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // fails only where the client has gone
	}))
}

// LoseAnswers lets the server carry out the next n matching requests and then drops the connection without an answer.
func (p *Proxy) LoseAnswers(n int, match Match) {
	p.Intercept(next(n, match, func(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // closes the connection
	}))
}

// LoseRequests drops the connection of the next n matching requests before the server has seen them.
func (p *Proxy) LoseRequests(n int, match Match) {
	p.Intercept(next(n, match, func(http.ResponseWriter, *http.Request, http.Handler) {
		panic(http.ErrAbortHandler)
	}))
}

// Delay holds every matching request back before the server sees it, or until its client gives up.
func (p *Proxy) Delay(match Match, delay time.Duration) {
	p.Intercept(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if match(r) {
			select {
			case <-time.After(delay):
			case <-r.Context().Done():
			}
		}
		return false
	})
}

// next intercepts the next n matching requests.
func next(n int, match Match, handle func(http.ResponseWriter, *http.Request, http.Handler)) Interceptor {
	var seen atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !match(r) || seen.Add(1) > int64(n) {
			return false
		}
		handle(w, r, forward)
		return true
	}
}
