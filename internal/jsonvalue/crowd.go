package jsonvalue

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

// maxValues bounds the number of values within a server's value that Terraform is to hold. A user of the server may
// write any value into a trait without a schema. Terraform and the framework take more than 5 kB for each value within
// it: with a million numbers (2 MB of JSON) the provider would take 5 GB.
const maxValues = 10_000

// tooMany replaces a value of more than maxValues values. Like tooDeep, it isn't valid JSON.
const tooMany = "(a value of more than 10000 values)"

// crowded reports whether JSON has more than maxValues values. It doesn't decode the JSON.
func crowded(raw json.RawMessage) bool {
	const shortest = 2 // bytes of a value and its comma
	if len(raw) < shortest*maxValues {
		return false
	}
	count, quoted := 1, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || (c == '[' || c == '{') && !closes(raw[i+1:])):
			count++
		}
	}
	return count > maxValues
}

// closes reports whether an object or array ends here. An empty one has no value within it.
func closes(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && (rest[0] == ']' || rest[0] == '}')
}

// Outgrown reports whether raw has more than 10000 values and v doesn't. Align then returns a text in place of raw.
func Outgrown(v attr.Value, raw json.RawMessage) bool {
	if !crowded(raw) {
		return false
	}
	n, err := fromValue(v)
	return err == nil && n.count() <= maxValues
}

func (n node) outgrown(raw json.RawMessage) bool { return crowded(raw) && n.count() <= maxValues }

// count returns the number of values of a node, itself included.
func (n node) count() int {
	sum := 1
	for _, item := range n.items {
		sum += item.count()
	}
	for _, member := range n.members {
		sum += member.count()
	}
	return sum
}
