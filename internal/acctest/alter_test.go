package acctest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// newPeople is a server with one identity, and a list of two.
func newPeople(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/one", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"a","n":1}`) })
	mux.HandleFunc("/all", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `[{"id":"a"},{"id":"b"}]`) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, url string) (status int, header http.Header, body string, err error) {
	t.Helper()
	client := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(content), err
}

func TestProxy_alter(t *testing.T) {
	t.Parallel()
	url := newPeople(t)
	reverse := func(rows []any) []any { return []any{rows[1], rows[0]} }
	for name, test := range map[string]struct {
		path   string
		alter  []acctest.Alteration
		status int
		body   string
	}{
		"nothing":       {"/one", nil, 200, `{"id":"a","n":1}`},
		"status":        {"/one", []acctest.Alteration{acctest.WithStatus(503)}, 503, `{"id":"a","n":1}`},
		"body":          {"/one", []acctest.Alteration{acctest.WithBody("x")}, 200, "x"},
		"member":        {"/one", []acctest.Alteration{acctest.WithMember("id", "b")}, 200, `{"id":"b","n":1}`},
		"members":       {"/all", []acctest.Alteration{acctest.WithMember("id", "c")}, 200, `[{"id":"c"},{"id":"c"}]`},
		"no member":     {"/one", []acctest.Alteration{acctest.WithoutMember("id")}, 200, `{"n":1}`},
		"rows":          {"/all", []acctest.Alteration{acctest.WithRows(reverse)}, 200, `[{"id":"b"},{"id":"a"}]`},
		"text":          {"/one", []acctest.Alteration{acctest.WithText(strings.ToUpper)}, 200, `{"ID":"A","N":1}`},
		"another":       {"/one", []acctest.Alteration{acctest.WithBodyOf(url + "/all")}, 200, `[{"id":"a"},{"id":"b"}]`},
		"composed":      {"/one", []acctest.Alteration{acctest.WithMember("id", "b"), acctest.WithText(strings.ToUpper)}, 200, `{"ID":"B","N":1}`},
		"no JSON stays": {"/one", []acctest.Alteration{acctest.WithBody("x"), acctest.WithMember("id", "b")}, 200, "x"},
		"dripped":       {"/one", []acctest.Alteration{acctest.Dripped(time.Millisecond)}, 200, `{"id":"a","n":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, url)
			proxy.Alter(1, acctest.On("", test.path), test.alter...)
			status, _, body, err := get(t, proxy.URL()+test.path)
			if err != nil || status != test.status || body != test.body {
				t.Errorf("%d %s %v, want %d %s", status, body, err, test.status, test.body)
			}
			if _, _, body, err := get(t, proxy.URL()+"/one"); err != nil || body != `{"id":"a","n":1}` {
				t.Errorf("the request after: %s %v", body, err)
			}
		})
	}
}

// Each of these ends the answer before it is complete, or never ends it.
func TestProxy_alterSending(t *testing.T) {
	t.Parallel()
	url := newPeople(t)
	for name, alter := range map[string]acctest.Alteration{
		"lost": acctest.Lost(), "cut": acctest.CutShort(), "raw": acctest.Raw("hello"), "endless": acctest.Endless(),
		"dripped": acctest.Dripped(time.Second), "stalled": acctest.Stalled(time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, url)
			proxy.Alter(1, acctest.On("", "/"), alter)
			if _, _, body, err := get(t, proxy.URL()+"/one"); err == nil {
				t.Errorf("a complete answer: %.100s", body)
			}
		})
	}
}

func TestProxy_instead(t *testing.T) {
	t.Parallel()
	url, reached := newUpstream(t)
	proxy := acctest.NewProxy(t, url)
	proxy.Instead(1, acctest.On("", "/"), acctest.WithMember("id", "a"), acctest.WithHeader("X-Y", "z"))
	status, header, body, err := get(t, proxy.URL())
	if err != nil || status != 200 || body != `{"id":"a"}` || header.Get("X-Y") != "z" || reached.Load() != 0 {
		t.Errorf("%d %s %s %v, %d requests reached the server", status, header, body, err, reached.Load())
	}
	proxy.Instead(1, acctest.On("", "/"), acctest.WithPage(404))
	if status, header, _, _ := get(t, proxy.URL()); status != 404 || !strings.Contains(header.Get("Content-Type"), "html") {
		t.Errorf("%d %s", status, header)
	}
}
