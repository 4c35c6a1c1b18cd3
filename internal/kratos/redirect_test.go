package kratos

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

func secretive(cfg *Config) {
	cfg.APIKey = "key-secret"
	cfg.Headers = map[string]string{"X-Gateway": "gateway-secret", "Cookie": "cookie-secret"}
}

// credentialsIn names the credentials that a request carries.
func credentialsIn(r *http.Request) string {
	var found []string
	for _, name := range []string{"Authorization", "X-Gateway", "Cookie", "Referer"} {
		if r.Header.Get(name) != "" {
			found = append(found, name)
		}
	}
	return strings.Join(found, " ")
}

func TestClient_redirectWithoutCredentials(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		var seen atomic.Value
		public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen.Store(credentialsIn(r) + "|" + r.Header.Get("Accept") + "|" + r.URL.Path)
			reply(t, w, 200, `{"type":"object"}`)
		}))
		t.Cleanup(public.Close)
		c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, public.URL+r.URL.Path, status)
		}, secretive)
		schema, err := c.GetIdentitySchema(t.Context(), "default")
		if err != nil || string(schema) != `{"type":"object"}` {
			t.Fatalf("%d: %s %v", status, schema, err)
		}
		if got := credentialsIn(rec.requests[0]); got != "Authorization X-Gateway Cookie" {
			t.Errorf("%d: the admin API got %q", status, got)
		}
		if got := seen.Load(); got != "|application/json|/schemas/ZGVmYXVsdA" {
			t.Errorf("%d: the other host got %q", status, got)
		}
	}
}

func TestClient_redirectAtSameOrigin(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/schemas") { // as v1.3 does
			http.Redirect(w, r, "/admin"+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		reply(t, w, 200, `{}`)
	}, secretive)
	if _, err := c.GetIdentitySchema(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if got := credentialsIn(rec.requests[1]); got != "Authorization X-Gateway Cookie" {
		t.Errorf("%q", got)
	}
	if attempts := rec.logged(LevelDebug); attempts[1].fields["attempt"] != 1 {
		t.Errorf("a redirect counts as an attempt: %v", attempts[1].fields)
	}
}

func TestClient_redirectBack(t *testing.T) {
	t.Parallel()
	var home atomic.Value
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, _ := home.Load().(string)
		http.Redirect(w, r, address+"/chosen", http.StatusFound)
	}))
	t.Cleanup(away.Close)
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/chosen" {
			reply(t, w, 200, `{}`)
			return
		}
		http.Redirect(w, r, away.URL, http.StatusFound)
	}, secretive)
	home.Store(c.AdminURL())
	if _, err := c.GetIdentitySchema(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if got := credentialsIn(rec.requests[1]); got != "" {
		t.Errorf("%q", got)
	}
}

func TestClient_redirectLoop(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) })
	_, err := c.GetIdentity(t.Context(), someID)
	if e := asError(t, err); e.StatusCode != 302 || rec.count() != maxHops+1 || sentinels(err) != "NotKratos" {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}

func TestClient_redirectOfWrite(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, op := range operations() {
			if op.name == "get" {
				continue
			}
			c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://other.example:8443/admin/identities?token=in-the-query")
				w.WriteHeader(status)
			})
			err := op.run(t.Context(), c)
			e := asError(t, err)
			if e.StatusCode != status || rec.count() != 1 || sentinels(err) != "NotKratos OutcomeUnknown" {
				t.Errorf("%s %d: %d requests, %v", op.name, status, rec.count(), err)
			}
			if !strings.Contains(err.Error(), "https://other.example:8443, ") ||
				!strings.Contains(err.Error(), "set admin_url") {
				t.Error(err)
			}
			if strings.Contains(err.Error(), "in-the-query") {
				t.Errorf("more than the host: %v", err)
			}
		}
	}
}

// A redirect of a write proves that nothing was written where reads are redirected too: the admin URL is wrong. A
// redirect in the place of Kratos' response proves nothing.
func TestClient_redirectOfFirstWrite(t *testing.T) {
	t.Parallel()
	away := httptest.NewServer(always(t, 200, "[]"))
	t.Cleanup(away.Close)
	for _, tc := range []struct {
		reads bool // are redirected
		kinds string
	}{{true, "NotKratos"}, {false, "NotKratos OutcomeUnknown"}} {
		c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && !tc.reads {
				reply(t, w, 200, "[]")
				return
			}
			http.Redirect(w, r, away.URL+r.URL.Path, http.StatusPermanentRedirect)
		})
		c.seenKratos.Store(false)
		_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{})
		if sentinels(err) != tc.kinds || rec.count() != 2 || !strings.Contains(err.Error(), "a redirect to "+away.URL) {
			t.Errorf("%q by %d requests: %v", sentinels(err), rec.count(), err)
		}
	}
}

func TestClient_publicURLWithoutCredentials(t *testing.T) {
	t.Parallel()
	var seen atomic.Value
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Store(credentialsIn(r))
		reply(t, w, 200, `{}`)
	}))
	t.Cleanup(public.Close)
	c, rec := serve(t, always(t, 500, ""), secretive, func(cfg *Config) { cfg.PublicURL = public.URL + "/" })
	if _, err := c.GetIdentitySchema(t.Context(), "x"); err != nil || rec.count() != 0 || seen.Load() != "" {
		t.Errorf("%v, %d requests to the admin API, %q", err, rec.count(), seen.Load())
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{"https://x.io", "https://X.io:443/path", true},
		{"http://x.io", "http://x.io:80", true},
		{"https://x.io", "http://x.io", false},
		{"https://x.io:8443", "http://x.io:8443", false},
		{"https://x.io", "https://a.x.io", false},
		{"http://x.io:1", "http://x.io:2", false},
	} {
		a, errA := url.Parse(tc.a)
		b, errB := url.Parse(tc.b)
		if errA != nil || errB != nil || (origin(a) == origin(b)) != tc.same {
			t.Errorf("%s and %s: want same %t", tc.a, tc.b, tc.same)
		}
	}
}
