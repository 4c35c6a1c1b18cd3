package kratos

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// pages makes r, and again with each page token that the server gives ("Pagination" of the Ory documentation), until
// more says that the caller has enough. read takes the rows out of a page and counts those that no page had before;
// more runs after the memory of the page was given back. A page without a new row that announces a further page is an
// error: the list would never end.
func (c *Client) pages(
	ctx context.Context, r request, read func(*response) (fresh int, err error), more func() bool,
) error {
	for {
		token := ""
		err := c.do(ctx, r, func(res *response) error {
			fresh, err := read(res)
			if err != nil {
				return err
			}
			if token = nextPageToken(res.header); token != "" && fresh == 0 {
				return res.notKratos("a list that announces a further page after a page without a new row")
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !more() || token == "" {
			return nil
		}
		r.query.Set("page_token", token)
	}
}

// nextPageToken takes the token alone from the Link header (RFC 8288): the address there is where the server believes
// to be, which behind a gateway is not where the client reaches it.
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
