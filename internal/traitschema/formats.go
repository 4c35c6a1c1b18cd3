package traitschema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"github.com/ory/jsonschema/v3"
)

// doubtful tells by the name of a format the texts about which the server's verdict depends on the versions that the
// server is built with: of the standard library for e-mail addresses and URIs, of the tables of countries for phone
// numbers.
var doubtful = map[string]func(text string) bool{
	"email":         isDoubtfulEmail,
	"tel":           isDoubtfulPhone,
	"uri":           isDoubtfulURI,
	"iri":           isDoubtfulURI,
	"uri-reference": isDoubtfulReference,
	"uriref":        isDoubtfulReference,
	"iri-reference": isDoubtfulReference,
	"uri-template":  isDoubtfulReference,
}

// withoutDoubts puts Unknown in place of the texts about which there is doubt by one of the formats that the schema has
// anywhere.
func withoutDoubts(value any, formats []string) any {
	return mapLeaves(value, func(leaf any) any {
		text, ok := leaf.(string)
		if ok &&
			slices.ContainsFunc(formats, func(format string) bool { return doubtful[format] != nil && doubtful[format](text) }) {
			return Unknown
		}
		return leaf
	})
}

var absoluteURL = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*@)?([^/?#]*)`)

// isDoubtfulURI finds hosts with brackets or several colons: versions of the standard library differ about those.
func isDoubtfulURI(text string) bool {
	parts := absoluteURL.FindStringSubmatch(text)
	return parts != nil && (strings.ContainsAny(parts[2], "[]") || strings.Count(parts[2], ":") > 1)
}

func isDoubtfulReference(text string) bool { return isDoubtfulURI(text) || isDoubtfulURI("x:"+text) }

// isDoubtfulEmail finds what has quotes, comments or names before its host: versions of the standard library differ
// about those.
func isDoubtfulEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	return at >= 0 && strings.ContainsAny(text[:at], "\"(<\\,;:[") && jsonschema.Formats["hostname"](text[at+1:])
}

// isDoubtfulPhone finds the numbers of a length that their country has, which no range of it holds: countries open new
// ranges.
func isDoubtfulPhone(text string) bool {
	number, err := phonenumbers.Parse(text, "")
	return err == nil && phonenumbers.IsPossibleNumber(number) && !phonenumbers.IsValidNumber(number)
}
