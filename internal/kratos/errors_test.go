package kratos

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

func TestError_fromKratos(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, body, want string
		status           int
	}{
		{
			"the reason", `{"error":{"code":400,"status":"Bad Request","reason":"Unable to find JSON Schema ID: nope",` +
				`"message":"The request was malformed or contained invalid parameters"}}`,
			"answered 400 Bad Request: Unable to find JSON Schema ID: nope (request id ", 400,
		},
		{
			"the message that explains", `{"error":{"reason":"An error when applying the JSON patch","message":"missing path"}}`,
			"answered 400 Bad Request: An error when applying the JSON patch: missing path (", 400,
		},
		{"the message alone", `{"error":{"code":500,"message":"json: unknown field \"foo\""}}`, `400 Bad Request: json: unknown field "foo" (`, 400},
		{"after retries", `{"error":{"code":429,"reason":"quota of the project"}}`, "429 Too Many Requests: quota of the project (", 429},
		{"a lost outcome", `{"error":{"code":503,"reason":"restarting"}}`, "503 Service Unavailable: restarting; it is not known whether", 503},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, always(t, tc.status, tc.body))
			_, err := c.PatchIdentity(t.Context(), someID, nil)
			if !strings.Contains(err.Error(), tc.want) ||
				!strings.HasPrefix(err.Error(), "PATCH /admin/identities/"+someID+" answered ") {
				t.Errorf("%v\nwant %s", err, tc.want)
			}
			e, id := asError(t, err), rec.requests[0].Header.Get("X-Request-Id")
			if e.RequestID != id || !strings.HasSuffix(err.Error(), "(request id "+id+")") {
				t.Errorf("request id %s, want %s: %v", e.RequestID, id, err)
			}
		})
	}
}

func TestError_fields(t *testing.T) {
	t.Parallel()
	c, _ := serve(
		t,
		always(t, 409, `{"error":{"id":"i","code":409,"status":"Conflict","reason":"r","message":"m","details":{"n":1e21}}}`),
	)
	_, err := c.CreateIdentity(t.Context(), CreateIdentityBody{})
	e := asError(t, err)
	if e.StatusCode != 409 || e.ID != "i" || e.Status != "Conflict" || e.Reason != "r" || e.Message != "m" ||
		string(e.Details) != `{"n":1e21}` || e.Method != "POST" || e.Path != "/admin/identities" {
		t.Errorf("%+v", e)
	}
}

func TestError_madeByHand(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{404: "NotFound", 409: "Conflict", 401: "Unauthorized", 429: "RateLimited", 500: "", 0: ""} {
		if got := sentinels(&Error{StatusCode: status}); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

func TestError_fromElsewhere(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 500)
	for _, tc := range []struct {
		name, body, want string
	}{
		{"plain", "404 page not found", `but text/plain of 18 bytes: "404 page not found" (`},
		{"empty", " \n", "but an empty body ("},
		{
			"html", "<html><head><title>x</title><style>p{}</style></head><body><h1>Not&nbsp;Found</h1>\n<hr>nginx</body></html>",
			`but text/html of 106 bytes, titled "x" (`,
		},
		{"control characters", "a\x00b\x1b[31mc\r\nd", `but application/octet-stream of 12 bytes: "ab[31mc d" (`},
		{"long", long, `but text/plain of 1000 bytes: "` + strings.Repeat("é", 100) + `" (`},
		{"binary", "\xff\xfe\x00", "but application/octet-stream of 3 bytes ("},
		{"other JSON", `{"message":"no Route matched"}`, `but text/plain of 30 bytes: "{\"message\":\"no Route matched\"}" (`},
		{"a gateway's error in Kratos' shape", `{"error":{"code":404,"status":"Not Found","message":"Requested url does not match any rules"}}`, "does not match any rules"},
		{"an empty error", `{"error":{}}`, `but text/plain of 12 bytes: "{\"error\":{}}" (`},
		{"an error with a code in words", `{"error":{"code":"NotFound","message":"Unable to locate the resource"}}`, "NotFound"},
		{"error as text", `{"error":"not found"}`, `but text/plain of 21 bytes: "{\"error\":\"not found\"}" (`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, always(t, 404, tc.body))
			_, err := c.GetIdentity(t.Context(), someID)
			if sentinels(err) != "NotKratos" || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%q: %v\nwant %s", sentinels(err), err, tc.want)
			}
		})
	}
}

// Kratos answers a DELETE with 204. Another success is another's, and the request is sent again: the 404 that Kratos
// gives then tells that the first one was carried out.
func TestClient_deletedOrNot(t *testing.T) {
	t.Parallel()
	deletions := map[string]func(context.Context, *Client) error{}
	for _, op := range operations() {
		if strings.HasPrefix(op.name, "delete") {
			deletions[op.name] = op.run
		}
	}
	for name, run := range deletions {
		for _, body := range []string{"", "{}", identity, "<html>"} {
			c, rec := serve(t, always(t, 200, body))
			if err := run(t.Context(), c); sentinels(err) != "NotKratos OutcomeUnknown" || rec.count() != 1+maxDoubts {
				t.Errorf("%s, %q: %d requests: %v", name, body, rec.count(), err)
			}
			var served atomic.Int32
			c, rec = serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if served.Add(1) == 1 {
					reply(t, w, 200, body)
					return
				}
				reply(t, w, 404, notFound)
			})
			if err := run(t.Context(), c); sentinels(err) != "NotFound" || rec.count() != 2 {
				t.Errorf("%s, %q, then 404: %d requests: %v", name, body, rec.count(), err)
			}
		}
	}
	if len(deletions) != 3 {
		t.Errorf("%d deletions", len(deletions))
	}
}

// A success that isn't quite JSON may be Kratos', with a recovery code in it. Its text isn't quoted, not even where a
// gateway has given it the status of an error.
func TestClient_successNotQuoted(t *testing.T) {
	t.Parallel()
	const success = `{"recovery_link":"https://x.io/?flow=1","recovery_code":"839201","expires_at":"2026-11-23T16:53:02Z"}`
	for name, body := range map[string]string{
		"byte order mark": "\ufeff" + success, "comma too many": strings.TrimSuffix(success, "}") + ",}",
		"something after it": success + "<!-- cached -->", "as it is": success, "string": fmt.Sprintf("%q", success),
	} {
		for _, status := range []int{200, 201, 404, 502} {
			c, _ := serve(t, always(t, status, body))
			_, err := c.CreateRecoveryCodeForIdentity(t.Context(), RecoveryCodeBody{IdentityID: someID})
			if err != nil && strings.Contains(err.Error(), "839201") {
				t.Errorf("%s with %d: %v", name, status, err)
			}
			_, err = c.CreateIdentity(t.Context(), CreateIdentityBody{})
			if status < 300 && (err == nil || strings.Contains(err.Error(), "839201")) {
				t.Errorf("%s with %d, as an identity: %v", name, status, err)
			}
		}
	}
}

func TestClient_successNotFromKratos(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", `{"status":"ok"}`, "[]", `"x"`, "null", "<html>Sign in</html>"} {
		c, rec := serve(t, always(t, 200, body))
		_, err := c.GetIdentity(t.Context(), someID)
		want := 1
		if body != "" && body[0] != '{' && body[0] != '[' {
			want = 1 + maxDoubts
		}
		if sentinels(err) != "NotKratos" || rec.count() != want {
			t.Errorf("GET %q: %q, %v", body, sentinels(err), err)
		}
		_, err = c.CreateIdentity(t.Context(), CreateIdentityBody{})
		if sentinels(err) != "NotKratos OutcomeUnknown" {
			t.Errorf("POST %q: %q, %v", body, sentinels(err), err)
		}
	}
	c, _ := serve(t, always(t, 204, ""))
	if err := c.DeleteIdentity(t.Context(), someID); err != nil {
		t.Error(err)
	}
}
