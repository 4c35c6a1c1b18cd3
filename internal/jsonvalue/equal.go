package jsonvalue

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"golang.org/x/text/unicode/norm"
)

// Equal reports whether a and b mean the same JSON. Null members count as absent, numbers compare by value, and strings
// by their NFC form. An object can equal a map. Lists, tuples and sets can equal each other, and order doesn't count if
// either is a set. A value that contains an unknown value equals nothing, and neither does a value that Encode refuses.
func Equal(a, b attr.Value) bool {
	na, err := fromValue(a)
	if err != nil {
		return false
	}
	nb, err := fromValue(b)
	return err == nil && equal(na, nb)
}

// EqualJSON reports whether a and b mean the same by the rules of Equal. Empty JSON is null. Invalid JSON and JSON
// nested beyond 500 levels equal nothing. JSON of more than 10000 values, null members included, equals no JSON of
// fewer values.
func EqualJSON(a, b json.RawMessage) bool {
	if crowded(a) != crowded(b) {
		return false
	}
	na, err := parseOrNull(a)
	if err != nil {
		return false
	}
	nb, err := parseOrNull(b)
	return err == nil && equal(na, nb)
}

// Matches reports whether v means the same as raw by the rules of Equal and EqualJSON.
func Matches(v attr.Value, raw json.RawMessage) bool {
	nv, err := fromValue(v)
	if err != nil {
		return false
	}
	if nv.outgrown(raw) {
		return false
	}
	n, err := parseOrNull(raw)
	return err == nil && equal(nv, n)
}

func equal(a, b node) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case null:
		return true
	case boolean:
		return a.bool == b.bool
	case number:
		return equalNumbers(a, b)
	case text:
		return equalText(a.text, b.text)
	case array:
		if a.set || b.set {
			return sameElements(a.items, b.items)
		}
		return equalItems(a.items, b.items)
	case object:
		return equalMembers(a.members, b.members)
	case unknown: // an unknown value may become any value
	}
	return false
}

func equalNumbers(a, b node) bool {
	if a.num == nil || b.num == nil {
		return a.num == b.num && a.text == b.text
	}
	return a.num.Cmp(b.num) == 0
}

// equalText compares NFC forms, because Terraform normalizes every string and every key to NFC. A server that keeps
// another form would otherwise differ from the configuration permanently.
func equalText(a, b string) bool {
	return a == b || norm.NFC.String(a) == norm.NFC.String(b)
}

func equalItems(a, b []node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b map[string]node) bool {
	if len(a) != len(b) {
		return false
	}
	in := newNames(a, b)
	for name, member := range a {
		other, ok := in.get(name)
		if !ok || !equal(member, other) {
			return false
		}
	}
	return true
}
