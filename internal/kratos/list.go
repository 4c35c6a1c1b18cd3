package kratos

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// ListIdentitiesOptions filter and shape a list. v26 answers 400 to more than one filter.
type ListIdentitiesOptions struct {
	IDs                   []string // the server leaves unknown ids out; at most MaxIDsPerList
	CredentialsIdentifier string   // the complete identifier; the server converts it to lower case and trims it
	IdentifierPrefix      string   // see Search of package lookup for the rules of the server
	OrganizationID        string   // v1.3 ignores it and returns all identities: check the rows
	IncludeCredential     []string // types; without them rows have no Credentials, unless CredentialsIdentifier is set
	PageSize              int      // 0 means 250; at most MaxLongPageSize
}

// ListIdentities sends GET /admin/identities ("listIdentities") page by page, until the caller stops reading. It yields
// each identity once. A list by ids ends when all ids were found. An identity that was not requested is
// [ErrWrongIdentity]. An error is yielded once, with a nil identity, and ends the list.
func (c *Client) ListIdentities(ctx context.Context, opts ListIdentitiesOptions) iter.Seq2[*Identity, error] {
	return func(yield func(*Identity, error) bool) {
		l := listing{missing: map[string]bool{}, seen: map[[16]byte]bool{}, byID: len(opts.IDs) > 0}
		for _, id := range opts.IDs {
			l.missing[strings.ToLower(id)] = true
		}
		r := request{method: http.MethodGet, path: identitiesPath, query: opts.query(), items: len(opts.IDs)}
		err := c.pages(ctx, r, l.read, func() bool {
			for _, row := range l.page {
				if !yield(row, nil) {
					return false
				}
			}
			return !l.byID || len(l.missing) > 0
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// listing is the state of a list while its pages are read.
type listing struct {
	byID    bool
	missing map[string]bool // the ids of a list by ids that were not found yet
	seen    map[[16]byte]bool
	page    []*Identity // the new rows of the last page
}

// read sets the new rows of a page.
func (l *listing) read(res *response) (fresh int, err error) {
	rows, err := listed[Identity](res)
	if err != nil {
		return 0, err
	}
	l.page = l.page[:0]
	for i := range rows {
		id := rows[i].ID
		key := uuidKey(id)
		switch {
		case l.seen[key]:
			continue
		case l.byID && !l.missing[id]:
			return 0, res.wrongIdentity(mismatch("a list by ids contains the identity " + id + ", which was not requested"))
		case len(l.seen) == MaxListed:
			return 0, res.undecodable("", errTooMany("identities in one list", MaxListed))
		}
		l.seen[key] = true
		delete(l.missing, id)
		l.page = append(l.page, &rows[i])
	}
	return len(l.page), nil
}

// uuidKey converts a UUID to a map key that needs little memory.
func uuidKey(id string) (key [16]byte) {
	_, _ = hex.Decode(key[:], []byte(strings.ReplaceAll(id, "-", ""))) // the caller has checked the UUID
	return key
}

// ListedIdentity is a row of a list that isn't decoded yet.
type ListedIdentity struct {
	ID  string
	row json.RawMessage
}

// UnmarshalJSON keeps the JSON of the row.
func (l *ListedIdentity) UnmarshalJSON(data []byte) error {
	var head struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(data, &head)
	l.ID, l.row = strings.ToLower(head.ID), bytes.Clone(data)
	return err
}

// Size returns the length of the row in bytes.
func (l ListedIdentity) Size() int { return len(l.row) }

// Identity decodes the row.
func (l ListedIdentity) Identity() (*Identity, error) {
	var identity Identity
	if err := json.Unmarshal(l.row, &identity); err != nil {
		return nil, fmt.Errorf("reading the identity %s from a list: %w", l.ID, err)
	}
	return &identity, nil
}

// PeekIdentities returns one page of [Client.ListIdentities] by its token ("" for the first page), and the token of the
// next page ("" for none). It is for callers that can continue without the page: it makes only one attempt, and a page
// of more bytes than the limit is an error.
func (c *Client) PeekIdentities(
	ctx context.Context, opts ListIdentitiesOptions, token string, limit int,
) (rows []ListedIdentity, next string, err error) {
	r := request{method: http.MethodGet, path: identitiesPath, query: opts.query(), once: true, limit: limit}
	if token != "" {
		r.query.Set("page_token", token)
	}
	err = c.do(ctx, r, func(res *response) error {
		next = nextPageToken(res.header)
		rows, err = listed[ListedIdentity](res)
		return err
	})
	return rows, next, err
}

// query returns the query of the request. It always sets a page size, because without it the server returns 250 rows
// for a list of 400 ids. It requests strong consistency, because a list of Ory Network with eventual consistency misses
// the changes of the last seconds.
func (o ListIdentitiesOptions) query() url.Values {
	size := o.PageSize
	if size <= 0 {
		size = max(defaultPageSize, len(o.IDs))
	}
	query := url.Values{"page_size": {strconv.Itoa(min(size, MaxLongPageSize))}, "consistency": {"strong"}}
	if len(o.IDs) > 0 {
		query["ids"] = o.IDs
	}
	if o.CredentialsIdentifier != "" {
		query.Set("credentials_identifier", o.CredentialsIdentifier)
	}
	if o.IdentifierPrefix != "" {
		query.Set("preview_credentials_identifier_similar", o.IdentifierPrefix)
	}
	if o.OrganizationID != "" {
		query.Set("organization_id", o.OrganizationID)
	}
	if len(o.IncludeCredential) > 0 {
		query["include_credential"] = o.IncludeCredential
	}
	return query
}

// identified is a row with the id of an identity.
type identified interface{ identityID() string }

func (i Identity) identityID() string { return i.ID }

func (l ListedIdentity) identityID() string { return l.ID }

// listed decodes a page of identities and checks that each id is a UUID.
func listed[T identified](res *response) ([]T, error) {
	rows, err := decodeArray[T](res.body, "identities on one page", MaxLongPageSize)
	if err != nil {
		return nil, res.undecodable("list of identities", err)
	}
	for _, row := range rows {
		if !IsUUID(row.identityID()) {
			return nil, res.notKratos("a list with an identity whose id is not a UUID")
		}
	}
	return rows, nil
}
