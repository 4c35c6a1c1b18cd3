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

// LinkConfig has the accounts to add to the identity. An account that the identity already has is a conflict.
type LinkConfig struct {
	Providers []LinkProvider `json:"providers"`
}

// LinkProvider is an account at a provider. Servers before v25.4 answer 400 to Organization and UseAutoLink, and every
// server answers 400 to UseAutoLink for SAML. An empty field is not sent.
type LinkProvider struct {
	Provider     string `json:"provider"`
	Subject      string `json:"subject"`
	Organization string `json:"organization,omitempty"` // a UUID
	UseAutoLink  bool   `json:"use_auto_link,omitempty"`
}

// Credential is a way to sign in. Its config contains hashes, secrets and tokens: only a few facts of it are kept. The
// server sends the config only on request.
type Credential struct {
	Type        string   `json:"type"`
	Identifiers []string `json:"identifiers"`

	// Known reports that the server sent the config. Otherwise the following fields are not set.
	Known bool `json:"-"`

	// IsSet reports that the config allows a sign-in: a password hash, the migration hook, a key of passkey, or a key of
	// webauthn that needs no password. It is false for other types.
	IsSet bool `json:"-"`

	// HasSecondFactor reports that the config has a key of webauthn that is a second factor.
	HasSecondFactor bool `json:"-"`

	// Keys are the keys of webauthn or passkey, in the server's order.
	Keys []StoredKey `json:"-"`

	// Fingerprint is the fingerprint of the key of totp or of the codes of lookup_secret: see [Fingerprint].
	Fingerprint string `json:"-"`
}

// UnmarshalJSON decodes a credential without its secrets, within the bounds of this package. It ignores a config of an
// unknown shape.
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

// presence reports whether a string exists and isn't empty.
type presence bool

// UnmarshalJSON checks the string and doesn't keep it.
func (p *presence) UnmarshalJSON(data []byte) error {
	*p = presence(!bytes.Equal(data, []byte(`""`)) && !bytes.Equal(data, []byte("null")))
	return nil
}

// DeleteCredential sends DELETE /admin/identities/{id}/credentials/{type} ("deleteIdentityCredentials"). The identifier
// is "provider:subject" for one link, exactly as the server has it, and "" for types other than oidc and saml. The
// request is retried after a lost response, so [ErrNotFound] can also mean that an earlier attempt deleted the
// credential. Servers before v25.4 also delete the last way to sign in.
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
