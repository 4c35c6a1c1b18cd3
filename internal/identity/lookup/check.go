package lookup

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// ErrFilterIgnored means that an answer contains an identity that the request excluded. A repeated request gives the
// same answer.
var ErrFilterIgnored = errors.New("the server, or a gateway before it, ignored the filter")

// filterIgnored returns an error that wraps [ErrFilterIgnored]. Its message leaves out the value of the filter, which
// may be a sensitive trait.
func filterIgnored(filter, id, lacks string) error {
	return fmt.Errorf("%w %s: it answered with the identity %s, which %s. "+
		"%s", ErrFilterIgnored, filter, id, lacks, checkGateways)
}

const checkGateways = "Check that every gateway between the provider and the admin API forwards the path and the " +
	"query of requests unchanged"

// list requests a list and checks each row against the filters that every version of the server applies. The options
// must include a credential, so that the rows have identifiers. An error ends the list.
func list(ctx context.Context, c Lister, options kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		for identity, err := range c.ListIdentities(ctx, options) {
			switch {
			case err == nil:
				err = check(identity, options)
			case errors.Is(err, kratos.ErrWrongIdentity): // the client itself checks lists by ids
				err = fmt.Errorf("%w ids: %w. %s", ErrFilterIgnored, err, checkGateways)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(identity, nil) {
				return
			}
		}
	}
}

func check(identity *kratos.Identity, options kratos.ListIdentitiesOptions) error {
	switch {
	case options.CredentialsIdentifier != "" && !hasIdentifier(identity, options.CredentialsIdentifier):
		return filterIgnored("credentials_identifier", identity.ID, "does not have the requested login identifier")
	case options.IDs != nil && !slices.Contains(options.IDs, identity.ID):
		return filterIgnored("ids", identity.ID, "is not one of the requested ids")
	}
	return nil
}

// checkExternalID checks that the answer to a request for an external id has this external id.
func checkExternalID(identity *kratos.Identity, externalID string) error {
	if identity.ExternalID != externalID {
		return filterIgnored("external_id", identity.ID, "does not have the requested external_id")
	}
	return nil
}

// Confirm reads an identity of a search result by its id, and returns an error if the two are different identities. It
// compares the date of creation, which never changes.
func Confirm(ctx context.Context, c Client, found *kratos.Identity) error {
	identity, err := c.GetIdentity(ctx, found.ID)
	if err == nil && identity.CreatedAt != found.CreatedAt {
		return fmt.Errorf("%w: a search returned an identity with the id %s, but the server has another identity with "+
			"this id. %s", kratos.ErrWrongIdentity, found.ID, checkGateways)
	}
	return err
}

// hasIdentifier compares links exactly, and identifiers of other types in the way of every version of the server.
func hasIdentifier(identity *kratos.Identity, identifier string) bool {
	canonical := traitschema.Canonical(identifier)
	for kind, c := range identity.Credentials {
		if slices.ContainsFunc(c.Identifiers, func(has string) bool {
			return has == identifier || (!credential.IsLink(kind) && traitschema.Canonical(has) == canonical)
		}) {
			return true
		}
	}
	return false
}

// hasPrefix reports whether a login identifier begins with the prefix, by the rules of hasIdentifier.
func hasPrefix(identity *kratos.Identity, prefix string) bool {
	folded := traitschema.Canonical(prefix)
	for kind, c := range identity.Credentials {
		if slices.ContainsFunc(c.Identifiers, func(has string) bool {
			return strings.HasPrefix(has, prefix) ||
				(!credential.IsLink(kind) && strings.HasPrefix(traitschema.Canonical(has), folded))
		}) {
			return true
		}
	}
	return false
}

// serverPrefix returns the part of a prefix that the server can search for with every database and every form of an
// identifier: the characters before the first one that isn't printable ASCII or that is special in LIKE. The server
// escapes special characters with a backslash, and SQLite interprets the backslash as a character of the identifier.
func serverPrefix(prefix string) string {
	end := strings.IndexFunc(prefix, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`%_\`, r) })
	if end < 0 {
		end = len(prefix)
	}
	return strings.TrimSpace(prefix[:end])
}
