package networksim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// kratos is a stand-in that answers every request with the name of its API, and counts the requests.
type kratos struct {
	*httptest.Server
	reached atomic.Int64
	hold    chan struct{} // if not nil, requests wait for it
}

func newKratos(t *testing.T, name string) *kratos {
	t.Helper()
	k := &kratos{}
	k.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.reached.Add(1)
		if k.hold != nil {
			<-k.hold
		}
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		body, _ := io.ReadAll(r.Body) // a broken request echoes the part that arrived
		fmt.Fprintf(w, `{"api":%q,"uri":%q,"body":%q}`, name, r.RequestURI, body)
	}))
	t.Cleanup(k.Close)
	return k
}

func start(t *testing.T, options networksim.Options) *networksim.Server {
	t.Helper()
	s, err := networksim.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// network returns the options of a project on Ory Network.
func network(admin, public *kratos, plan networksim.Plan) networksim.Options {
	options := networksim.Network(plan)
	options.Admin, options.Public = admin.URL, public.URL
	return options
}

// send makes a request with the token and returns the answer, or the error of sending the request or reading the
// answer.
func send(t *testing.T, method, url, body string) (status int, header http.Header, content string, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+networksim.Token)
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(read), err
}

func TestServer_bothAPIs(t *testing.T) {
	t.Parallel()
	admin, public := newKratos(t, "admin"), newKratos(t, "public")
	s := start(t, network(admin, public, networksim.Production))
	for path, want := range map[string]string{
		"/admin/identities?ids=1&ids=2": `{"api":"admin","uri":"/admin/identities?ids=1&ids=2","body":"hello"}`,
		"/admin/identities/a%2Fb":       `{"api":"admin","uri":"/admin/identities/a%2Fb","body":"hello"}`,
		"/schemas/cHJlc2V0":             `{"api":"public","uri":"/schemas/cHJlc2V0","body":"hello"}`,
		"/self-service/login/api":       `{"api":"public","uri":"/self-service/login/api","body":"hello"}`,
	} {
		status, header, content, err := send(t, http.MethodGet, s.URL()+path, "hello")
		if err != nil || status != http.StatusOK || content != want || header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s %v, want %s", path, status, content, err, want)
		}
	}
}

func TestServer_authorization(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	s := start(t, network(k, k, networksim.Production))
	for _, test := range []struct {
		path, authorization string
		want                int
	}{
		{"/admin/identities", "Bearer " + networksim.Token, http.StatusOK},
		{"/admin/identities", "Bearer wrong", http.StatusUnauthorized},
		{"/admin/identities", networksim.Token, http.StatusUnauthorized},
		{"/admin/identities", "", http.StatusUnauthorized},
		{"/schemas", "", http.StatusOK},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", test.authorization)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != test.want || err != nil {
			t.Errorf("%s with %q: %d, want %d", test.path, test.authorization, response.StatusCode, test.want)
		}
		if test.want == http.StatusUnauthorized && !strings.Contains(string(content), `"code":401,`) {
			t.Errorf("a refusal that isn't Kratos's: %s", content)
		}
	}
	if n := s.Counts().Answered(networksim.Unauthorized); n != 3 || k.reached.Load() != 2 {
		t.Errorf("%d counted as unauthorized, %d reached Kratos; want 3 and 2", n, k.reached.Load())
	}
}

func TestServer_limits(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	options := network(k, k, networksim.Plan{Writes: networksim.Limit{PerMinute: 3}})
	s := start(t, options)
	for i := range 5 {
		status, header, content, err := send(t, http.MethodDelete, fmt.Sprintf("%s/admin/identities/%d", s.URL(), i), "")
		want, remaining := http.StatusOK, fmt.Sprint(max(2-i, 0))
		if i >= 3 {
			want = http.StatusTooManyRequests
		}
		if err != nil || status != want || header.Get("X-Ratelimit-Limit") != "3, 3;w=60" ||
			header.Get("X-Ratelimit-Remaining") != remaining {
			t.Errorf("write %d: %d %v %v, want %d with %s remaining", i, status, header, err, want, remaining)
		}
		if reset := header.Get("X-Ratelimit-Reset"); len(reset) != 2 || reset < "50" {
			t.Errorf("write %d: reset %s, want most of a minute", i, reset)
		}
		if status == http.StatusTooManyRequests && !strings.Contains(content, `"code":429,`) {
			t.Errorf("a refusal that isn't Kratos's: %s", content)
		}
	}
	if status, header, _, err := send(t, http.MethodGet, s.URL()+"/admin/identities/1", ""); err != nil ||
		status != http.StatusOK ||
		header.Get("X-Ratelimit-Limit") != "" {
		t.Errorf("a read is without limits here: %d %v %v", status, header, err)
	}
	if n := s.Counts().Answered(networksim.RateLimited); n != 2 || k.reached.Load() != 4 {
		t.Errorf("%d refused, %d reached Kratos; want 2 and 4", n, k.reached.Load())
	}
}

// A request beyond the limit per second is refused without a body, with 0 as the time to wait.
func TestServer_limitPerSecond(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	s := start(t, network(k, k, networksim.Plan{Get: networksim.Limit{PerSecond: 1}}))
	for range 10 { // the first request may come at the end of a second
		status, header, content, err := send(t, http.MethodGet, s.URL()+"/admin/identities/1", "")
		if err != nil {
			t.Fatal(err)
		}
		if status == http.StatusTooManyRequests {
			if content != "" || header.Get("X-Ratelimit-Reset") != "0" || header.Get("Retry-After") != "" {
				t.Errorf("refused with %q and %v", content, header)
			}
			return
		}
	}
	t.Error("ten reads at once, and none was refused")
}

func TestServer_oneCreateInFlight(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	k.hold = make(chan struct{})
	s := start(t, network(k, k, networksim.Plan{}))
	held := []struct{ method, path string }{
		{
			http.MethodPost,
			"/admin/identities",
		}, {http.MethodPut, "/admin/identities/1"}, {http.MethodDelete, "/admin/identities/2"},
	}
	var group sync.WaitGroup
	for i, r := range held {
		group.Go(func() {
			if status, _, _, err := send(t, r.method, s.URL()+r.path, ""); err != nil || status != http.StatusOK {
				t.Errorf("%s %s: %d %v", r.method, r.path, status, err)
			}
		})
		for k.reached.Load() < int64(i+1) {
			time.Sleep(time.Millisecond)
		}
	}
	for _, r := range []struct{ method, path string }{
		{http.MethodPost, "/admin/identities"},
		{http.MethodPatch, "/admin/identities"},
		{http.MethodPatch, "/admin/identities/1"},
		{http.MethodPut, "/admin/identities/2"},
	} {
		if status, _, _, err := send(t, r.method, s.URL()+r.path, ""); err != nil || status != http.StatusTooManyRequests {
			t.Errorf("%s %s while another is in flight: %d %v", r.method, r.path, status, err)
		}
	}
	group.Go(func() { // reads and other identities aren't limited
		for _, r := range []struct{ method, path string }{{http.MethodGet, "/admin/identities/1"}, {http.MethodPatch, "/admin/identities/3"}} {
			if status, _, _, err := send(t, r.method, s.URL()+r.path, ""); err != nil || status != http.StatusOK {
				t.Errorf("%s %s: %d %v", r.method, r.path, status, err)
			}
		}
	})
	close(k.hold)
	group.Wait()
	if status, _, _, err := send(t, http.MethodPost, s.URL()+"/admin/identities", ""); err != nil ||
		status != http.StatusOK {
		t.Errorf("a create after the other: %d %v", status, err)
	}
	if n := s.Counts().Answered(networksim.AlreadyBusy); n != 4 {
		t.Errorf("%d refused, want 4", n)
	}
}

// Ten times faster, the latency is a tenth.
func TestServer_latency(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	for scale, latency := range map[float64]time.Duration{1: 60 * time.Millisecond, 10: 600 * time.Millisecond} {
		s := start(t, networksim.Options{Admin: k.URL, Public: k.URL, Latency: latency, Scale: scale})
		began := time.Now()
		if _, _, _, err := send(t, http.MethodGet, s.URL()+"/admin/identities", ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 60*time.Millisecond || took > 500*time.Millisecond {
			t.Errorf("scale %g: a request took %v, want 60 ms", scale, took)
		}
	}
}

func TestServer_counts(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	s := start(t, networksim.Options{Admin: k.URL, Public: k.URL})
	for _, r := range []struct{ method, path, body string }{
		{http.MethodPatch, "/admin/identities", `{"identities":[{},{},{}]}`},
		{http.MethodPatch, "/admin/identities", `{"identities":[{}]}`},
		{http.MethodPatch, "/admin/identities", `no JSON`},
		{http.MethodGet, "/admin/identities/1", ""},
		{http.MethodGet, "/schemas/x", ""},
	} {
		if _, _, _, err := send(t, r.method, s.URL()+r.path, r.body); err != nil {
			t.Fatal(err)
		}
	}
	const want = "batch: 3 of 4 items (3 x 200)\nget: 1 (1 x 200)\nschema: 1 (1 x 200)\n"
	counts := s.Counts()
	if got := counts.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if counts.Requests() != 5 || counts.Requests(networksim.Batch, networksim.Get) != 4 {
		t.Errorf("%d requests, %d of two kinds", counts.Requests(), counts.Requests(networksim.Batch, networksim.Get))
	}
	s.Reset()
	if n := s.Counts().Requests(); n != 0 || counts.Requests() != 5 {
		t.Errorf("after a reset: %d, and %d in the copy", n, counts.Requests())
	}
}

// Close doesn't wait for stalls.
func TestServer_closeEndsStalls(t *testing.T) {
	t.Parallel()
	k := newKratos(t, "kratos")
	s, err := networksim.Start(networksim.Options{
		Admin: k.URL, Public: k.URL, Faults: map[networksim.Fault]float64{networksim.Stall: 1}, Stall: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _, _, _ = send(t, http.MethodGet, s.URL()+"/admin/identities/1", "")
	}()
	for k.reached.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-done // with or without an answer: the request must end
}
