package jsonvalue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// Plain is [jsonplain.Decode].
func Plain(raw json.RawMessage) any { return jsonplain.Decode(raw) }

// EncodePlain is the inverse of Plain: it can encode every value that Plain returns. For any other value that
// encoding/json refuses, it returns nil.
func EncodePlain(value any) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil
	}
	return bytes.TrimSpace(out.Bytes())
}

// EqualPlain reports whether two values from Plain mean the same by the rules of EqualJSON.
func EqualPlain(a, b any) bool { return EqualJSON(EncodePlain(a), EncodePlain(b)) }

// PlainOf returns v as Plain returns the JSON of Encode, with mark in place of unknown values. It replaces a set that
// contains an unknown value as a whole: two of the set's elements may become equal.
//
// The errors are those of Encode, except for unknown values.
func PlainOf(v attr.Value, mark any) (any, error) {
	n, err := fromValue(v)
	if err != nil {
		return nil, fmt.Errorf("encoding JSON: %w", err)
	}
	return n.marked(mark), nil
}

// marked is plain with mark in place of unknown values.
func (n node) marked(mark any) any {
	switch {
	case n.kind == unknown, n.set && n.hasUnknown():
		return mark
	case n.kind == array:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.marked(mark)
		}
		return items
	case n.kind == object:
		members := make(map[string]any, len(n.members))
		for name, member := range n.members {
			members[name] = member.marked(mark)
		}
		return members
	}
	return n.plain()
}

func (n node) hasUnknown() bool {
	if n.kind == unknown || slices.ContainsFunc(n.items, node.hasUnknown) {
		return true
	}
	for _, member := range n.members {
		if member.hasUnknown() {
			return true
		}
	}
	return false
}
