package jsonvalue

import (
	"errors"
	"math/big"
)

// maxDepth bounds nesting. The framework checks the type of every level
// against everything below it, so its work grows with the square of the depth:
// JSON that encoding/json accepts (10,000 levels) would keep it busy for
// minutes. No schema in use comes near this.
const maxDepth = 500

// maxShown bounds the nesting of a server's value that Terraform is to hold. A
// person may have written the value into a trait of any form, and Terraform takes
// gigabytes and minutes for hundreds of levels.
const maxShown = 64

// tooDeep stands for a value beyond maxShown. Terraform lays out texts that are JSON, level by level, so it is no JSON.
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

// node is the plain JSON meaning of a value, wherever it came from: what
// Encode writes, Equal compares and Align follows. The zero node is null.
type node struct {
	kind kind
	bool bool
	// text is a string, or the literal of a number that num can't hold.
	text string
	// num has precision 512; it is nil where a literal is out of range.
	num *big.Float
	// set marks an array whose order means nothing.
	set   bool
	items []node
	// members has no null: a null member is an absent one.
	members map[string]node
	// deep marks an object or an array of the server's beyond maxShown.
	deep bool
	// nulls are the names of the members that are null.
	nulls []string
}

// plain returns n as encoding/json's own types.
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
