package kratos

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// sentSecrets are in every request of TestClient_tellsNoSecret, the last three in forms that an echo may spell
// differently.
var sentSecrets = []string{
	"key-secret", "gateway-secret", "cookie-secret", "hash-secret", "admin-secret", "424242424242",
	`pass"word<&>é secret`, "basic-secret", "nested-secret",
}

func sendSecrets(t *testing.T, c *Client) map[string]error {
	t.Helper()
	admin := json.RawMessage(`{"deep":["admin-secret",424242424242,{"x":"nested-secret"}]}`)
	password := PasswordConfig{Password: `pass"word<&>é secret`, HashedPassword: "hash-secret"}
	credentials := &IdentityCredentials{Password: &PasswordCredential{password}}
	secret, err := json.Marshal(map[string]any{"config": map[string]string{"a": "hash-secret", "b": password.Password}})
	if err != nil {
		t.Fatal(err)
	}
	traits := json.RawMessage(`{"email":"a@x.io"}`)
	_, create := c.CreateIdentity(
		t.Context(),
		CreateIdentityBody{Traits: traits, MetadataAdmin: admin, Credentials: credentials},
	)
	_, update := put(t.Context(), c, UpdateIdentityBody{Traits: traits, MetadataAdmin: admin, Credentials: credentials})
	_, patch := c.PatchIdentity(t.Context(), someID, []PatchOperation{
		{OpReplace, "/metadata_admin", admin},
		{OpAdd, "/metadata_admin/deep", json.RawMessage(`"admin-secret"`)},
		{OpAdd, "/credentials/password", secret},
	})
	return map[string]error{"create": create, "put": update, "patch": patch}
}

// encodings are spellings in which a text may repeat a secret.
func encodings(t *testing.T, secret string) []string {
	t.Helper()
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		secret, html.EscapeString(secret), url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret)), url.PathEscape(secret),
		string(quoted[1 : len(quoted)-1]), fmt.Sprintf("%q", secret), fmt.Sprintf("%x", secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
	}
}

// A gateway may echo the whole request, in whatever it answers: no log line and no error repeats a secret.
func TestClient_tellsNoSecret(t *testing.T) {
	t.Parallel()
	all := strings.Join(sentSecrets, " and ")
	quoted, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	echo := string(quoted)
	var spelled []string
	for _, secret := range sentSecrets {
		spelled = append(spelled, encodings(t, secret)...)
	}
	for name, tc := range map[string]struct {
		status int
		body   string
	}{
		"identity":     {200, strings.Replace(identity, `"a@x.io"`, echo, 1)},
		"kratos error": {400, fmt.Sprintf(`{"error":{"reason":%[1]s,"message":%[1]s,"status":%[1]s,"id":%[1]s,"details":{"x":%[1]s}}}`, echo)},
		"retried":      {503, fmt.Sprintf(`{"error":{"reason":%s}}`, echo)},
		"page":         {404, "<html><p>" + html.EscapeString(all) + "</html>"},
		"split page":   {404, "<html><p>ok key-<b></b>secret</html>"},
		"text":         {400, "you sent: " + all},
		"other JSON":   {403, fmt.Sprintf(`{"echo":%s}`, echo)},
		"form":         {502, "q=" + url.QueryEscape(all)},
		"success page": {200, "you sent " + all},
		"redirect":     {307, all},
		"encoded page": {502, "<title>" + strings.Join(spelled, " ") + "</title>"},
		"encoded text": {200, strings.Join(spelled, " ")},
		"encoded JSON": {200, `{"id":"` + base64.StdEncoding.EncodeToString([]byte(all)) + `"}`},
		"comma":        {201, strings.TrimSuffix(identity, "}") + `,"x":` + echo + `,}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if tc.status == 307 {
					w.Header().Set("Location", "https://x.io/"+url.PathEscape(all))
				}
				reply(t, w, tc.status, tc.body)
			}, secretive, func(cfg *Config) { cfg.Headers["X-Basic"] = "Basic basic-secret" })
			texts := map[string]string{}
			for op, err := range sendSecrets(t, c) {
				if err == nil {
					continue
				}
				e := asError(t, err)
				texts["the error of "+op] = strings.Join([]string{
					err.Error(), e.ID, e.Status, e.Reason, e.Message, string(e.Details), fmt.Sprint(e.Unwrap()),
				}, "\n")
			}
			texts["the log"] = rec.text(t)
			for where, text := range texts {
				for _, secret := range sentSecrets {
					for _, form := range encodings(t, secret) {
						if strings.Contains(text, form) {
							t.Errorf("%s shows %s:\n%s", where, form, text)
						}
					}
				}
			}
		})
	}
}

func TestClient_transportErrorsTellNoSecret(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hijacker, ok := w.(http.Hijacker)
		if !ok {
			t.Error("no hijacker")
			return
		}
		conn, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, err = conn.Write([]byte("Bearer key-secret\r\n\r\n")) // quoted by net/http as a malformed answer
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Error(err)
		}
	}, secretive)
	_, err := c.GetIdentity(t.Context(), someID)
	if err == nil || strings.Contains(err.Error()+fmt.Sprint(asError(t, err).Unwrap())+rec.text(t), "key-secret") ||
		!strings.Contains(err.Error(), "malformed") {
		t.Errorf("%v\n%s", err, rec.text(t))
	}
}

func TestLoggedBody(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		``:                "",
		`plain`:           "5 bytes",
		`"text"`:          "6 bytes",
		`{"a":1} {"b":2}`: "15 bytes",
		`{"traits":{"n":9007199254740993.10},"metadata_public":null}`:                   `{"metadata_public":null,"traits":{"n":9007199254740993.10}}`,
		`{"credentials":{"password":{}},"metadata_admin":null}`:                         `{"credentials":"(redacted)","metadata_admin":null}`,
		`[{"a":{"Session_Token":"x","Hashed_Password":"x","config":[1]}}]`:              `[{"a":{"Hashed_Password":"(redacted)","Session_Token":"(redacted)","config":"(redacted)"}}]`,
		`{"recovery_code":"x","recovery_link":"x","code":"x","link":"x"}`:               `{"code":"(redacted)","link":"(redacted)","recovery_code":"(redacted)","recovery_link":"(redacted)"}`,
		`{"client_secret":"x","api_key":"x","token":["x"]}`:                             `{"api_key":"(redacted)","client_secret":"(redacted)","token":"(redacted)"}`,
		`[{"op":"add","path":"/credentials/password","value":{"a":1}}]`:                 `[{"op":"add","path":"/credentials/password","value":"(redacted)"}]`,
		`[{"op":"replace","path":"/metadata_admin/a","value":false}]`:                   `[{"op":"replace","path":"/metadata_admin/a","value":"(redacted)"}]`,
		`[{"op":"replace","path":"/traits","value":{"password":"x","email":"a@x.io"}}]`: `[{"op":"replace","path":"/traits","value":{"email":"a@x.io","password":"(redacted)"}}]`,
		`[{"op":"replace","path":"/metadata_public","value":{"value":"kept"}}]`:         `[{"op":"replace","path":"/metadata_public","value":{"value":"kept"}}]`,
	} {
		logged := newLoggedBody([]byte(body), nil)
		text, err := logged.MarshalText()
		if err != nil || logged.String() != want || string(text) != want || fmt.Sprintf("%#v", logged) != want {
			t.Errorf("%s: %s\nwant %s", body, logged, want)
		}
	}
}

func TestClient_logsAttempts(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, always(t, 503, shapedError("later")), secretive, func(cfg *Config) { cfg.MaxRetries = 1 })
	if _, err := collect(t, c, ListIdentitiesOptions{CredentialsIdentifier: "a@x.io"}); err == nil {
		t.Fatal("no error")
	}
	lines := rec.logged(LevelDebug)
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		want := "GET /admin/identities?consistency=strong&credentials_identifier=a%40x.io&page_size=250 503"
		got := fmt.Sprint(l.fields["method"], " ", l.fields["path"], " ", l.fields["status"])
		_, timed := l.fields["duration_ms"].(int64)
		if got != want || l.fields["attempt"] != i+1 || !timed ||
			l.fields["request_id"] != rec.requests[0].Header.Get("X-Request-Id") {
			t.Errorf("%v\nwant %s", l.fields, want)
		}
	}
	if bodies := rec.logged(LevelTrace); len(bodies) != 2 || fmt.Sprint(bodies[0].fields["body"]) == "" {
		t.Errorf("%v", bodies)
	}
	if quiet, err := New(Config{AdminURL: c.AdminURL()}); err != nil {
		t.Error(err)
	} else if _, err := quiet.GetIdentity(t.Context(), someID); err == nil {
		t.Error("no error")
	}
}
