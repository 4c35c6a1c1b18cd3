package acctest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// newUpstream echoes bodies and counts what reaches it.
func newUpstream(t *testing.T) (url string, reached *atomic.Int64) {
	t.Helper()
	reached = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a broken request echoes what came
		reached.Add(1)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL, reached
}

// post sends a body on a connection of its own and returns the answer, or the error.
func post(t *testing.T, url, body string) (status int, answer string, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, string(content), err
}

func TestProxy_forwardAndRecord(t *testing.T) {
	t.Parallel()
	url, _ := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	status, answer, err := post(t, proxy.URL()+"/admin/identities?page_size=5", "hello")
	if err != nil || status != http.StatusCreated || answer != "hello" {
		t.Fatalf("got %d %q %v, want 201 and the echo", status, answer, err)
	}
	request := proxy.Requests()[0]
	if request.Method != http.MethodPost || request.Path != "/admin/identities" ||
		request.Query.Get("page_size") != "5" || string(request.Body) != "hello" {
		t.Errorf("recorded %+v", request)
	}
	for _, count := range []struct {
		method, prefix string
		want           int
	}{{"POST", "/admin", 1}, {"", "/admin", 1}, {"GET", "/admin", 0}, {"POST", "/public", 0}} {
		if got := proxy.Count(count.method, count.prefix); got != count.want {
			t.Errorf("Count(%q, %q) = %d, want %d", count.method, count.prefix, got, count.want)
		}
	}
}

func TestProxy_failNext(t *testing.T) {
	t.Parallel()
	url, reached := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.FailNext(2, acctest.On(http.MethodPost, "/admin"), http.StatusServiceUnavailable, `{"error":{}}`)
	want := []int{http.StatusServiceUnavailable, http.StatusServiceUnavailable, http.StatusCreated}
	for i, want := range want {
		if status, _, err := post(t, proxy.URL()+"/admin", ""); err != nil || status != want {
			t.Errorf("request %d: %d %v, want %d", i, status, err, want)
		}
	}
	if status, _, err := post(t, proxy.URL()+"/other", ""); err != nil || status != http.StatusCreated {
		t.Errorf("a request that doesn't match: %d %v, want 201", status, err)
	}
	if reached.Load() != 2 {
		t.Errorf("%d requests reached the server, want 2", reached.Load())
	}
}

func TestProxy_loseAnswers(t *testing.T) {
	t.Parallel()
	url, reached := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.LoseAnswers(1, acctest.On("", "/"))
	if status, _, err := post(t, proxy.URL(), "x"); err == nil {
		t.Errorf("got status %d, want a broken connection", status)
	}
	if reached.Load() != 1 {
		t.Errorf("%d requests reached the server, want 1", reached.Load())
	}
}

func TestProxy_loseRequests(t *testing.T) {
	t.Parallel()
	url, reached := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.LoseRequests(1, acctest.On("", "/"))
	if status, _, err := post(t, proxy.URL(), "x"); err == nil {
		t.Errorf("got status %d, want a broken connection", status)
	}
	if reached.Load() != 0 || proxy.Count("", "/") != 1 {
		t.Errorf("%d reached the server, %d recorded; want 0 and 1", reached.Load(), proxy.Count("", "/"))
	}
}

func TestProxy_delay(t *testing.T) {
	t.Parallel()
	url, reached := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.Delay(acctest.On("", "/slow"), time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, proxy.URL()+"/slow", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
		t.Errorf("got status %d before the delay was over", response.StatusCode)
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests reached the server, want 0", reached.Load())
	}
}

func TestProxy_interceptAndReset(t *testing.T) {
	t.Parallel()
	url, _ := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		_, _ = io.ReadAll(r.Body) // reading it here must not take it from the next
		return false
	})
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		w.Header().Set("X-Second", "yes")
		forward.ServeHTTP(w, r)
		return true
	})
	if status, answer, err := post(t, proxy.URL(), "body"); err != nil || status != http.StatusCreated ||
		answer != "body" {
		t.Errorf("got %d %q %v, want 201 and the echo", status, answer, err)
	}
	proxy.FailNext(1, acctest.On("", "/"), http.StatusTeapot, "")
	proxy.Reset()
	if status, _, err := post(t, proxy.URL(), ""); err != nil || status != http.StatusCreated ||
		proxy.Count("", "/") != 1 {
		t.Errorf("after Reset: %d %v, %d recorded; want 201 and 1", status, err, proxy.Count("", "/"))
	}
}

func TestProxy_concurrent(t *testing.T) {
	t.Parallel()
	url, _ := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.FailNext(5, acctest.On("", "/"), http.StatusTooManyRequests, "")
	var failed atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if status, _, err := post(t, proxy.URL(), "x"); err == nil && status == http.StatusTooManyRequests {
				failed.Add(1)
			}
		})
	}
	group.Wait()
	if failed.Load() != 5 || proxy.Count("", "/") != 20 {
		t.Errorf("%d failed, %d recorded; want 5 and 20", failed.Load(), proxy.Count("", "/"))
	}
}
