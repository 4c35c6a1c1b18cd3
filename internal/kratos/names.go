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

// IncludeIdentifiers is the type of credential to include in lists: whichever type is asked for, the rows come with the
// identifiers of all types, and this type brings no hash and no token along.
const IncludeIdentifiers = CredentialCode

// The states of an identity. A later server may add others.
const (
	StateActive   = "active"
	StateInactive = "inactive"
)
