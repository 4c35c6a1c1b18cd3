package traitschema

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/runes"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
)

// Fold returns the login identifier or address that servers up to v26.2 derive from a trait: lower case, no spaces
// around it.
func Fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// Canonical returns the same text for all texts from which some version of the server derives the same login identifier
// or address. It follows servers after v26.2 (x/normalize.go of Kratos): phone numbers in E.164, any other text in
// lower case and NFKC, without invisible characters. NFKC also converts full-width characters.
func Canonical(text string) string {
	if isPrintable(text) {
		text = Fold(text)
	} else {
		text = lowerCases.Replace(fold(strings.TrimSpace(text)))
	}
	if number, ok := E164(text); ok {
		return number
	}
	return withoutSeparators(text)
}

// lowerCases are the letters that versions of the server convert to lower case in different ways: the capital I with a
// dot becomes "i" up to v26.2 and "i" with a combining dot later, the Greek final sigma differs too.
var lowerCases = strings.NewReplacer("i\u0307", "i", "\u03c2", "\u03c3")

func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// hidden are the invisible characters, which are removed from identifiers.
var hidden = rangetable.Merge(
	unicode.Bidi_Control, unicode.Other_Default_Ignorable_Code_Point, unicode.Other, unicode.Noncharacter_Code_Point,
)

var identifierProfile = precis.NewFreeform(
	precis.FoldWidth, precis.LowerCase(), precis.DisallowEmpty, precis.BidiRule, precis.Norm(norm.NFKC),
	precis.Disallow(runes.In(hidden)),
)

func fold(text string) string {
	if folded, err := identifierProfile.String(text); err == nil {
		return folded
	}
	allowed := identifierProfile.Allowed()
	folded, _, err := transform.String(transform.Chain(
		norm.NFKC,
		runes.Remove(runes.Predicate(func(r rune) bool { return !allowed.Contains(r) })),
		cases.Lower(language.Und),
	), text)
	if err != nil {
		return text
	}
	return folded
}

// withoutSeparators returns the digits of an international phone number that isn't in the tables of countries, because
// countries add new ranges. It returns any other text unchanged.
func withoutSeparators(text string) string {
	digits, ok := strings.CutPrefix(text, "+")
	if !ok || strings.Trim(digits, " ()-./0123456789") != "" {
		return text
	}
	return "+" + strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, digits)
}

// E164 returns the server's spelling of a phone number. ok is false if the text is no valid number with its country
// code.
func E164(text string) (spelled string, ok bool) {
	if !strings.ContainsAny(text, "+\uff0b") || strings.Contains(text, "@") {
		return "", false // saves the parsing of what is no phone number
	}
	number, err := phonenumbers.Parse(text, "")
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}
