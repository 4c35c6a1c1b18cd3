package kratos

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const recoveryAnswer = `{"recovery_link":"https://id.example.org/recovery?flow=` + someID + `&token=hunter22","recovery_code":"hunter22","expires_at":"2026-11-23T16:53:02Z"}`

func TestClient_recoveryRequests(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, succeed(t, recoveryAnswer))
	code, err := c.CreateRecoveryCodeForIdentity(
		t.Context(),
		RecoveryCodeBody{IdentityID: someID, ExpiresIn: "1h", FlowType: "api"},
	)
	if err != nil || code.Code != "hunter22" || code.ExpiresAt != "2026-11-23T16:53:02Z" || code.FlowID() != someID {
		t.Errorf("%v %+v", err, code)
	}
	if _, err := c.CreateRecoveryCodeForIdentity(t.Context(), RecoveryCodeBody{IdentityID: someID}); err != nil {
		t.Error(err)
	}
	link, err := c.CreateRecoveryLinkForIdentity(
		t.Context(),
		RecoveryLinkBody{IdentityID: someID, ExpiresIn: "1h", ReturnTo: "https://example.org/?a=b&c"},
	)
	if err != nil || !strings.HasSuffix(link.Link, "token=hunter22") {
		t.Errorf("%v %+v", err, link)
	}
	if err := c.DeleteIdentitySessions(t.Context(), someID); err != nil {
		t.Error(err)
	}
	for i, want := range []string{
		`POST /admin/recovery/code {"identity_id":"` + someID + `","expires_in":"1h","flow_type":"api"}`,
		`POST /admin/recovery/code {"identity_id":"` + someID + `"}`,
		`POST /admin/recovery/link?return_to=https%3A%2F%2Fexample.org%2F%3Fa%3Db%26c {"identity_id":"` + someID + `","expires_in":"1h"}`,
		`DELETE /admin/identities/` + someID + `/sessions `,
	} {
		if got := rec.requests[i].Method + " " + rec.requests[i].RequestURI + " " + rec.bodies[i]; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	if text := rec.text(t) + fmt.Sprintf("%v %+v %#v", code, *code, code); strings.Contains(text, "hunter22") {
		t.Errorf("a code or link can be read: %s", text)
	}
	if c.DeleteIdentitySessions(t.Context(), "..") == nil || rec.count() != 4 {
		t.Error("a path that names no identity was sent")
	}
}

func TestClient_recoveryErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, body, code, link string
		status                 int
	}{
		{"no identity, asked for a code", notFound, "NotFound", "NotFound", 404},
		{
			"no identity, asked for a link",
			`{"error":{"code":400,"reason":"The requested identity id does not exist.","message":"The request was malformed or contained invalid parameters"}}`,
			"", "NotFound", 400,
		},
		{
			"disabled", `{"error":{"code":404,"status":"Not Found","reason":"This endpoint was disabled by system administrator. Please check your url or ` +
				`contact the system administrator to enable it.","message":"The requested resource could not be found"}}`, "Disabled", "Disabled", 404,
		},
		{"a link alone", `{"recovery_link":"https://example.org/?flow=x"}`, "NotKratos OutcomeUnknown", "", 200},
		{"an empty object", `{}`, "NotKratos OutcomeUnknown", "NotKratos OutcomeUnknown", 201},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, always(t, tc.status, tc.body))
			_, codeErr := c.CreateRecoveryCodeForIdentity(t.Context(), RecoveryCodeBody{IdentityID: someID})
			_, linkErr := c.CreateRecoveryLinkForIdentity(t.Context(), RecoveryLinkBody{IdentityID: someID})
			for _, got := range []struct {
				err  error
				want string
			}{{codeErr, tc.code}, {linkErr, tc.link}} {
				if kinds := sentinels(got.err); kinds != got.want ||
					tc.status >= 300 && (got.err == nil || errors.Is(got.err, ErrNotKratos)) {
					t.Errorf("%q, want %q: %v", kinds, got.want, got.err)
				}
			}
		})
	}
}
