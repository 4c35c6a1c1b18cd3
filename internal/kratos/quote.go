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

// secrets are the secret strings of a request: the API key, the values of the configured headers, the credentials of a
// proxy, and the values of sensitive names in the body (see isSensitive). A response may repeat them in any encoding.
type secrets []string

func (s *secrets) add(value string) {
	if value != "" {
		*s = append(*s, value)
	}
}

// addHeader also adds the value without its scheme, such as "Basic", because a response may repeat only this part.
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

// source is the origin of a text.
type source int

const (
	fromSuccess   source = iota // the body of a success, which may contain recovery codes, links and traits
	fromKratos                  // an error of Kratos
	fromElsewhere               // a gateway, a proxy, or an error of net/http about a response
)

// quote returns the part of a text from outside that may appear in an error or a log, "" for nothing. A success is
// never quoted. An error of Kratos is quoted without the secrets, because Kratos repeats the request unchanged. Any
// other text may repeat a secret in any encoding, so it is quoted only if the request contained no secret.
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

// minMasked is the length of the shortest string that is masked. Without every "a", Kratos' reasons would be
// unreadable.
const minMasked = 4

// mask replaces the secrets in a text.
func (s secrets) mask(text string) string {
	longestFirst := func(a, b string) int { return len(b) - len(a) } // one secret may begin with another
	for _, secret := range slices.SortedFunc(slices.Values(s), longestFirst) {
		if len(secret) >= minMasked {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	return text
}

// describe describes a response that isn't from Kratos: its content type, its length, and its title or text if quote
// allows it.
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

// contentType returns the content type if it is a usual one, because the header is also text from outside.
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

// printable returns the text on one line without control characters.
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

// shorten limits the length of a text, without splitting a character.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// safeError returns an error of the transport that may be shown. Errors of this package, of the operating system, of
// name resolution and of TLS contain no text of the server. Other errors can, such as those of net/http about a
// malformed response.
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

// proxyOf returns the proxy for a request. It replaces the error of net/http, which quotes the URL of the proxy with
// its credentials.
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
