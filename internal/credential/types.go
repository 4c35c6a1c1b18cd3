package credential

import (
	"slices"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// The types of credential, as the API names them.
const (
	Password     = kratos.CredentialPassword
	OIDC         = kratos.CredentialOIDC
	SAML         = kratos.CredentialSAML
	TOTP         = kratos.CredentialTOTP
	LookupSecret = kratos.CredentialLookupSecret
	WebAuthn     = kratos.CredentialWebAuthn
	Passkey      = kratos.CredentialPasskey
	Code         = kratos.CredentialCode
)

// LinkTypes returns the types whose identifiers are links to accounts at other providers, spelled "provider:subject".
// The server compares those identifiers exactly, and the identifiers of all other types folded.
func LinkTypes() []string { return []string{OIDC, SAML} }

// IsLink reports whether the type is one of [LinkTypes].
func IsLink(kind string) bool { return slices.Contains(LinkTypes(), kind) }

// WholeTypes returns the types for which a removal removes all credentials of an identity.
func WholeTypes() []string { return []string{TOTP, LookupSecret, WebAuthn, Passkey, Password} }

// Plural returns the words for credentials of a type, as in "passwords".
func Plural(kind string) string {
	switch kind {
	case Password:
		return "passwords"
	case Passkey:
		return "passkeys"
	case WebAuthn:
		return "security keys that sign in without a password"
	case TOTP:
		return "authenticator apps"
	case LookupSecret:
		return "lookup secrets"
	}
	return "links of " + kind
}
