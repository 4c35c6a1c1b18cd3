package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// signIn is an identity with the facts of its credentials that tell who can sign in.
type signIn struct {
	*kratos.Identity

	// guarded says that the server itself refuses to delete the last way in, as versions from v25.4 do.
	guarded bool
}

// readSignIn reads an identity together with what its credentials hold. A server that doesn't know saml is older than v25.4.
func readSignIn(ctx context.Context, c client, id string) (signIn, error) {
	types := []string{"password", "oidc", "webauthn", "passkey"}
	identity, err := c.GetIdentity(ctx, id, append(types, saml)...)
	if err == nil {
		return signIn{identity, true}, nil
	}
	if isUnknownCredential(err) {
		identity, err = c.GetIdentity(ctx, id, types...)
	}
	return signIn{identity, false}, err
}

// isUnknownCredential knows a server's answer to a GET that asks for a type of credential that it doesn't have.
func isUnknownCredential(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusBadRequest && strings.Contains(answer.Reason, "include_credential")
}

// remains says whether the person can still sign in when the links with these identifiers, by type, are gone.
//
// A code by e-mail or SMS is a way in only where the server's configuration has it so, which the admin API doesn't tell: an
// identity has a credential "code" in any case. So it counts where the server asks that question itself at each deletion (it
// counts a code for everyone, though, also for those without an address, which is why this is asked as well).
func (s signIn) remains(without map[string][]string) bool {
	for kind, credential := range s.Credentials {
		identifiers := slices.DeleteFunc(slices.Clone(credential.Identifiers), func(identifier string) bool {
			return identifier == "" || slices.Contains(without[kind], identifier)
		})
		if len(identifiers) == 0 {
			continue
		}
		switch kind {
		case oidc, saml:
			return true
		case "password", "webauthn", "passkey":
			if credential.IsSet {
				return true
			}
		case "code":
			if s.guarded {
				return true
			}
		}
	}
	return false
}
