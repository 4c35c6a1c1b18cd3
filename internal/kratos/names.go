package kratos

// The types of credential in the API.
const (
	CredentialPassword     = "password"
	CredentialOIDC         = "oidc"
	CredentialSAML         = "saml" // from v25.4 on
	CredentialTOTP         = "totp"
	CredentialLookupSecret = "lookup_secret"
	CredentialWebAuthn     = "webauthn"
	CredentialPasskey      = "passkey"
	CredentialCode         = "code"
)

// IncludeIdentifiers is the type of credential to include in reads. For any included type, the rows of a list contain
// the identifiers of all types, and this type has no hash, secret or token. Its config (public keys) shows whether an
// identity has security keys, because the server lists webauthn for every identity whose schema has an identifier for
// it.
const IncludeIdentifiers = CredentialWebAuthn

// The states of an identity. A later server may add others.
const (
	StateActive   = "active"
	StateInactive = "inactive"
)
