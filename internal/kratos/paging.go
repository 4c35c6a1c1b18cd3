package kratos

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// pages sends r, and repeats it with each page token of the server ("Pagination" of the Ory documentation), until more
// returns false. read processes the rows of a page and returns the number of new rows. more is called after the memory
// of the page was released. If a page without new rows announces another page, pages returns an error, because the list
// might never end.
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

// nextPageToken returns the page token of the Link header (RFC 8288). It ignores the address in the header, because
// behind a gateway this address is not the one that the client uses.
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

// isNext reports whether the parameters of a link contain rel="next".
func isNext(params string) bool {
	for param := range strings.SplitSeq(strings.TrimRight(params, ", "), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(value, `"`), "next") {
			return true
		}
	}
	return false
}
