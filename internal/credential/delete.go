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
	if current, readErr := ReadSignIn(ctx, c, id); readErr == nil && !current.Has(kind, identifier) {
		return nil
	}
	return err
}

// DeletionRule is the rule by which a server from v25.4 on refuses a deletion.
const DeletionRule = "The server deletes a link or a password only while the person has two ways to sign in that it " +
	"counts: a password, each link of oidc, security keys and passkeys that sign in alone, and sign-in by code where " +
	"its configuration has that. It doesn't count links of organizations and, self-hosted, those of saml; to delete one " +
	"of these, the person needs two others."
