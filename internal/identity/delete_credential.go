package identity

import (
	"context"
	"errors"
	"slices"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Types of credential, besides links, that the server can delete.
const (
	credentialPassword     = "password"
	credentialTOTP         = "totp"
	credentialLookupSecret = "lookup_secret"
	credentialWebAuthn     = "webauthn"
)

// has says whether the identity has the credential: of oidc and saml the link with this identifier.
func (s signIn) has(kind, identifier string) bool {
	credential, ok := s.Credentials[kind]
	switch kind {
	case oidc, saml:
		return slices.Contains(credential.Identifiers, identifier)
	case credentialPassword: // which everybody has, set or not
		return credential.IsSet
	case credentialWebAuthn: // which everybody has whose schema names an identifier for it; the server deletes only second factors
		return credential.HasSecondFactor
	default:
		return ok
	}
}

// deleteCredential deletes one credential. One that is gone is done: a deletion whose answer was lost is repeated, and a server
// that guards the last way in then refuses what it has done.
func deleteCredential(ctx context.Context, c client, id, kind, identifier string) error {
	err := c.DeleteCredential(ctx, id, kind, identifier)
	if err == nil || errors.Is(err, kratos.ErrNotFound) {
		return nil
	}
	if current, readErr := readSignIn(ctx, c, id); readErr == nil && !current.has(kind, identifier) {
		return nil
	}
	return err
}
