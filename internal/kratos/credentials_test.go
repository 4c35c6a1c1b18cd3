package kratos

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestClient_credentialRequests(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, succeed(t, strings.Replace(identity, `"schema_id":"default"`, `"schema_id":"s"`, 1)))
	links := func(l ...LinkProvider) *LinkCredential { return &LinkCredential{LinkConfig{l}} }
	_, err := c.CreateIdentity(
		t.Context(),
		CreateIdentityBody{SchemaID: "s", Traits: json.RawMessage(`{}`), Credentials: &IdentityCredentials{
			OIDC: links(LinkProvider{Provider: "github", Subject: "1"}, LinkProvider{"google", "2", someID, true}),
			SAML: links(LinkProvider{Provider: "okta", Subject: "3", Organization: someID}),
		}},
	)
	if err != nil {
		t.Error(err)
	}
	if err := c.DeleteCredential(t.Context(), someID, "oidc", "git hub:a/b&c?d:é"); err != nil {
		t.Error(err)
	}
	if err := c.DeleteCredential(t.Context(), someID, "totp", ""); err != nil {
		t.Error(err)
	}
	for i, want := range []string{
		`POST /admin/identities {"schema_id":"s","traits":{},"credentials":{"oidc":{"config":{"providers":[{"provider":"github","subject":"1"},` +
			`{"provider":"google","subject":"2","organization":"` + someID + `","use_auto_link":true}]}},` +
			`"saml":{"config":{"providers":[{"provider":"okta","subject":"3","organization":"` + someID + `"}]}}}}`,
		`DELETE /admin/identities/` + someID + `/credentials/oidc?identifier=git+hub%3Aa%2Fb%26c%3Fd%3A%C3%A9 `,
		`DELETE /admin/identities/` + someID + `/credentials/totp `,
	} {
		if got := rec.requests[i].Method + " " + rec.requests[i].RequestURI + " " + rec.bodies[i]; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	if c.DeleteCredential(t.Context(), "..", "oidc", "a:b") == nil ||
		c.DeleteCredential(t.Context(), someID, "", "a:b") == nil ||
		rec.count() != 3 {
		t.Error("a path that names no credential was sent")
	}
}

// Of a credential's config a few facts are kept, and no secret. The id of a key is none.
func TestCredential_isSet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, config    string
		want, wantExtra bool
	}{
		{"password", `{}`, false, false},
		{"password", `{"hashed_password":""}`, false, false},
		{"password", `{"hashed_password":null}`, false, false},
		{"password", `{"hashed_password":"$2a$hunter22"}`, true, false},
		{"password", `{"hashed_password":"","use_password_migration_hook":true}`, true, false},
		{"passkey", `{"user_handle":"hunter22"}`, false, false},
		{"passkey", `{"credentials":[{"id":"a","public_key":"hunter22"}]}`, true, false},
		{"webauthn", `{"user_handle":"hunter22"}`, false, false},
		{"webauthn", `{"credentials":[{"id":"a","display_name":"hunter22","is_passwordless":false}]}`, false, true},
		{"webauthn", `{"credentials":[{"is_passwordless":false},{"is_passwordless":true}]}`, true, true},
		{"webauthn", `{"credentials":[{"is_passwordless":true}]}`, true, false},
		{"totp", `{"totp_url":"otpauth://totp/x?secret=hunter22"}`, false, false},
		{"lookup_secret", `{"recovery_codes":[{"code":"hunter22"}]}`, false, false},
		{"password", `["hunter22"]`, false, false},
		{"password", `null`, false, false},
	} {
		var c Credential
		document := fmt.Sprintf(`{"type":%q,"identifiers":["a@x.io"],"config":%s}`, test.kind, test.config)
		if err := json.Unmarshal([]byte(document), &c); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		if c.IsSet != test.want || c.HasSecondFactor != test.wantExtra || c.Type != test.kind || len(c.Identifiers) != 1 ||
			strings.Contains(fmt.Sprintf("%#v", c), "hunter22") {
			t.Errorf("%s: %#v", document, c)
		}
	}
	var c Credential
	if err := json.Unmarshal([]byte(`{"type":"password","identifiers":["a@x.io"]}`), &c); err != nil || c.IsSet {
		t.Errorf("without a config: %#v %v", c, err)
	}
}
