package kratos

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNew_normalisesAdminURL(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"http://127.0.0.1:4434":           "http://127.0.0.1:4434",
		"http://127.0.0.1:4434/":          "http://127.0.0.1:4434",
		"http://127.0.0.1:4434/admin":     "http://127.0.0.1:4434",
		"http://127.0.0.1:4434/admin//":   "http://127.0.0.1:4434",
		"HTTPS://Kratos.Example.ORG/":     "https://kratos.example.org",
		"https://x.io/kratos":             "https://x.io/kratos",
		"https://x.io/kratos/admin/":      "https://x.io/kratos",
		"https://x.io/my-admin":           "https://x.io/my-admin",
		"https://x.io/a%2Fb/admin":        "https://x.io/a%2Fb",
		"http://[::1]:4434/admin":         "http://[::1]:4434",
		"https://slug.projects.x.com:443": "https://slug.projects.x.com:443",
	} {
		c, err := New(Config{AdminURL: raw})
		if err != nil || c.AdminURL() != want {
			t.Errorf("%s: %v, want %s, %v", raw, c, want, err)
		}
	}
}

func TestNew_refuses(t *testing.T) {
	t.Parallel()
	const secret = "hunter22"
	const ok = "https://x.io"
	for _, tc := range []struct {
		name     string
		cfg      Config
		argument string
	}{
		{"empty", Config{}, "admin_url"},
		{"relative", Config{AdminURL: "x.io/kratos"}, "admin_url"},
		{"no scheme", Config{AdminURL: "//x.io"}, "admin_url"},
		{"host and port only", Config{AdminURL: "localhost:4434"}, "admin_url"},
		{"other scheme", Config{AdminURL: "ftp://x.io"}, "admin_url"},
		{"no host", Config{AdminURL: "http://:4434"}, "admin_url"},
		{"port", Config{AdminURL: "http://x.io:99999"}, "admin_url"},
		{"unparsable", Config{AdminURL: "http://u:" + secret + " x@x.io"}, "admin_url"},
		{"userinfo", Config{AdminURL: "https://u:" + secret + "@x.io"}, "admin_url"},
		{"query", Config{AdminURL: "https://x.io?token=" + secret}, "admin_url"},
		{"bare query", Config{AdminURL: "https://x.io?"}, "admin_url"},
		{"fragment", Config{AdminURL: "https://x.io#" + secret}, "admin_url"},
		{"bare fragment", Config{AdminURL: "https://x.io#"}, "admin_url"},
		{"public", Config{AdminURL: ok, PublicURL: "x.io"}, "public_url"},
		{"key", Config{AdminURL: ok, APIKey: secret + "\nx"}, "api_key"},
		{"blank key", Config{AdminURL: ok, APIKey: " "}, "api_key"},
		{"two keys", Config{AdminURL: ok, APIKey: secret, APIKeyFile: "/x"}, "api_key_file"},
		{"header name", Config{AdminURL: ok, Headers: map[string]string{"X: " + secret: "1"}}, "headers"},
		{"empty header name", Config{AdminURL: ok, Headers: map[string]string{"": "1"}}, "headers"},
		{"header value", Config{AdminURL: ok, Headers: map[string]string{"X-A": secret + "\r\nX-B: 1"}}, "headers"},
		{"own header", Config{AdminURL: ok, Headers: map[string]string{"content-type": secret}}, "headers"},
		{"header twice", Config{AdminURL: ok, Headers: map[string]string{"X-A": secret, "x-a": "2"}}, "headers"},
		{"two authorizations", Config{AdminURL: ok, APIKey: secret, Headers: map[string]string{"authorization": "x"}}, "headers"},
		{
			"authorization and file",
			Config{AdminURL: ok, APIKeyFile: "/x", Headers: map[string]string{"Authorization": "x"}},
			"headers",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(tc.cfg)
			var e *ConfigError
			if !errors.As(err, &e) || e.Argument != tc.argument || e.Reason == "" {
				t.Fatalf("%v, want an error on %s", err, tc.argument)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows the value: %v", err)
			}
		})
	}
}

func TestNew_plaintextHTTP(t *testing.T) {
	t.Parallel()
	withKey := func(c *Config) { c.APIKey = "key" }
	withFile := func(c *Config) { c.APIKeyFile = "/x" }
	withHeader := func(c *Config) { c.Headers = map[string]string{"X-A": "1"} }
	allowed := func(c *Config) { c.APIKey = "key"; c.AllowPlaintextHTTP = true }
	none := func(*Config) {}
	for _, tc := range []struct {
		url    string
		option func(*Config)
		ok     bool
	}{
		{"http://10.0.0.1", withKey, false},
		{"http://10.0.0.1", withFile, false},
		{"http://kratos", withHeader, false},
		{"http://[2001:db8::1]:4434", withKey, false},
		{"http://127.evil.example", withKey, false},
		{"http://localhost.evil.example", withKey, false},
		{"http://2130706433", withKey, false},
		{"http://0.0.0.0", withKey, false},
		{"http://10.0.0.1", none, true},
		{"http://10.0.0.1", allowed, true},
		{"https://10.0.0.1", withKey, true},
		{"http://localhost:4434", withKey, true},
		{"http://LOCALHOST.", withHeader, true},
		{"http://127.0.0.1:4434", withKey, true},
		{"http://127.8.9.10", withFile, true},
		{"http://[::1]:4434", withKey, true},
		{"http://[::ffff:127.0.0.1]", withKey, true},
	} {
		cfg := Config{AdminURL: tc.url}
		tc.option(&cfg)
		_, err := New(cfg)
		var e *ConfigError
		if errors.As(err, &e) == tc.ok || e != nil && e.Argument != "allow_plaintext_http" {
			t.Errorf("%s: %v, want ok %t", tc.url, err, tc.ok)
		}
	}
}

func TestClient_readsKeyFileForEveryAttempt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	write(" first\n")
	c, rec := serve(t, always(t, 200, identity), func(cfg *Config) { cfg.APIKeyFile = file })
	get := func() error { _, err := c.GetIdentity(t.Context(), someID); return err }
	if err := get(); err != nil {
		t.Fatal(err)
	}
	write("second")
	if err := get(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Bearer first", "Bearer second"} {
		if got := rec.requests[i].Header.Get("Authorization"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	unusable := func(why string) {
		t.Helper()
		err := get()
		var e *ConfigError
		if !errors.As(err, &e) || e.Argument != "api_key_file" || rec.count() != 2 {
			t.Errorf("%s: %d requests, %v", why, rec.count(), err)
		}
	}
	write(" \n")
	unusable("empty")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	unusable("missing")
}
