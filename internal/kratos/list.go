package kratos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const defaultPageSize = 250

// MaxPageSize is the most that a page of a list holds: v26 silently serves no more.
const MaxPageSize = 500

// ListIdentitiesOptions filter and shape a list. v26 answers 400 to more than one filter.
type ListIdentitiesOptions struct {
	IDs                   []string // unknown ones are left out; at most 500 on v26, and 100 keep the URL short enough for proxies
	CredentialsIdentifier string   // the whole identifier; the server lower-cases and trims it
	OrganizationID        string   // v1.3 ignores it and returns everyone: check the rows
	IncludeCredential     []string // types; without them rows have no Credentials, unless CredentialsIdentifier is set
	PageSize              int      // 0 means 250; at most 500
}

// ListIdentities makes GET /admin/identities ("listIdentities") page by page, as far as the caller goes on reading. Each
// identity comes once. An error is yielded once, with a nil identity, and ends the list.
func (c *Client) ListIdentities(ctx context.Context, opts ListIdentitiesOptions) iter.Seq2[*Identity, error] {
	return func(yield func(*Identity, error) bool) {
		seen := map[string]bool{}
		r := request{method: http.MethodGet, path: identitiesPath, query: opts.query(), items: len(opts.IDs)}
		for page, err := range c.pages(ctx, r) {
			var rows []*Identity
			if err == nil {
				rows, err = page.identities()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if seen[row.ID] {
					continue
				}
				seen[row.ID] = true
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// ListedIdentity is a row of a list that isn't decoded yet.
type ListedIdentity struct {
	ID  string
	row json.RawMessage
}

// UnmarshalJSON keeps a row as it is.
func (l *ListedIdentity) UnmarshalJSON(data []byte) error {
	var head struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(data, &head)
	l.ID, l.row = head.ID, bytes.Clone(data)
	return err
}

// Size is how many bytes the row has.
func (l ListedIdentity) Size() int { return len(l.row) }

// Identity decodes the row.
func (l ListedIdentity) Identity() (*Identity, error) {
	var identity Identity
	if err := json.Unmarshal(l.row, &identity); err != nil {
		return nil, fmt.Errorf("reading the identity %s from a list: %w", l.ID, err)
	}
	return &identity, nil
}

// PeekIdentities is one page of [Client.ListIdentities], that of a token, "" for the first, with the token of the page after it, ""
// for none. It is for who can do without: it makes a single attempt, and a page of more bytes than the limit is an error.
func (c *Client) PeekIdentities(ctx context.Context, opts ListIdentitiesOptions, token string, limit int) (rows []ListedIdentity, next string, err error) {
	r := request{method: http.MethodGet, path: identitiesPath, query: opts.query(), once: true, limit: limit}
	if token != "" {
		r.query.Set("page_token", token)
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, "", err
	}
	rows, err = listed(a, func(row ListedIdentity) string { return row.ID })
	return rows, nextPageToken(a.header), err
}

// query always has a page size: without one, a list of 400 ids gets 250 rows. Eventual consistency, which is Ory Network's
// alone, would miss what was written in the last seconds.
func (o ListIdentitiesOptions) query() url.Values {
	size := o.PageSize
	if size <= 0 {
		size = max(defaultPageSize, len(o.IDs))
	}
	query := url.Values{"page_size": {strconv.Itoa(min(size, MaxPageSize))}, "consistency": {"strong"}}
	if len(o.IDs) > 0 {
		query["ids"] = o.IDs
	}
	if o.CredentialsIdentifier != "" {
		query.Set("credentials_identifier", o.CredentialsIdentifier)
	}
	if o.OrganizationID != "" {
		query.Set("organization_id", o.OrganizationID)
	}
	if len(o.IncludeCredential) > 0 {
		query["include_credential"] = o.IncludeCredential
	}
	return query
}

// identities decodes a page.
func (a *answer) identities() ([]*Identity, error) {
	return listed(a, func(row *Identity) string {
		if row == nil {
			return ""
		}
		return row.ID
	})
}

// listed decodes a page of identities, each of which must have an id.
func listed[T any](a *answer, id func(row T) string) (rows []T, err error) {
	if err := json.Unmarshal(a.body, &rows); err != nil || rows == nil {
		return nil, a.notKratos("no list of identities, but " + a.otherJSON())
	}
	for _, row := range rows {
		if id(row) == "" {
			return nil, a.notKratos("a list with an identity that has no id")
		}
	}
	return rows, nil
}

// pages makes r, and again with each page token that the server gives ("Pagination" of the Ory documentation). An error ends
// it, and so does a token that was used before, which would go round for ever.
func (c *Client) pages(ctx context.Context, r request) iter.Seq2[*answer, error] {
	return func(yield func(*answer, error) bool) {
		used := map[string]bool{}
		for {
			a, err := c.do(ctx, r)
			if !yield(a, err) || err != nil {
				return
			}
			token := nextPageToken(a.header)
			if token == "" {
				return
			}
			if used[token] {
				yield(nil, a.notKratos("a list whose pages go in a circle"))
				return
			}
			used[token] = true
			r.query.Set("page_token", token)
		}
	}
}

// nextPageToken takes the token alone from the Link header (RFC 8288): the address there is the server's idea of itself, which
// behind a gateway is not where we reach it.
func nextPageToken(header http.Header) string {
	for _, line := range header.Values("Link") {
		for _, link := range strings.Split(line, "<")[1:] {
			target, params, ok := strings.Cut(link, ">")
			if !ok || !isNext(params) {
				continue
			}
			if u, err := url.Parse(target); err == nil {
				return u.Query().Get("page_token")
			}
		}
	}
	return ""
}

// isNext finds rel="next" among the parameters of a link.
func isNext(params string) bool {
	for param := range strings.SplitSeq(strings.TrimRight(params, ", "), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(value, `"`), "next") {
			return true
		}
	}
	return false
}
