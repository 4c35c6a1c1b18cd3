package credential

import "slices"

// The types of credential, as the API names them.
const (
	Password     = "password"
	OIDC         = "oidc"
	SAML         = "saml"
	TOTP         = "totp"
	LookupSecret = "lookup_secret"
	WebAuthn     = "webauthn"
	Passkey      = "passkey"
	Code         = "code"
)

// LinkTypes returns the types whose identifiers are links to accounts at other providers, spelled "provider:subject". The server
// compares those identifiers exactly, and the identifiers of all other types folded.
func LinkTypes() []string { return []string{OIDC, SAML} }

// IsLink says whether the type is one of [LinkTypes].
func IsLink(kind string) bool { return slices.Contains(LinkTypes(), kind) }
