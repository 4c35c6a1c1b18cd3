package credential

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Client is the part of the admin API that this package uses.
type Client interface {
	reader
	DeleteCredential(ctx context.Context, id, kind, identifier string) error
	PatchIdentity(ctx context.Context, id string, ops []kratos.PatchOperation) (*kratos.Identity, error)
}

// ErrNeedsPatch means that only servers from v25.4 on can remove the credential.
var ErrNeedsPatch = errors.New("needs Kratos v25.4 or later, or Ory Network")

// LastWayError means that the credential is the last way to sign in and was not removed.
type LastWayError struct {
	Guarded bool  // whether the server looks for a last way itself, so that sign-in by code counts
	Answer  error // the server's refusal, nil if this package has refused
}

// Error says why nothing was removed.
func (e *LastWayError) Error() string {
	if e.Answer != nil {
		return strings.TrimSuffix(e.Answer.Error(), ".") + ". " + DeletionRule
	}
	why := "without this credential nobody could sign in to the identity: the identity has no password, no other link " +
		"and no passkey."
	if !e.Guarded {
		why += " Sign-in by code does not count, because the server does not show whether it is enabled."
	}
	return why
}

// Unwrap returns the server's refusal.
func (e *LastWayError) Unwrap() error { return e.Answer }

// ErrUnread means that it can't be known whether a credential is set. A proxy or a gateway has probably dropped the
// query of the request or parts of the answer.
var ErrUnread = errors.New("the answer of the server does not contain the content of the credential, although the " +
	"provider asked for it (include_credential): a proxy or gateway between the provider and Kratos may drop the query " +
	"or parts of the answer")

// unread reports whether Has can't tell: the credential exists, and the answer lacks its content.
func (s SignIn) unread(kind string) bool {
	has, exists := s.Credentials[kind]
	return exists && !has.Known && (kind == Password || kind == WebAuthn || kind == Passkey)
}

// Remove removes one link, or all credentials of another type. It reports whether there was a credential to remove. It
// refuses to remove the last way to sign in, on every version of the server.
func Remove(ctx context.Context, c Client, id, kind, identifier string) (removed bool, err error) {
	before, err := ReadSignIn(ctx, c, id)
	switch {
	case err != nil:
		return false, err
	case before.unread(kind):
		return false, ErrUnread
	case !before.Has(kind, identifier):
		return false, nil
	case !before.Guarded && (kind == Password || before.needsPatch(kind)):
		return false, ErrNeedsPatch
	case before.needsPatch(kind) && !before.RemainsAfterPatch(before.without(kind, identifier)):
		return false, &LastWayError{}
	case before.needsPatch(kind):
		err = patchAway(ctx, c, id, kind)
	case isFirstFactor(kind) && !before.Remains(before.without(kind, identifier)):
		return false, &LastWayError{Guarded: before.Guarded}
	default:
		err = Delete(ctx, c, id, kind, identifier)
	}
	if err != nil && strings.Contains(err.Error(), "last first factor") {
		err = &LastWayError{Guarded: true, Answer: err}
	}
	return err == nil, err
}

// needsPatch reports whether only a JSON Patch can remove the credential. A DELETE doesn't remove passkeys, and it
// removes only those keys of webauthn that are second factors.
func (s SignIn) needsPatch(kind string) bool {
	return kind == Passkey || kind == WebAuthn && s.Credentials[WebAuthn].IsSet
}

// isFirstFactor reports whether a credential that the server deletes is sufficient to sign in.
func isFirstFactor(kind string) bool { return IsLink(kind) || kind == Password }

// without returns the identifiers that a removal removes, by type of credential.
func (s SignIn) without(kind, identifier string) map[string][]string {
	if identifier != "" {
		return map[string][]string{kind: {identifier}}
	}
	return map[string][]string{kind: s.Credentials[kind].Identifiers}
}

// patchAway removes a credential by a JSON Patch, from which the server doesn't protect the last way to sign in. The
// client doesn't repeat a patch that removes a value. If the answer is lost, a read of the identity shows whether the
// credential was removed.
func patchAway(ctx context.Context, c Client, id, kind string) error {
	ops := []kratos.PatchOperation{{Op: kratos.OpRemove, Path: kratos.CredentialPointer(kind)}}
	_, err := c.PatchIdentity(ctx, id, ops)
	if err == nil {
		return nil
	}
	if current, readErr := ReadSignIn(ctx, c, id); readErr == nil && !current.unread(kind) && !current.Has(kind, "") {
		return nil
	}
	return err
}

// lister lists identities from the admin API.
type lister interface {
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
}

// nobody is an id that no identity has.
const nobody = "00000000-0000-0000-0000-000000000000"

// CanPatch asks whether the server's JSON Patch can change and remove existing credentials. The versions that can are
// those that support the type saml. A server refuses a list that includes an unknown type.
func CanPatch(ctx context.Context, c lister) (bool, error) {
	opts := kratos.ListIdentitiesOptions{IDs: []string{nobody}, IncludeCredential: []string{SAML}}
	for _, err := range c.ListIdentities(ctx, opts) {
		if IsUnknownType(err) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("asking whether the server can change and remove credentials: %w", err)
		}
	}
	return true, nil
}
