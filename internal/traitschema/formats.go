package traitschema

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checked are the formats that are checked here. They are the server's own rules, which differ from those of the library in use
// here; the tests send what they decide to a real server.
var checked = map[string]func(text string) bool{
	"date":      parses("2006-01-02"),
	"date-time": parses(time.RFC3339),
	"email":     isEmail,
	"hostname":  isHostname,
	"ipv4":      isIPv4,
	"ipv6":      func(text string) bool { return strings.Contains(text, ":") && net.ParseIP(text) != nil },
	"uri":       isURI,
}

// unchecked are the formats that the library would check by itself, by rules that aren't the server's. It also checks regex, which
// can't be turned off, as the server does.
var unchecked = []string{
	"time", "uuid", "duration", "period", "semver", "iri", "uri-reference", "iri-reference", "uri-template", "json-pointer",
	"relative-json-pointer",
}

var errFormat = errors.New("invalid")

func formats() []*jsonschema.Format {
	all := make([]*jsonschema.Format, 0, len(checked)+len(unchecked))
	for name, valid := range checked {
		all = append(all, &jsonschema.Format{Name: name, Validate: func(value any) error {
			// Like the server, which refuses what is no text at all.
			if text, ok := value.(string); !ok || !valid(text) {
				return errFormat
			}
			return nil
		}})
	}
	for _, name := range unchecked {
		all = append(all, &jsonschema.Format{Name: name, Validate: func(any) error { return nil }})
	}
	return all
}

func parses(layout string) func(string) bool {
	return func(text string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	}
}

func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.IsAbs() || isDoubtfulURI(text)
}

var absoluteURL = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*@)?([^/?#]*)`)

// isDoubtfulURI says whether it depends on the version of the standard library, with which the server reads URIs, if this is one:
// what is taken between the brackets of an IPv6 address, and whether a host may have several colons, has changed.
func isDoubtfulURI(text string) bool {
	parts := absoluteURL.FindStringSubmatch(text)
	return parts != nil && (strings.ContainsAny(parts[2], "[]") || strings.Count(parts[2], ":") > 1)
}

func isIPv4(text string) bool {
	groups := strings.Split(text, ".")
	return len(groups) == 4 && !slices.ContainsFunc(groups, func(group string) bool {
		n, err := strconv.Atoi(group)
		return err != nil || n < 0 || n > 255
	})
}

func isHostname(text string) bool {
	text = strings.TrimSuffix(text, ".")
	if len(text) > 253 || strings.HasPrefix(text, "-") {
		return false
	}
	return !slices.ContainsFunc(strings.Split(text, "."), func(label string) bool {
		return label == "" || len(label) > 63 || strings.HasSuffix(label, "-") || strings.ContainsFunc(label, isNoHostnameRune)
	})
}

func isNoHostnameRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

func isEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if len(text) > 254 || at < 0 || at > 64 || !isHostname(text[at+1:]) {
		return false
	}
	_, err := mail.ParseAddress(text)
	return err == nil || isDoubtfulEmail(text)
}

// isDoubtfulEmail finds what has quotes, comments or names in it: the standard library, with which the server reads addresses, has
// changed its mind about those.
func isDoubtfulEmail(text string) bool {
	return strings.Contains(text, "@") && strings.ContainsAny(text, "\"(<\\,;:[")
}
