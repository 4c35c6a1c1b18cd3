package lookup

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// maxIDs is the number of ids in one request. More ids make the URL too long for some proxies.
const maxIDs = kratos.MaxIDsPerList

// includeCredential is the type of credential that a list requests. For any type, the rows contain the identifiers of
// all types. This type has no secret.
const includeCredential = kratos.IncludeIdentifiers

// Search has the filters of a list of identities. The server accepts one filter per request, and v1.3 ignores some
// filters. Each request therefore has one filter, and the caller applies all filters to the rows with [Search.Matches].
type Search struct {
	IDs          []string // lower-case UUIDs; nil for any, empty for none
	Identifier   string
	Prefix       string // of a login identifier
	Organization string
	SchemaID     string
	State        string
	Traits       json.RawMessage // an object whose members the traits must have; nil for any

	// Limit is the largest number of results, 0 for no limit. It determines the page size and limits Collect. It doesn't
	// limit Rows.
	Limit int
}

// Absent returns the requested ids. The caller deletes each id that it finds, so that the missing ids remain.
func (s Search) Absent() map[string]bool {
	absent := map[string]bool{}
	for _, id := range s.IDs {
		absent[id] = true
	}
	return absent
}

// Rows yields the checked rows of the server in the order of their ids. It includes rows that don't match all filters.
// An error ends the sequence.
func (s Search) Rows(ctx context.Context, c Lister) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		found := false
		for _, options := range s.requests() {
			if found && options.CredentialsIdentifier != "" {
				return // another form of the same identifier
			}
			for identity, err := range list(ctx, c, options) {
				if !yield(identity, err) || err != nil {
					return
				}
				found = true
			}
		}
	}
}

// forms returns the identifier as it is given, and in the other forms in which the server may store it. Terraform
// converts every text to NFC, but versions up to v26.2 store what they are sent, such as NFD, except phone numbers to
// which codes are sent.
func forms(identifier string) []string {
	all := []string{identifier, norm.NFD.String(identifier)}
	if number, ok := traitschema.E164(identifier); ok {
		all = append(all, number)
	}
	return slices.Compact(all)
}

// requests returns the options of the list requests that together return all results. For an identifier, the first
// request that has a result is enough.
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
		var all []kratos.ListIdentitiesOptions
		for _, form := range forms(s.Identifier) {
			options.CredentialsIdentifier = form
			all = append(all, options)
		}
		return all
	case serverPrefix(s.Prefix) != "":
		options.IdentifierPrefix = serverPrefix(s.Prefix)
	default:
		options.OrganizationID = s.Organization
	}
	return []kratos.ListIdentitiesOptions{options}
}

// pageSize returns the limit if the server applies all filters. Otherwise few rows of a page may match, so the page is
// as large as possible. v1.3 doesn't filter by organization.
func (s Search) pageSize() int {
	picks := s.Prefix != "" || s.SchemaID != "" || s.State != "" || s.Organization != "" || s.Traits != nil
	if s.Limit > 0 && !picks {
		return min(s.Limit, kratos.MaxPageSize)
	}
	return kratos.MaxPageSize
}

// Matches reports whether a row passes all filters.
func (s Search) Matches(identity *kratos.Identity) bool {
	return (s.SchemaID == "" || identity.SchemaID == s.SchemaID) &&
		(s.State == "" || identity.State == s.State) &&
		(s.Organization == "" || strings.EqualFold(identity.OrganizationID, s.Organization)) &&
		// Without ids, the server filters by identifier, and list has checked the rows already.
		(s.Identifier == "" || s.IDs == nil || hasIdentifier(identity, s.Identifier)) &&
		(s.Prefix == "" || hasPrefix(identity, s.Prefix)) &&
		(s.Traits == nil || jsonvalue.Contains(identity.Traits, s.Traits))
}

// Collect returns the matching rows, sorted by id, up to the limit. It also returns the ids for which the server has no
// identity.
func (s Search) Collect(ctx context.Context, c Lister) (found []*kratos.Identity, missing []string, err error) {
	absent := s.Absent()
	var kept kratos.Kept
	full := func() bool { return s.Limit > 0 && len(found) >= s.Limit }
	for identity, err := range s.Rows(ctx, c) {
		if err != nil {
			return nil, nil, err
		}
		delete(absent, identity.ID)
		if !full() && s.Matches(identity) {
			if err := kept.Add(identity); err != nil {
				return nil, nil, err
			}
			found = append(found, identity)
		}
		if full() && s.IDs == nil {
			break // a search for ids continues: the other rows show which ids are missing
		}
	}
	slices.SortFunc(found, func(a, b *kratos.Identity) int { return cmp.Compare(a.ID, b.ID) })
	missing = slices.AppendSeq(make([]string, 0, len(absent)), maps.Keys(absent))
	slices.Sort(missing)
	return found, missing, nil
}
