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

// IncludeIdentifiers is the type of credential to include in reads: whichever type is asked for, the rows of a list
// come with the identifiers of all types, and this type brings no hash, secret or token along. Its config, public keys,
// tells whether an identity has security keys: the server lists webauthn for every identity whose schema has an
// identifier for it.
const IncludeIdentifiers = CredentialWebAuthn

// The states of an identity. A later server may add others.
const (
	StateActive   = "active"
	StateInactive = "inactive"
)
