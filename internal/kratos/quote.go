package kratos

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// secrets are the secret strings that a request carries: the API key, the values of the configured headers, the
// credentials of a proxy, and what the body holds under a name that [isSensitive] knows. Whoever answers may repeat
// them in any encoding.
type secrets []string

func (s *secrets) add(value string) {
	if value != "" {
		*s = append(*s, value)
	}
}

// addHeader also adds what follows a scheme, as in "Basic dXNlcg==", which may be repeated without it.
func (s *secrets) addHeader(value string) {
	s.add(value)
	if _, credentials, ok := strings.Cut(value, " "); ok {
		s.add(credentials)
	}
}

func (s *secrets) addFromBody(body []byte) {
	if document, err := DecodeJSON(body); err == nil {
		redactValue(document, s.add, nil)
	}
}

// source is where a text comes from.
type source int

const (
	fromSuccess   source = iota // the body of a success, which may hold recovery codes, links and traits
	fromKratos                  // Kratos' own error
	fromElsewhere               // a gateway, a proxy, or net/http about what it received
)

// quote decides which text from outside may appear in an error or in a log: it returns what may, "" for nothing. A
// success is never quoted. Kratos repeats what was sent as it was sent, so that its words are quoted without the
// secrets. Anything else may repeat a secret in any encoding, and is quoted only where the request carried no secret.
func (s secrets) quote(from source, text string) string {
	switch {
	case from == fromKratos:
		return shorten(s.mask(text), maxTextBytes)
	case from == fromElsewhere && len(s) == 0:
		return text
	default:
		return ""
	}
}

// minMasked is the length of the shortest string that is masked: without every "a", Kratos' reasons couldn't be read.
const minMasked = 4

// mask takes the secrets out of a text.
func (s secrets) mask(text string) string {
	longestFirst := func(a, b string) int { return len(b) - len(a) } // one may begin with another
	for _, secret := range slices.SortedFunc(slices.Values(s), longestFirst) {
		if len(secret) >= minMasked {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	return text
}

// describe says what a response is that isn't Kratos': its content type, its length, and its title or text if it may be
// quoted.
func (s secrets) describe(from source, header http.Header, body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "an empty body"
	}
	kind := contentType(header)
	description := fmt.Sprintf("%s of %d bytes", kind, len(body))
	text := printable(string(body[:min(len(body), maxTextBytes)]))
	label := ": "
	if match := title.FindSubmatch(body[:min(len(body), maxTextBytes)]); match != nil || kind == "text/html" {
		text, label = "", ", titled "
		if match != nil {
			text = printable(html.UnescapeString(string(match[1])))
		}
	}
	if text = s.quote(from, shorten(text, maxShownBytes)); text == "" {
		return description
	}
	return description + label + fmt.Sprintf("%q", text)
}

var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title`)

// contentType is the content type, if it is a usual one: the header is text from outside too.
func contentType(header http.Header) string {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	usual := []string{
		"text/html", "text/plain", "text/xml", "application/json", "application/problem+json", "application/xml",
		"application/xhtml+xml", "application/octet-stream",
	}
	if err != nil || !slices.Contains(usual, kind) {
		return "a body of another type"
	}
	return kind
}

// printable is a text on one line without control characters.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), r == utf8.RuneError:
			return -1
		default:
			return r
		}
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// shorten cuts a text between two characters.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// safeError is an error of the transport that may be shown. Errors of this package, of the operating system, of name
// resolution and of TLS hold nothing that the other side wrote; others, such as net/http's about a malformed response,
// do.
func (s secrets) safeError(err error) error {
	if isLocal(err) || s.quote(fromElsewhere, err.Error()) != "" {
		return err
	}
	return errors.New("the connection failed, or the answer was malformed HTTP")
}

func isLocal(err error) bool {
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, errAttemptTimeout, ErrTooLarge, ErrRateLimited, errProxy, errUnneeded,
		io.EOF, io.ErrUnexpectedEOF,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	var (
		ours        *Error
		config      *ConfigError
		operation   *net.OpError
		resolution  *net.DNSError
		number      syscall.Errno
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
	)
	return errors.As(err, &ours) || errors.As(err, &config) || errors.As(err, &operation) || errors.As(err, &resolution) ||
		errors.As(err, &number) || errors.As(err, &certificate) || errors.As(err, &record) ||
		errors.As(err, &authority) || errors.As(err, &hostname)
}

var errProxy = errors.New("the proxy that the environment names (HTTPS_PROXY or HTTP_PROXY) is not a valid URL")

// proxyOf is the proxy for a request. An error of net/http would quote the URL of the proxy, credentials included.
func (c *Client) proxyOf(req *http.Request) (*url.URL, error) {
	proxy, err := c.proxy(req)
	if err != nil {
		return nil, errProxy
	}
	return proxy, nil
}

// addProxySecrets adds the credentials for the proxy, and the header that carries them.
func (c *Client) addProxySecrets(address string, s *secrets) {
	target, err := url.Parse(address)
	if err != nil {
		return
	}
	proxy, err := c.proxyOf(&http.Request{URL: target})
	if err != nil || proxy == nil || proxy.User == nil {
		return
	}
	password, _ := proxy.User.Password()
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(proxy.User.Username(), password)
	s.addHeader(req.Header.Get("Authorization"))
	s.add(password)
	s.add(proxy.User.String())
}
