package jsonvalue

import "encoding/json"

// Contains reports whether raw has what want has: each member of an object of want, at any depth, with an equal value
// by the rules of Equal. Arrays must be equal as a whole. Empty JSON is null, and invalid JSON contains nothing.
func Contains(raw, want json.RawMessage) bool {
	n, err := parseOrNull(raw)
	if err != nil {
		return false
	}
	wanted, err := parseOrNull(want)
	return err == nil && contains(n, wanted)
}

func contains(n, want node) bool {
	if want.kind != object || n.kind != object {
		return equal(n, want)
	}
	in := newNames(want.members, n.members)
	for name, member := range want.members {
		if has, ok := in.get(name); !ok || !contains(has, member) {
			return false
		}
	}
	return true
}
