package traitschema

import (
	"regexp"
	"slices"
	"strings"
)

// bySMS is the channel by which codes go to a phone number, which the server spells in its own way then (E.164).
const bySMS = "sms"

var (
	internationalNumber = regexp.MustCompile(`^\+[0-9 ()./-]+$`)
	noDigit             = regexp.MustCompile(`[^0-9]+`)
)

// phone spells a number as the server does: plus and digits. ok is false where that takes more than leaving out what stands between
// the digits, such as a prefix that is dialled only within the country, or where the server takes no such number.
func phone(text string) (spelled string, ok bool) {
	digits := noDigit.ReplaceAllString(text, "")
	if !internationalNumber.MatchString(text) || len(digits) < 7 || len(digits) > 15 {
		return "", false
	}
	country, national := splitCountry(digits)
	if slices.Contains(reread, country) {
		return "", false
	}
	if national[0] == '0' && !slices.Contains(zeroStays, country) {
		return "", false
	}
	if longest, known := longestNational[country]; known && len(national) > longest {
		return "", false
	}
	return "+" + digits, true
}

// The country codes of two digits; those of one are 1 and 7, and the others have three.
const countries = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

// reread are the countries of whose numbers the server takes away, or to which it adds, other digits than a zero: it makes +37061234567
// of +370 8 612 34567.
var reread = []string{"55", "241", "261", "370", "375", "378", "672", "692", "993"}

// zeroStays are the countries whose numbers have a zero in front from anywhere.
var zeroStays = []string{"39", "225", "242"}

// longestNational are the countries of whose longer numbers the server takes away a prefix that isn't a zero.
var longestNational = map[string]int{"1": 10, "7": 10, "52": 10, "54": 11}

func splitCountry(digits string) (country, national string) {
	length := 3
	switch {
	case digits[0] == '1' || digits[0] == '7':
		length = 1
	case strings.Contains(countries, " "+digits[:2]+" "):
		length = 2
	}
	return digits[:length], digits[length:]
}
