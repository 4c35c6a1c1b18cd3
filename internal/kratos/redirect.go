package kratos

import (
	"net/http"
	"net/url"
	"strings"
)

// followReads follows a redirect of a read, and hands any other back as an answer, which becomes an error: repeating a
// write elsewhere is not for a server to decide.
func followReads(req *http.Request, via []*http.Request) error {
	read := via[0].Method == http.MethodGet || via[0].Method == http.MethodHead
	web := req.URL.Scheme == "http" || req.URL.Scheme == "https"
	if !read || !web || len(via) > maxHops {
		return http.ErrUseLastResponse
	}
	return nil
}

// staysAt says whether the request and every hop that led to it are at the origin of base. Credentials go nowhere else,
// and not to a hop that comes back: by then another host has chosen the address.
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

// origin is scheme, host and port, the port always spelled out.
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

// redirectMessage tells where a response points, by scheme and host only: a path or query may hold anything. What may
// be quoted decides whether even the host is told.
func redirectMessage(asked string, header http.Header, hidden secrets) string {
	from, err := url.Parse(asked)
	if err != nil {
		return "a redirect that was not followed"
	}
	to, err := from.Parse(header.Get("Location"))
	if err != nil || header.Get("Location") == "" || to.Host == "" {
		return "a redirect that names no usable address"
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
