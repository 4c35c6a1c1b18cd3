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
