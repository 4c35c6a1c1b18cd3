package kratos

import (
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// parseBase checks a base URL and converts it to a form to which paths can be appended. The errors don't quote the URL,
// because it may contain a password.
func parseBase(argument, raw string) (*url.URL, error) {
	if raw == "" {
		return nil, &ConfigError{argument, "is empty"}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, &ConfigError{argument, "is not a valid URL"}
	}
	switch {
	case (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "":
		return nil, &ConfigError{argument, "must be an absolute URL that begins with http:// or https://"}
	case u.Hostname() == "":
		return nil, &ConfigError{argument, "has no host"}
	case u.User != nil:
		return nil, &ConfigError{argument, "must not contain a user name or password; use api_key or headers"}
	case u.RawQuery != "" || u.ForceQuery:
		return nil, &ConfigError{argument, "must not have a query"}
	case u.Fragment != "" || strings.HasSuffix(raw, "#"):
		return nil, &ConfigError{argument, "must not have a fragment"}
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, &ConfigError{argument, "has a port that is not between 1 and 65535"}
		}
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if argument == "admin_url" {
		path = strings.TrimRight(strings.TrimSuffix(path, "/admin"), "/")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: unescaped(path), RawPath: path}, nil
}

// unescaped returns a path without escapes. The path is valid, because it comes from a parsed URL.
func unescaped(path string) string {
	if p, err := url.PathUnescape(path); err == nil {
		return p
	}
	return path
}

// checkCredentials refuses credentials that can't be sent in a header or that would be sent over plain http.
func checkCredentials(cfg Config, base *url.URL) error {
	if cfg.APIKey != "" && cfg.APIKeyFile != "" {
		return &ConfigError{"api_key_file", "cannot be combined with api_key"}
	}
	if cfg.APIKey != "" && !validToken(strings.TrimSpace(cfg.APIKey)) {
		return &ConfigError{"api_key", "is blank or contains characters that are not allowed in a header"}
	}
	hasKey := cfg.APIKey != "" || cfg.APIKeyFile != ""
	if err := checkHeaders(cfg.Headers, hasKey); err != nil {
		return err
	}
	inTheClear := base.Scheme == "http" && !isLoopback(base.Hostname())
	if (hasKey || len(cfg.Headers) > 0) && inTheClear && !cfg.AllowPlaintextHTTP {
		return &ConfigError{
			"allow_plaintext_http",
			"is not set, and credentials would be sent over plain http to " + base.Host + "; use https, or set it to true",
		}
	}
	return nil
}

// ownHeaders are the headers that the client or net/http sets. A configured value would break the exchange.
var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "X-Request-Id",
}

func checkHeaders(headers map[string]string, hasKey bool) error {
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		canonical := http.CanonicalHeaderKey(name)
		switch {
		case !validName(name):
			return &ConfigError{"headers", "has a name that is empty or contains characters that are not allowed in a " +
				"header name"}
		case !validValue(headers[name]):
			return &ConfigError{"headers", "has a value, of " + name + ", that contains characters that are not allowed " +
				"in a header"}
		case slices.Contains(ownHeaders, canonical):
			return &ConfigError{"headers", "must not set " + canonical + ", which the provider sets itself"}
		case seen[canonical]:
			return &ConfigError{"headers", "sets " + canonical + " twice"}
		case hasKey && canonical == "Authorization":
			return &ConfigError{"headers", "must not set Authorization together with an API key"}
		}
		seen[canonical] = true
	}
	return nil
}

// validName reports whether the name is a token of RFC 9110, section 5.6.2.
func validName(name string) bool {
	const others = "!#$%&'*+-.^_`|~"
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		letter := ('a' <= r && r <= 'z') || ('A' <= r && r <= 'Z') || ('0' <= r && r <= '9')
		return !letter && !strings.ContainsRune(others, r)
	})
}

// validValue reports whether net/http accepts the value: it must not contain control characters except tabs.
func validValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return (r < ' ' && r != '\t') || r == 0x7f })
}

// validToken reports whether the text can be sent as a Bearer token.
func validToken(token string) bool { return token != "" && validValue(token) }

// isLoopback accepts literal loopback addresses and the name localhost. It doesn't resolve names, because DNS isn't
// trusted.
func isLoopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
