package jsonvalue

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"golang.org/x/text/unicode/norm"
)

// Equal says whether a and b mean the same JSON: null members count as absent,
// numbers by value, strings by their NFC form; objects and maps are the same,
// and so are lists, tuples and sets, without order where either is a set. A
// value with something unknown within equals nothing, and neither does one that
// Encode refuses.
func Equal(a, b attr.Value) bool {
	na, err := fromValue(a)
	if err != nil {
		return false
	}
	nb, err := fromValue(b)
	return err == nil && equal(na, nb)
}

// EqualJSON says whether a and b mean the same by the rules of Equal. Empty
// JSON is null; invalid JSON, or any nested beyond 500 levels, equals nothing.
func EqualJSON(a, b json.RawMessage) bool {
	na, err := parseOrNull(a)
	if err != nil {
		return false
	}
	nb, err := parseOrNull(b)
	return err == nil && equal(na, nb)
}

// Matches says whether v means raw by the rules of Equal and EqualJSON.
func Matches(v attr.Value, raw json.RawMessage) bool {
	nv, err := fromValue(v)
	if err != nil {
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
	case unknown: // may turn out as anything
	}
	return false
}

func equalNumbers(a, b node) bool {
	if a.num == nil || b.num == nil {
		return a.num == b.num && a.text == b.text
	}
	return a.num.Cmp(b.num) == 0
}

// equalText compares NFC forms, because Terraform turns every string and every
// key into NFC. A server that keeps another form would otherwise differ from
// the configuration for ever.
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
