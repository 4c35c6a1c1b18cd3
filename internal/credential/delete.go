package credential

import (
	"context"
	"errors"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Delete deletes one credential. It succeeds if the credential no longer exists. If the answer to a deletion is lost,
// the client repeats the request, and a server that guards the last way to sign in may refuse the repeated request
// although it has deleted the credential.
func Delete(ctx context.Context, c Client, id, kind, identifier string) error {
	err := c.DeleteCredential(ctx, id, kind, identifier)
	if err == nil || errors.Is(err, kratos.ErrNotFound) {
		return nil
	}
	current, readErr := ReadSignIn(ctx, c, id)
	if readErr == nil && !current.unread(kind) && !current.Has(kind, identifier) {
		return nil
	}
	return err
}

// DeletionRule is the rule by which a server from v25.4 on refuses a deletion.
const DeletionRule = "The server deletes a link or a password only if the identity has at least two ways to sign in " +
	"that the server counts: a password, each link of oidc, security keys and passkeys that sign in without a " +
	"password, and sign-in by code if the server's configuration enables it. The server does not count links of " +
	"organizations and, on self-hosted servers, links of saml. Before such a link is deleted, the identity needs two " +
	"other ways to sign in."
