package traitschema

import (
	"encoding/json"
	"slices"
	"strings"
)

// exactDigits is how many digits a number may have for the server, which computes with 64 bits, to tell it from all others.
const exactDigits = 18

// doubts are the demands of a schema about which the server and the library in use here may differ, for some values.
type doubts struct {
	always   bool // a demand that isn't checked here at all
	integer  bool // type integer: 1.0 is one for the library
	multiple bool // multipleOf: the server divides with 64 bits
	inexact  bool // a limit or value that takes more than the server's precision, or a multipleOf that is no whole number
	email    bool
	uri      bool
}

// about says whether there is doubt about this instance. Where there is, a value that seems to fit may not, or the other way
// round: no matter where it is to fit, for which each violation is checked by the server's rules, but all the difference where
// it must not.
func (d doubts) about(instance any) bool {
	if d.always {
		return true
	}
	switch v := instance.(type) {
	case map[string]any:
		for _, member := range v {
			if d.about(member) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, d.about)
	case json.Number:
		return d.inexact || digits(v) > exactDigits || d.integer && !isPlain(v) && !isFraction(v) || d.multiple && !isPlain(v)
	case string:
		return d.email && isDoubtfulEmail(v) || d.uri && isDoubtfulURI(v)
	}
	return false
}

// of adds the doubts about a schema, or a part of one.
func (d *doubts) of(value any) {
	switch v := value.(type) {
	case map[string]any:
		for keyword, member := range v {
			d.keyword(keyword, member)
			d.of(member)
		}
	case []any:
		for _, element := range v {
			d.of(element)
		}
	case json.Number:
		d.inexact = d.inexact || digits(v) > exactDigits
	}
}

func (d *doubts) keyword(keyword string, value any) {
	switch v := value.(type) {
	case string:
		_, isChecked := checked[v]
		switch {
		case keyword == "format" && v == "email":
			d.email = true
		case keyword == "format" && v == "uri":
			d.uri = true
		case keyword == "format" && !isChecked, keyword == "contentEncoding", keyword == "contentMediaType":
			d.always = true
		case keyword == "type" && v == "integer":
			d.integer = true
		}
	case []any:
		d.integer = d.integer || keyword == "type" && slices.Contains(v, any("integer"))
	case json.Number:
		if keyword == "multipleOf" {
			d.multiple, d.inexact = true, d.inexact || !isPlain(v)
		}
	}
}

// isPlain says whether a number is written in digits alone.
func isPlain(number json.Number) bool { return !strings.ContainsAny(number.String(), ".eE") }

// isFraction says whether a number is certain to be no whole one.
func isFraction(number json.Number) bool {
	_, decimals, _ := strings.Cut(number.String(), ".")
	return strings.Trim(decimals, "0") != "" && !strings.ContainsAny(decimals, "eE")
}

// digits counts those of a number, but for zeros before it and its exponent.
func digits(number json.Number) int {
	mantissa, _, _ := strings.Cut(strings.ToLower(number.String()), "e")
	return len(strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(mantissa, "-"), ".", ""), "0"))
}
