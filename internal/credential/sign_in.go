package credential

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// reader reads identities from the admin API.
type reader interface {
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
}

// SignIn is an identity with the facts about its credentials that determine whether the person can sign in.
type SignIn struct {
	*kratos.Identity

	// Guarded reports whether the server itself refuses to delete the last way to sign in, as versions from v25.4 do.
	Guarded bool
}

// ReadSignIn reads an identity with the content of its credentials, and of further types. A server that doesn't support
// saml is older than v25.4.
func ReadSignIn(ctx context.Context, c reader, id string, more ...string) (SignIn, error) {
	types := slices.Compact(slices.Sorted(slices.Values(append(more, Password, OIDC, WebAuthn, Passkey))))
	identity, err := c.GetIdentity(ctx, id, append(types, SAML)...)
	if err == nil {
		return SignIn{identity, true}, nil
	}
	if IsUnknownType(err) {
		identity, err = c.GetIdentity(ctx, id, types...)
	}
	return SignIn{identity, false}, err
}

// IsUnknownType reports whether the error is the server's answer to a GET that asks for a type of credential that the
// server doesn't support.
func IsUnknownType(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusBadRequest &&
		strings.Contains(answer.Reason, "include_credential")
}

// Remains reports whether the person can still sign in after the deletion of the identifiers in without, which is keyed
// by type of credential.
//
// A code by e-mail or SMS is a way to sign in only if the server's configuration allows it. The admin API doesn't show
// this setting: every identity has a credential "code". A code therefore counts only on a guarded server. A guarded
// server counts a code for every identity, even without an address, so Remains also requires an identifier.
func (s SignIn) Remains(without map[string][]string) bool {
	for kind, credential := range s.Credentials {
		identifiers := slices.DeleteFunc(slices.Clone(credential.Identifiers), func(identifier string) bool {
			return identifier == "" || slices.Contains(without[kind], identifier)
		})
		if len(identifiers) == 0 {
			continue
		}
		switch kind {
		case OIDC, SAML:
			return true
		case Password, WebAuthn, Passkey:
			if credential.IsSet {
				return true
			}
		case Code:
			if s.Guarded {
				return true
			}
		}
	}
	return false
}

// RemainsAfterPatch is [SignIn.Remains] for a removal by a JSON Patch, which no version of the server guards.
func (s SignIn) RemainsAfterPatch(without map[string][]string) bool {
	return SignIn{s.Identity, false}.Remains(without)
}

// Has reports whether the identity has the credential. For oidc and saml, the credential is the link with this
// identifier.
func (s SignIn) Has(kind, identifier string) bool {
	credential, ok := s.Credentials[kind]
	switch kind {
	case OIDC, SAML:
		return slices.Contains(credential.Identifiers, identifier)
	case Password: // the server lists a password for every identity, even if none is set
		return credential.IsSet
	case WebAuthn: // the server lists one wherever the schema marks an identifier for it
		return credential.HasSecondFactor || credential.IsSet
	case Passkey:
		return credential.IsSet
	default:
		return ok
	}
}
