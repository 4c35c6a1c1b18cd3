package kratos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// secrets are the strings of a request that no text may repeat: the token, the configured headers' values, and what the body
// holds under a name that redaction knows. Whoever answers may echo the request.
type secrets []string

func (s *secrets) add(value string) {
	if value != "" {
		*s = append(*s, value)
	}
}

// addHeader also knows what follows a scheme, as in "Basic dXNlcg==", which may be echoed without it.
func (s *secrets) addHeader(value string) {
	s.add(value)
	if _, credentials, ok := strings.Cut(value, " "); ok {
		s.add(credentials)
	}
}

func (s *secrets) addFromBody(body []byte) {
	if doc, err := decodeJSON(body); err == nil {
		redactValue(doc, s.add)
	}
}

// forms are the spellings in which an echo may hold a secret.
func forms(secret string) []string {
	all := []string{secret, html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(secret); err == nil {
		text := strings.TrimSpace(buf.String())
		all = append(all, text[1:len(text)-1])
	}
	return all
}

// in says whether text holds a secret in any form.
func (s secrets) in(text []byte) bool {
	for _, secret := range s {
		for _, form := range forms(secret) {
			if bytes.Contains(text, []byte(form)) {
				return true
			}
		}
	}
	return false
}

// minScrubbed spares what is too short to be a secret: taking every "a" out of Kratos's reasons would leave nothing to read.
const minScrubbed = 4

// scrub takes the secrets out of a text that Kratos or net/http wrote.
func (s secrets) scrub(text string) string {
	longestFirst := func(a, b string) int { return len(b) - len(a) } // one may begin with another
	for _, secret := range slices.SortedFunc(slices.Values(s.longOnes()), longestFirst) {
		for _, form := range forms(secret) {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}

// longOnes leaves out what is too short to tell from ordinary text.
func (s secrets) longOnes() secrets {
	var long secrets
	for _, secret := range s {
		if len(secret) >= minScrubbed {
			long = append(long, secret)
		}
	}
	return long
}

const maxSnippet = 200 // bytes

var (
	unseenElements = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)\s*>`)
	tags           = regexp.MustCompile(`(?s)<[^>]*>`)
)

// snippet quotes the beginning of a body that isn't Kratos's: enough to know the page, without markup, and nothing at all if a
// secret is anywhere in it.
func (s secrets) snippet(body []byte) string {
	const looked = 16 << 10 // a title or a headline comes early
	text := string(body[:min(len(body), looked)])
	text = tags.ReplaceAllString(unseenElements.ReplaceAllString(text, " "), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, html.UnescapeString(text))
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return "an empty body"
	case text == "" || s.in(body) || s.in([]byte(text)):
		return fmt.Sprintf("%d bytes", len(body))
	}
	for len(text) > maxSnippet {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return fmt.Sprintf("%q", text)
}
