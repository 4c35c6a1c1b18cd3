package kratos

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
)

// Servers up to v26.2 answer 400 to the credentials of this file in a create, and ignore them in a PUT. A JSON Patch
// can set them: see [SetCredential].

// Secret is a secret string of a request. It is printed as a placeholder.
type Secret string

// String hides the secret.
func (Secret) String() string { return redacted }

// GoString hides the secret, for %#v.
func (Secret) GoString() string { return redacted }

// LogValue hides the secret, for log/slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// TOTPCredential imports the key of an authenticator app ("identityWithCredentialsTotp").
type TOTPCredential struct {
	Config TOTPConfig `json:"config"`
}

// TOTPConfig contains the key as a URL of the scheme otpauth.
type TOTPConfig struct {
	URL Secret `json:"totp_url"`
}

// LookupSecretCredential imports recovery codes. Each code is valid once, as the second factor.
type LookupSecretCredential struct {
	Config LookupSecretConfig `json:"config"`
}

// LookupSecretConfig contains the codes in the order in which the person sees them.
type LookupSecretConfig struct {
	Codes []LookupSecretCode `json:"codes"`
}

// LookupSecretCode is an unused code.
type LookupSecretCode struct {
	Code Secret `json:"code"`
}

// KeysCredential imports security keys ("identityWithCredentialsWebAuthn") or passkeys
// ("identityWithCredentialsPasskey").
type KeysCredential struct {
	Config KeysConfig `json:"config"`
}

// KeysConfig contains keys and the user handle that the authenticators keep with them, in base64.
type KeysConfig struct {
	Credentials []Key  `json:"credentials"`
	UserHandle  string `json:"user_handle,omitempty"`
}

// Key is the public part of a key of an authenticator ("identityCredentialsWebAuthn"). Bytes are in base64. It contains
// no secrets.
type Key struct {
	ID              string         `json:"id"`
	PublicKey       string         `json:"public_key"`
	AttestationType string         `json:"attestation_type,omitempty"`
	Authenticator   *Authenticator `json:"authenticator,omitempty"`
	DisplayName     string         `json:"display_name,omitempty"`
	AddedAt         string         `json:"added_at,omitempty"` // RFC 3339
	IsPasswordless  bool           `json:"is_passwordless"`
	Flags           *KeyFlags      `json:"flags,omitempty"`
	Transport       []string       `json:"transport,omitempty"`
}

// Authenticator has the model of an authenticator and the number of its signatures.
type Authenticator struct {
	AAGUID    string `json:"aaguid,omitempty"`
	SignCount int64  `json:"sign_count"`
}

// KeyFlags are the flags of the authenticator data from the registration of a key. The server compares BackupEligible
// at each sign-in.
type KeyFlags struct {
	UserPresent    bool `json:"user_present"`
	UserVerified   bool `json:"user_verified"`
	BackupEligible bool `json:"backup_eligible"`
	BackupState    bool `json:"backup_state"`
}

// CredentialPointer returns the JSON Pointer of a credential of an identity, or of a value below it.
func CredentialPointer(kind string, below ...string) string {
	return strings.Join(append([]string{"/credentials", kind}, below...), "/")
}

// SetCredential returns the operation that sets a credential as a whole, for the types of this file. v26.2 finds totp
// and lookup_secret only if their identifier is the id of the identity. v1.3 accepts only this operation for
// credentials, because its patch doesn't see the existing credentials.
func SetCredential(kind string, identifiers []string, config any) (PatchOperation, error) {
	if identifiers == nil {
		identifiers = []string{}
	}
	value, err := EncodeJSON(map[string]any{"type": kind, "identifiers": identifiers, "config": config})
	return PatchOperation{Op: OpAdd, Path: CredentialPointer(kind), Value: value}, err
}

// Stored returns the config in the form in which the server stores it, for [SetCredential]. An import has another form.
func (c LookupSecretConfig) Stored() any {
	return map[string]any{"recovery_codes": c.Codes}
}

// Factors returns the types of credential of this file that the credentials have. It accepts nil.
func (c *IdentityCredentials) Factors() []string {
	if c == nil {
		return nil
	}
	var kinds []string
	for _, factor := range []struct {
		kind  string
		isSet bool
	}{
		{CredentialTOTP, c.TOTP != nil},
		{CredentialLookupSecret, c.LookupSecret != nil},
		{CredentialWebAuthn, c.WebAuthn != nil},
		{CredentialPasskey, c.Passkey != nil},
	} {
		if factor.isSet {
			kinds = append(kinds, factor.kind)
		}
	}
	return kinds
}

// WithoutFactors returns the credentials without the types of this file, nil if there are no others. It accepts nil.
func (c *IdentityCredentials) WithoutFactors() *IdentityCredentials {
	if c == nil || c.Password == nil && c.OIDC == nil && c.SAML == nil {
		return nil
	}
	return &IdentityCredentials{Password: c.Password, OIDC: c.OIDC, SAML: c.SAML}
}

// fingerprintBytes is the size of a fingerprint. It is short on purpose: a fingerprint reveals 16 bits of a secret of
// 80 bits or more, which doesn't help to guess the secret. Two different secrets have the same fingerprint with a
// probability of 1 to 65,536.
const fingerprintBytes = 2

// Fingerprint returns a short hash of a set of secrets, which shows whether the secrets have changed.
func Fingerprint(secrets ...string) string {
	sorted := slices.Sorted(slices.Values(secrets))
	sum := sha256.Sum256([]byte(strings.Join(sorted, "\x00")))
	return hex.EncodeToString(sum[:fingerprintBytes])
}

// StoredKey is a key of webauthn or passkey that the server has.
type StoredKey struct {
	ID             string `json:"id"`
	IsPasswordless bool   `json:"is_passwordless"`
}

// storedConfig is the part of the config of a credential that this package reads.
type storedConfig struct {
	HashedPassword           presence           `json:"hashed_password"`
	UsePasswordMigrationHook bool               `json:"use_password_migration_hook"`
	Credentials              bounded[StoredKey] `json:"credentials"`
	TOTPURL                  string             `json:"totp_url"`
	RecoveryCodes            bounded[struct {
		Code string `json:"code"`
	}] `json:"recovery_codes"`
}

// inspect sets the fields of the credential that depend on its config.
func (c *Credential) inspect(raw json.RawMessage) {
	var config storedConfig
	if len(raw) == 0 || json.Unmarshal(raw, &config) != nil {
		return
	}
	c.Known = true
	switch c.Type {
	case CredentialPassword:
		c.IsSet = bool(config.HashedPassword) || config.UsePasswordMigrationHook
	case CredentialTOTP:
		c.Fingerprint = Fingerprint(config.TOTPURL)
	case CredentialLookupSecret:
		codes := make([]string, 0, len(config.RecoveryCodes))
		for _, code := range config.RecoveryCodes {
			codes = append(codes, code.Code)
		}
		c.Fingerprint = Fingerprint(codes...)
	case CredentialPasskey, CredentialWebAuthn:
		c.Keys = config.Credentials
		for _, key := range c.Keys {
			alone := key.IsPasswordless || c.Type == CredentialPasskey
			c.IsSet = c.IsSet || alone
			c.HasSecondFactor = c.HasSecondFactor || !alone
		}
	}
}
