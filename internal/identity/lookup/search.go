package lookup

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxIDs is how many ids go into one request: more make an address too long for some proxies.
	maxIDs = 100

	// maxRows is the largest page that every version of the server serves.
	maxRows = 500
)

// includeCredential is the type of credential that lists are asked for. Whatever the type is, the rows have the identifiers of all types.
// A credential of this type has no secret.
const includeCredential = credential.Code

// Search is what to look for among the identities. The server takes one filter at a time, and v1.3 ignores some, so that one is
// sent and all are applied to what comes back.
type Search struct {
	IDs          []string // lower-case UUIDs; nil for any, empty for none
	Identifier   string
	Organization string
	SchemaID     string
	State        string

	// Limit is how many results are wanted at most, 0 for all of them. It only shapes the requests; stopping is the caller's.
	Limit int
}

// Absent are the ids asked for, from which those that are found are to be taken.
func (s Search) Absent() map[string]bool {
	absent := map[string]bool{}
	for _, id := range s.IDs {
		absent[id] = true
	}
	return absent
}

// Rows yields what the server lists, in the order of the ids; the caller keeps what matches. An error ends it.
func (s Search) Rows(ctx context.Context, c Lister) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		for _, options := range s.requests() {
			for identity, err := range list(ctx, c, options) {
				if !yield(identity, err) || err != nil {
					return
				}
			}
		}
	}
}

// requests are the lists that have all that is looked for.
func (s Search) requests() []kratos.ListIdentitiesOptions {
	options := kratos.ListIdentitiesOptions{IncludeCredential: []string{includeCredential}, PageSize: s.pageSize()}
	switch {
	case s.IDs != nil:
		var all []kratos.ListIdentitiesOptions
		sorted := slices.Compact(slices.Sorted(slices.Values(s.IDs)))
		for ids := range slices.Chunk(sorted, maxIDs) {
			options.IDs, options.PageSize = ids, maxIDs
			all = append(all, options)
		}
		return all
	case s.Identifier != "":
		options.CredentialsIdentifier = s.Identifier
	default:
		options.OrganizationID = s.Organization
	}
	return []kratos.ListIdentitiesOptions{options}
}

// pageSize is the largest unless the server itself picks all that is wanted: else there may be little on a page. v1.3 doesn't pick
// those of an organization.
func (s Search) pageSize() int {
	if s.Limit > 0 && s.SchemaID == "" && s.State == "" && s.Organization == "" {
		return min(s.Limit, maxRows)
	}
	return maxRows
}

// Matches applies the filters to a row.
func (s Search) Matches(identity *kratos.Identity) bool {
	return (s.SchemaID == "" || identity.SchemaID == s.SchemaID) &&
		(s.State == "" || identity.State == s.State) &&
		(s.Organization == "" || strings.EqualFold(identity.OrganizationID, s.Organization)) &&
		// Where the server was asked for the identifier, the rows were checked for it.
		(s.Identifier == "" || s.IDs == nil || hasIdentifier(identity, s.Identifier))
}

// Collect returns what matches, sorted by id and no more than the limit, and the ids that were asked for and aren't there.
func (s Search) Collect(ctx context.Context, c Lister) (found []*kratos.Identity, missing []string, err error) {
	absent := s.Absent()
	full := func() bool { return s.Limit > 0 && len(found) >= s.Limit }
	for identity, err := range s.Rows(ctx, c) {
		if err != nil {
			return nil, nil, err
		}
		delete(absent, identity.ID)
		if !full() && s.Matches(identity) {
			found = append(found, identity)
		}
		if full() && s.IDs == nil {
			break // with ids, the rest still tells which are missing
		}
	}
	slices.SortFunc(found, func(a, b *kratos.Identity) int { return cmp.Compare(a.ID, b.ID) })
	missing = slices.AppendSeq(make([]string, 0, len(absent)), maps.Keys(absent))
	slices.Sort(missing)
	return found, missing, nil
}
