package identity

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

const (
	// maxIDs is how many ids go into one request: more make an address too long for some proxies.
	maxIDs = 100

	// maxRows is the largest page that every version of the server serves.
	maxRows = 500
)

// credentialsOfAll is the type of credential to ask lists for: whatever it is, the rows come with the identifiers of all types.
// This one has no secrets to come with them.
const credentialsOfAll = "code"

// search is what to look for among the identities. The server takes one filter at a time, and v1.3 ignores some, so that one is
// sent and all are applied to what comes back.
type search struct {
	ids          []string // lower-case UUIDs; nil for any, empty for none
	identifier   string
	organization string
	schemaID     string
	state        string

	// limit is how many results are wanted at most, 0 for all of them. It only shapes the requests; stopping is the caller's.
	limit int
}

// absent are the ids asked for, from which those that are found are to be taken.
func (s search) absent() map[string]bool {
	absent := map[string]bool{}
	for _, id := range s.ids {
		absent[id] = true
	}
	return absent
}

// rows yields what the server lists, in the order of the ids; the caller keeps what matches. An error ends it.
func (s search) rows(ctx context.Context, c client) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		for _, options := range s.requests() {
			for identity, err := range c.ListIdentities(ctx, options) {
				if !yield(identity, err) || err != nil {
					return
				}
			}
		}
	}
}

// requests are the lists that have all that is looked for.
func (s search) requests() []kratos.ListIdentitiesOptions {
	options := kratos.ListIdentitiesOptions{IncludeCredential: []string{credentialsOfAll}, PageSize: s.pageSize()}
	switch {
	case s.ids != nil:
		var all []kratos.ListIdentitiesOptions
		sorted := slices.Compact(slices.Sorted(slices.Values(s.ids)))
		for ids := range slices.Chunk(sorted, maxIDs) {
			options.IDs, options.PageSize = ids, maxIDs
			all = append(all, options)
		}
		return all
	case s.identifier != "":
		options.CredentialsIdentifier = s.identifier
	default:
		options.OrganizationID = s.organization
	}
	return []kratos.ListIdentitiesOptions{options}
}

// pageSize is the largest unless the server itself picks all that is wanted: else there may be little on a page. v1.3 doesn't pick
// those of an organization.
func (s search) pageSize() int {
	if s.limit > 0 && s.schemaID == "" && s.state == "" && s.organization == "" {
		return min(s.limit, maxRows)
	}
	return maxRows
}

// matches applies the filters to a row.
func (s search) matches(identity *kratos.Identity) bool {
	return (s.schemaID == "" || identity.SchemaID == s.schemaID) &&
		(s.state == "" || identity.State == s.state) &&
		(s.organization == "" || strings.EqualFold(identity.OrganizationID, s.organization)) &&
		// Where the server was asked for the identifier, it knows better: later versions write phone numbers in another way.
		(s.identifier == "" || s.ids == nil || hasIdentifier(identity, s.identifier))
}

// hasIdentifier compares as the server does: accounts elsewhere exactly, all else folded.
func hasIdentifier(identity *kratos.Identity, identifier string) bool {
	for kind, credential := range identity.Credentials {
		if slices.ContainsFunc(credential.Identifiers, func(has string) bool {
			return has == identifier || !slices.Contains(linkKinds, kind) && traitschema.Fold(has) == traitschema.Fold(identifier)
		}) {
			return true
		}
	}
	return false
}
