package schema

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
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

// isLenient says whether a schema, or a part of one, makes demands of a value that aren't checked here.
func isLenient(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for keyword, member := range v {
			text, isText := member.(string)
			if _, known := checked[text]; isText && keyword == "format" && !known {
				return true
			}
			if isText && (keyword == "contentEncoding" || keyword == "contentMediaType") || isLenient(member) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, isLenient)
	}
	return false
}

func parses(layout string) func(string) bool {
	return func(text string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	}
}

func isURI(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.IsAbs()
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

// isEmail leaves what has quotes, comments or names in it to the server: the standard library, with which it reads addresses, has
// changed its mind about those.
func isEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if len(text) > 254 || at < 0 || at > 64 || !isHostname(text[at+1:]) {
		return false
	}
	_, err := mail.ParseAddress(text)
	return err == nil || strings.ContainsAny(text, "\"(<\\,;:[")
}
