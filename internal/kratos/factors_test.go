package kratos

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestCredential_fingerprint(t *testing.T) {
	t.Parallel()
	read := func(kind, config string) Credential {
		var c Credential
		document := fmt.Sprintf(`{"type":%q,"identifiers":["a"],"config":%s}`, kind, config)
		if err := json.Unmarshal([]byte(document), &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	const url = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"
	if c := read("totp", `{"totp_url":"`+url+`"}`); !c.Known || c.Fingerprint != Fingerprint(url) || len(c.Fingerprint) != 4 {
		t.Errorf("%+v, want %s", c, Fingerprint(url))
	}
	codes := read("lookup_secret", `{"recovery_codes":[{"code":"b","used_at":"2026-01-01T00:00:00Z"},{"code":"a"}]}`)
	if codes.Fingerprint != Fingerprint("a", "b") || codes.Fingerprint == Fingerprint("a") {
		t.Errorf("%+v: neither the order nor the use of codes counts", codes)
	}
	keys := read("webauthn", `{"credentials":[{"id":"x","is_passwordless":true},{"id":"y"}]}`)
	if want := []StoredKey{{"x", true}, {"y", false}}; !reflect.DeepEqual(keys.Keys, want) {
		t.Errorf("%+v, want %+v", keys.Keys, want)
	}
	if c := read("webauthn", `{}`); !c.Known || len(c.Keys) != 0 {
		t.Errorf("no keys: %+v", c)
	}
	var unknown Credential
	if err := json.Unmarshal([]byte(`{"type":"webauthn","identifiers":[]}`), &unknown); err != nil || unknown.Known {
		t.Errorf("without a config: %+v %v", unknown, err)
	}
}

// An import and a JSON Patch spell the codes otherwise.
func TestFactors_requests(t *testing.T) {
	t.Parallel()
	codes := LookupSecretConfig{Codes: []LookupSecretCode{{"one"}}}
	credentials := IdentityCredentials{
		TOTP:         &TOTPCredential{TOTPConfig{"otpauth://x"}},
		LookupSecret: &LookupSecretCredential{codes},
		WebAuthn:     &KeysCredential{KeysConfig{Credentials: []Key{{ID: "AQ==", PublicKey: "Ag=="}}}},
		Passkey: &KeysCredential{KeysConfig{UserHandle: "aA==", Credentials: []Key{{
			ID: "AQ==", PublicKey: "Ag==", IsPasswordless: true, Flags: &KeyFlags{BackupEligible: true},
			Authenticator: &Authenticator{AAGUID: "AA==", SignCount: 3}, Transport: []string{"usb"},
		}}}},
	}
	raw, err := json.Marshal(credentials)
	want := `{"totp":{"config":{"totp_url":"otpauth://x"}},"lookup_secret":{"config":{"codes":[{"code":"one"}]}},` +
		`"webauthn":{"config":{"credentials":[{"id":"AQ==","public_key":"Ag==","is_passwordless":false}]}},` +
		`"passkey":{"config":{"credentials":[{"id":"AQ==","public_key":"Ag==","authenticator":{"aaguid":"AA==",` +
		`"sign_count":3},"is_passwordless":true,"flags":{"user_present":false,"user_verified":false,` +
		`"backup_eligible":true,"backup_state":false},"transport":["usb"]}],"user_handle":"aA=="}}}`
	if err != nil || string(raw) != want {
		t.Errorf("%s, %v\nwant %s", raw, err, want)
	}
	op, err := SetCredential(CredentialLookupSecret, []string{"id"}, codes.Stored())
	want = `{"config":{"recovery_codes":[{"code":"one"}]},"identifiers":["id"],"type":"lookup_secret"}`
	if err != nil || op.Op != OpAdd || op.Path != "/credentials/lookup_secret" || string(op.Value) != want {
		t.Errorf("%+v %s, want %s; %v", op, op.Value, want, err)
	}
	if !op.repeatable() {
		t.Error("the operation can't be repeated")
	}
	if kinds := credentials.Factors(); fmt.Sprint(kinds) != "[totp lookup_secret webauthn passkey]" ||
		credentials.WithoutFactors() != nil {
		t.Errorf("%v", kinds)
	}
	credentials.Password = &PasswordCredential{}
	if rest := credentials.WithoutFactors(); rest == nil || rest.Password == nil || len(rest.Factors()) > 0 {
		t.Errorf("%+v", rest)
	}
}

func TestSecret_printsNothing(t *testing.T) {
	t.Parallel()
	config := TOTPConfig{"hunter22"}
	body := CreateIdentityBody{Credentials: &IdentityCredentials{
		TOTP: &TOTPCredential{config}, LookupSecret: &LookupSecretCredential{LookupSecretConfig{[]LookupSecretCode{{"hunter22"}}}},
	}}
	for _, v := range []any{config, &config, config.URL, body, *body.Credentials.TOTP, *body.Credentials.LookupSecret, config.URL.LogValue()} {
		if text := fmt.Sprintf("%v %+v %#v %s", v, v, v, v); strings.Contains(text, "hunter22") {
			t.Errorf("%T: %s", v, text)
		}
	}
}
