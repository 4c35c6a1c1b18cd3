package kratos

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// IdentityCredentials are credentials to import ("identityWithCredentials"). A server before v25.4 answers 400 to SAML.
type IdentityCredentials struct {
	Password     *PasswordCredential     `json:"password,omitempty"`
	OIDC         *LinkCredential         `json:"oidc,omitempty"`
	SAML         *LinkCredential         `json:"saml,omitempty"`
	TOTP         *TOTPCredential         `json:"totp,omitempty"`
	LookupSecret *LookupSecretCredential `json:"lookup_secret,omitempty"`
	WebAuthn     *KeysCredential         `json:"webauthn,omitempty"`
	Passkey      *KeysCredential         `json:"passkey,omitempty"`
}

// LinkCredential imports accounts at other providers: "identityWithCredentialsOidc" and "identityWithCredentialsSaml".
type LinkCredential struct {
	Config LinkConfig `json:"config"`
}

// LinkConfig names the accounts to add to those that the identity has. An account that it already has is a conflict.
type LinkConfig struct {
	Providers []LinkProvider `json:"providers"`
}

// LinkProvider is an account at a provider. Servers before v25.4 answer 400 to Organization and UseAutoLink, and every
// server answers 400 to UseAutoLink for SAML: leave a field empty to send none.
type LinkProvider struct {
	Provider     string `json:"provider"`
	Subject      string `json:"subject"`
	Organization string `json:"organization,omitempty"` // a UUID
	UseAutoLink  bool   `json:"use_auto_link,omitempty"`
}

// Credential is a way to sign in. Its config, which holds hashes, secrets and tokens, is read for a few facts and never
// kept. The server sends it only where it was asked for.
type Credential struct {
	Type        string   `json:"type"`
	Identifiers []string `json:"identifiers"`

	// Known says that the server sent the config, so that the following fields tell something.
	Known bool `json:"-"`

	// IsSet says that the config holds what a sign-in needs: a password hash or the migration hook, a key of passkey, a
	// key of webauthn that needs no password. It is false for other types.
	IsSet bool `json:"-"`

	// HasSecondFactor says that the config holds a key of webauthn that is asked for after a password.
	HasSecondFactor bool `json:"-"`

	// Keys are the keys of webauthn or passkey, in the server's order.
	Keys []StoredKey `json:"-"`

	// Fingerprint is that of the key of totp or of the codes of lookup_secret: see [Fingerprint].
	Fingerprint string `json:"-"`
}

// UnmarshalJSON decodes what is safe to keep, up to the bounds of this package. A config of an unknown shape is
// ignored.
func (c *Credential) UnmarshalJSON(data []byte) error {
	var p struct {
		Type        string          `json:"type"`
		Identifiers bounded[string] `json:"identifiers"`
		Config      json.RawMessage `json:"config"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*c = Credential{Type: p.Type, Identifiers: p.Identifiers}
	c.inspect(p.Config)
	return nil
}

// presence reports whether a string is there and isn't empty.
type presence bool

// UnmarshalJSON looks at the string and forgets it.
func (p *presence) UnmarshalJSON(data []byte) error {
	*p = presence(!bytes.Equal(data, []byte(`""`)) && !bytes.Equal(data, []byte("null")))
	return nil
}

// DeleteCredential makes DELETE /admin/identities/{id}/credentials/{type} ("deleteIdentityCredentials"). The identifier
// is that of one link, "provider:subject", spelled as the server has it; "" for types other than oidc and saml. It is
// retried after a lost response, so that [ErrNotFound] can also mean that an earlier attempt did it. Servers before
// v25.4 also delete the last way to sign in.
func (c *Client) DeleteCredential(ctx context.Context, id, kind, identifier string) error {
	if isNoID(id) || isNoID(kind) {
		return errNoID
	}
	r := request{method: http.MethodDelete, path: identityPath(id) + "/credentials/" + url.PathEscape(kind), replay: true}
	if identifier != "" {
		r.query = url.Values{"identifier": {identifier}}
	}
	return c.do(ctx, r, nil)
}
