package kratos

import (
	"net/http"
	"net/url"
	"strings"
)

// followReads follows the redirect of a read. It returns other redirects as responses, which become errors, because the
// server must not decide to repeat a write at another address.
func followReads(req *http.Request, via []*http.Request) error {
	read := via[0].Method == http.MethodGet || via[0].Method == http.MethodHead
	web := req.URL.Scheme == "http" || req.URL.Scheme == "https"
	if !read || !web || len(via) > maxHops {
		return http.ErrUseLastResponse
	}
	return nil
}

// staysAt reports whether the request and all redirects before it have the origin of base. Credentials are sent only to
// this origin. They are also not sent if another host has redirected back to it, because that host has chosen the
// address.
func staysAt(base *url.URL, req *http.Request) bool {
	for {
		if origin(req.URL) != origin(base) {
			return false
		}
		if req.Response == nil {
			return true
		}
		if req.Response.Request == nil {
			return false
		}
		req = req.Response.Request
	}
}

// origin returns scheme, host and port, always with the port.
func origin(u *url.URL) string {
	port := u.Port()
	switch {
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// redirectMessage describes the target of a redirect by scheme and host only, because path and query may contain
// secrets. It leaves out the host if the host must not be quoted.
func redirectMessage(asked string, header http.Header, hidden secrets) string {
	from, err := url.Parse(asked)
	if err != nil {
		return "a redirect that was not followed"
	}
	to, err := from.Parse(header.Get("Location"))
	if err != nil || header.Get("Location") == "" || to.Host == "" {
		return "a redirect without a usable address"
	}
	target := to.Scheme + "://" + to.Host
	switch {
	case origin(to) == origin(from):
		return "a redirect to another path of " + from.Scheme + "://" + from.Host +
			", which was not followed; check the path of admin_url"
	case hidden.quote(fromElsewhere, target) == "":
		return "a redirect to another host, which was not followed; if that is the admin API, set admin_url to it"
	default:
		return "a redirect to " + target + ", which was not followed; if that is the admin API, set admin_url to it"
	}
}
