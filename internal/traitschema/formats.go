package traitschema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"github.com/ory/jsonschema/v3"
)

// doubtful has, by the name of a format, a function that recognises texts for which the result of the server depends on
// its version: on its standard library for e-mail addresses and URIs, on its tables of countries for phone numbers.
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

// withoutDoubts replaces texts with Unknown if they are doubtful by one of the formats of the schema.
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

// isDoubtfulURI recognises hosts with brackets or several colons, for which versions of the standard library differ.
func isDoubtfulURI(text string) bool {
	parts := absoluteURL.FindStringSubmatch(text)
	return parts != nil && (strings.ContainsAny(parts[2], "[]") || strings.Count(parts[2], ":") > 1)
}

func isDoubtfulReference(text string) bool { return isDoubtfulURI(text) || isDoubtfulURI("x:"+text) }

// isDoubtfulEmail recognises addresses with quotes, comments or names before the host, for which versions of the
// standard library differ.
func isDoubtfulEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	return at >= 0 && strings.ContainsAny(text[:at], "\"(<\\,;:[") && jsonschema.Formats["hostname"](text[at+1:])
}

// isDoubtfulPhone recognises numbers that have a valid length for their country and are in no known range, because
// countries add new ranges.
func isDoubtfulPhone(text string) bool {
	number, err := phonenumbers.Parse(text, "")
	return err == nil && phonenumbers.IsPossibleNumber(number) && !phonenumbers.IsValidNumber(number)
}
