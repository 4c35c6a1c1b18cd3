package jsonvalue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

var errTrailing = errors.New("data after the JSON value")

// parse reads one JSON value and refuses anything after it.
func parse(raw json.RawMessage) (node, error) {
	plain, err := decodeOne(raw)
	if err != nil {
		return node{}, err
	}
	return fromPlain(plain, 0)
}

// parseShown is parse for a value that Terraform is to hold. It marks values that are nested too deeply. Empty raw is
// null.
func parseShown(raw json.RawMessage) (node, error) {
	if isEmpty(raw) {
		return node{}, nil
	}
	plain, err := decodeOne(raw)
	if err != nil {
		return node{}, err
	}
	n, err := fromPlain(cut(plain, 0), 0)
	n.markDeep(0)
	return n, err
}

// cut replaces values that are nested too deeply for a node.
func cut(plain any, depth int) any {
	switch p := plain.(type) {
	case []any:
		if depth >= maxDepth {
			return tooDeep
		}
		for i := range p {
			p[i] = cut(p[i], depth+1)
		}
	case map[string]any:
		if depth >= maxDepth {
			return tooDeep
		}
		for name := range p {
			p[name] = cut(p[name], depth+1)
		}
	}
	return plain
}

func (n *node) markDeep(depth int) {
	n.deep = depth >= maxShown && (n.kind == array || n.kind == object)
	for i := range n.items {
		n.items[i].markDeep(depth + 1)
	}
	for name, member := range n.members {
		member.markDeep(depth + 1)
		n.members[name] = member
	}
}

func decodeOne(raw json.RawMessage) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading JSON: %w", errTrailing)
	}
	return plain, nil
}

// parseOrNull is parse, except that empty raw, as from an omitted field, is null.
func parseOrNull(raw json.RawMessage) (node, error) {
	if isEmpty(raw) {
		return node{}, nil
	}
	return parse(raw)
}

func isEmpty(raw json.RawMessage) bool {
	return len(bytes.TrimSpace(raw)) == 0
}

func fromPlain(plain any, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, errTooDeep
	}
	switch p := plain.(type) {
	case nil:
		return node{}, nil
	case bool:
		return node{kind: boolean, bool: p}, nil
	case string:
		return node{kind: text, text: p}, nil
	case json.Number:
		return fromLiteral(p.String()), nil
	case []any:
		return fromPlainItems(p, depth)
	case map[string]any:
		return fromPlainMembers(p, depth)
	}
	return node{}, fmt.Errorf("encoding/json gave a %T", plain)
}

// fromLiteral keeps a literal that is out of range as text: the literal can still be compared, but not turned into a
// value.
func fromLiteral(literal string) node {
	f, ok := parseNumber(literal)
	if !ok {
		return node{kind: number, text: literal}
	}
	return node{kind: number, num: canonical(f)}
}

func fromPlainItems(plain []any, depth int) (node, error) {
	n := node{kind: array, items: make([]node, len(plain))}
	for i, p := range plain {
		item, err := fromPlain(p, depth+1)
		if err != nil {
			return node{}, err
		}
		n.items[i] = item
	}
	return n, nil
}

func fromPlainMembers(plain map[string]any, depth int) (node, error) {
	n := node{kind: object, members: make(map[string]node, len(plain))}
	for name, p := range plain {
		if p == nil {
			n.nulls = append(n.nulls, name)
			continue
		}
		member, err := fromPlain(p, depth+1)
		if err != nil {
			return node{}, err
		}
		n.members[name] = member
	}
	return n, nil
}
