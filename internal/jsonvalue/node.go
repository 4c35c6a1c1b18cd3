package jsonvalue

import (
	"errors"
	"math/big"
)

// maxDepth bounds nesting. The framework checks the type of every level against all levels below it, so its work grows
// with the square of the depth: JSON that encoding/json accepts (10,000 levels) would keep the framework busy for
// minutes. No known schema comes near this limit.
const maxDepth = 500

// maxShown bounds the nesting of a server's value that Terraform is to hold. A user of the server may write any value
// into a trait without a schema, and Terraform takes gigabytes and minutes for hundreds of levels.
const maxShown = 64

// tooDeep replaces a value beyond maxShown. Terraform renders texts that are valid JSON level by level, so tooDeep
// isn't valid JSON.
const tooDeep = "(a value nested deeper than 64 levels)"

var errTooDeep = errors.New("nested more than 500 levels deep")

type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	array
	object
	unknown
)

// node is the plain JSON meaning of a value, whether from JSON or from Terraform. Encode writes nodes, Equal compares
// them, and Align follows them. The zero node is null.
type node struct {
	kind kind
	bool bool
	// text is a string, or the literal of a number that num can't hold.
	text string
	// num has precision 512. It is nil if the literal is out of range.
	num *big.Float
	// set marks an array whose order doesn't count.
	set   bool
	items []node
	// members has no null members: a null member is an absent member.
	members map[string]node
	// deep marks an object or array of the server's value beyond maxShown.
	deep bool
	// nulls are the names of the members that are null.
	nulls []string
}

// plain returns n as a value of encoding/json's own types.
func (n node) plain() any {
	switch n.kind {
	case boolean:
		return n.bool
	case number:
		return n.literal()
	case text:
		return n.text
	case array:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	case object:
		members := make(map[string]any, len(n.members))
		for name, member := range n.members {
			members[name] = member.plain()
		}
		return members
	case null, unknown:
	}
	return nil
}
