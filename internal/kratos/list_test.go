package kratos

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func row(id string) string { return `{"id":"` + uuidOf(id) + `","schema_id":"s","traits":{}}` }

// pagesOf serves rows by page token, the first page under "".
func pagesOf(t *testing.T, pages map[string]string, next map[string]string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Query().Get("page_token")
		link := `</admin/identities?page_size=1&page_token=00000000>; rel="first"`
		if next[token] != "" {
			// The address is the server's own idea, and must not be used.
			link += fmt.Sprintf(`,<http://unreachable.invalid/x?page_token=%s&page_size=1>; rel="next"`, next[token])
		}
		w.Header().Set("Link", link)
		reply(t, w, 200, pages[token])
	}
}

func collect(t *testing.T, c *Client, opts ListIdentitiesOptions) (ids []string, err error) {
	t.Helper()
	for identity, e := range c.ListIdentities(t.Context(), opts) {
		if e != nil {
			if identity != nil || err != nil {
				t.Errorf("an identity with an error, or two errors: %v, %v", e, err)
			}
			err = e
			continue
		}
		ids = append(ids, identity.ID)
	}
	return ids, err
}

func TestClient_listPages(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"":  "[" + row("a") + "," + row("b") + "]",
		"b": "[" + row("b") + "," + row("c") + "]",
		"c": "[]",
	}
	c, rec := serve(t, pagesOf(t, pages, map[string]string{"": "b", "b": "c"}))
	for range 2 { // the sequence starts anew each time
		ids, err := collect(t, c, ListIdentitiesOptions{})
		if err != nil || !slices.Equal(ids, uuidsOf("a", "b", "c")) {
			t.Errorf("%v %v", ids, err)
		}
	}
	if rec.count() != 6 {
		t.Errorf("%d requests", rec.count())
	}
	for i, r := range rec.requests {
		q := r.URL.Query()
		if q.Get("page_size") != "250" || q.Get("consistency") != "strong" ||
			q.Get("page_token") != []string{"", "b", "c"}[i%3] {
			t.Errorf("request %d: %s", i, r.URL)
		}
	}
}

func TestClient_peekIdentities(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"":       "[" + row("a") + "," + row("b") + "]",
		"b":      "[" + row("c") + "]",
		"empty":  "[]",
		"nobody": "[{}]",
		"page":   "<html>",
	}
	c, rec := serve(t, pagesOf(t, pages, map[string]string{"": "b"}))
	peek := func(token string, limit int) (ids []string, next string, err error) {
		rows, next, err := c.PeekIdentities(t.Context(), ListIdentitiesOptions{}, token, limit)
		for _, row := range rows {
			identity, err := row.Identity()
			if err != nil || identity.ID != row.ID || identity.SchemaID != "s" || row.Size() < 10 {
				t.Errorf("%s decodes to %+v, %v", row.ID, identity, err)
			}
			ids = append(ids, row.ID)
		}
		return ids, next, err
	}
	const limit = 300
	if ids, next, err := peek("", limit); err != nil || next != "b" || !slices.Equal(ids, uuidsOf("a", "b")) {
		t.Errorf("first page: %v, %q, %v", ids, next, err)
	}
	if ids, next, err := peek("b", limit); err != nil || next != "" || !slices.Equal(ids, uuidsOf("c")) {
		t.Errorf("last page: %v, %q, %v", ids, next, err)
	}
	if ids, _, err := peek("empty", limit); err != nil || len(ids) > 0 {
		t.Errorf("empty page: %v, %v", ids, err)
	}
	for _, token := range []string{"nobody", "page"} {
		if _, _, err := peek(token, limit); !errors.Is(err, ErrNotKratos) {
			t.Errorf("%s: %v", token, err)
		}
	}
	if _, _, err := peek("", 20); err == nil || !strings.Contains(err.Error(), "larger than 20 bytes") {
		t.Errorf("too large a page: %v", err)
	}
	if n := rec.count(); n != 6 {
		t.Errorf("%d requests: each is made once", n)
	}
}

func TestClient_listStops(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, pagesOf(t, map[string]string{"": "[" + row("a") + "]"}, map[string]string{"": "b"}))
	for range c.ListIdentities(t.Context(), ListIdentitiesOptions{}) { //nolint:errcheck // an iterator; what it yields doesn't matter here
		break
	}
	if rec.count() != 1 {
		t.Errorf("%d requests after the caller stopped", rec.count())
	}
}

func TestClient_listErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		rows    int
		kinds   string
	}{
		"circle":  {pagesOf(t, map[string]string{"": "[" + row("a") + "]", "b": "[" + row("b") + "]"}, map[string]string{"": "b", "b": "b"}), 2, "NotKratos"},
		"object":  {always(t, 200, `{"identities":[]}`), 0, "NotKratos"},
		"null":    {always(t, 200, `[null]`), 0, "NotKratos"},
		"empty":   {always(t, 200, ``), 0, "NotKratos"},
		"html":    {always(t, 200, `<html>`), 0, "NotKratos"},
		"refused": {always(t, 403, shapedError("no")), 0, "Unauthorized"},
		"second":  {pagesOf(t, map[string]string{"": "[" + row("a") + "]", "b": "oops"}, map[string]string{"": "b"}), 1, "NotKratos"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, tc.handler)
			ids, err := collect(t, c, ListIdentitiesOptions{})
			if len(ids) != tc.rows || sentinels(err) != tc.kinds || err == nil {
				t.Errorf("%v %q: %v", ids, sentinels(err), err)
			}
		})
	}
}

func TestClient_listQuery(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts ListIdentitiesOptions
		want string
	}{
		{ListIdentitiesOptions{}, "consistency=strong&page_size=250"},
		{ListIdentitiesOptions{PageSize: 9999}, "consistency=strong&page_size=1000"},
		{ListIdentitiesOptions{IDs: []string{"a", "b"}, PageSize: 2}, "consistency=strong&ids=a&ids=b&page_size=2"},
		{
			ListIdentitiesOptions{CredentialsIdentifier: "a+b@x.io", IncludeCredential: []string{"code", "oidc"}},
			"consistency=strong&credentials_identifier=a%2Bb%40x.io&include_credential=code&include_credential=oidc&page_size=250",
		},
		{ListIdentitiesOptions{IdentifierPrefix: "a+"}, "consistency=strong&page_size=250&preview_credentials_identifier_similar=a%2B"},
		{ListIdentitiesOptions{OrganizationID: "o"}, "consistency=strong&organization_id=o&page_size=250"},
	} {
		if got := tc.opts.query().Encode(); got != tc.want {
			t.Errorf("%s, want %s", got, tc.want)
		}
	}
	many := ListIdentitiesOptions{IDs: slices.Repeat([]string{"a"}, 300)}
	if got := many.query().Get("page_size"); got != "300" {
		t.Errorf("300 ids with a page of %s", got)
	}
}

func TestNextPageToken(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		``:                               "",
		`</a?page_token=0>; rel="first"`: "",
		`</a?page_token=1>; rel="next"`:  "1",
		`</a?page_token=1>; rel=next`:    "1",
		`</a?x=a,b&page_token=1>; title="x"; rel="next", </b>; rel="prev"`:  "1",
		`</a?page_token=0>; rel="first",</a?page_token=a%2Fb>; rel="next"`:  "a/b",
		`<http://h/a?page_token=2>;REL="Next",</a?page_token=9>;rel="last"`: "2",
		`</a?page_token=1; rel="next"`:                                      "",
		`<:://%zz>; rel="next"`:                                             "",
	} {
		if got := nextPageToken(http.Header{"Link": {link}}); got != want {
			t.Errorf("%s: %q, want %q", link, got, want)
		}
	}
}

func TestClient_identitySchemas(t *testing.T) {
	t.Parallel()
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/schemas" {
			reply(t, w, 404, notFound)
			return
		}
		if r.URL.Query().Get("page_token") == "" {
			w.Header().Set("Link", `</schemas?page=1&page_token=t>; rel="next"`)
			reply(t, w, 200, `[{"id":"preset://email","schema":{"n":1.0}},{"id":"b","schema":{}}]`)
			return
		}
		reply(t, w, 200, `[{"id":"b","schema":{}},{"id":"c","schema":{}}]`)
	}, func(cfg *Config) { cfg.AdminURL += "/admin" })
	schemas, err := c.ListIdentitySchemas(t.Context())
	if err != nil || len(schemas) != 3 || string(schemas[0].Schema) != `{"n":1.0}` || schemas[2].ID != "c" {
		t.Errorf("%s %v", schemas, err)
	}
	if got := rec.requests[0].URL.RawQuery; got != "page_size=500" {
		t.Error(got)
	}
	if _, err := c.GetIdentitySchema(t.Context(), "preset://email"); sentinels(err) != "NotFound" {
		t.Error(err)
	}
	want, err := url.JoinPath("/schemas", "cHJlc2V0Oi8vZW1haWw")
	if got := rec.requests[2].URL.Path; err != nil || got != want || strings.Contains(got, "=") {
		t.Error(got, err)
	}
}
