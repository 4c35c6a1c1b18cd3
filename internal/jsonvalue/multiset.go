package jsonvalue

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// sameElements compares a and b without order. Equal elements have the same key, so it compares only elements with the
// same key.
//
// It must find a matching rather than remove equal elements one by one: with sets on both sides, equality isn't
// transitive ({1,2} the set equals [1,2] and [2,1], which differ), and a greedy choice can take the only partner of
// another element.
func sameElements(a, b []node) bool {
	if len(a) != len(b) {
		return false
	}
	in := newIndex(b)
	p := pairing{equals: make([][]int, len(a)), partner: make([]int, len(b))}
	for i, n := range a {
		p.equals[i] = in.findAll(b, n)
		p.partner[i] = -1
	}
	for i := range a {
		if !p.place(i, make(map[int]bool)) {
			return false
		}
	}
	return true
}

type pairing struct {
	// equals holds, for each element of a, the elements of b that equal it. It is computed once: repeated comparisons
	// would double the work at every level of nested sets.
	equals  [][]int
	partner []int // of each element of b, the index in a or -1
}

// place finds a partner for a[i], and moves other elements to another partner if necessary.
func (p *pairing) place(i int, tried map[int]bool) bool {
	for _, j := range p.equals[i] {
		if p.partner[j] < 0 {
			p.partner[j] = i
			return true
		}
	}
	for _, j := range p.equals[i] {
		if tried[j] {
			continue
		}
		tried[j] = true
		if p.place(p.partner[j], tried) {
			p.partner[j] = i
			return true
		}
	}
	return false
}

// index holds nodes by their keys.
type index map[string][]int

func newIndex(nodes []node) index {
	in := make(index, len(nodes))
	for i, n := range nodes {
		k := key(n)
		in[k] = append(in[k], i)
	}
	return in
}

// find returns the first of the indexed nodes that equals n.
func (in index) find(nodes []node, n node) (int, bool) {
	for _, i := range in[key(n)] {
		if equal(nodes[i], n) {
			return i, true
		}
	}
	return 0, false
}

// findAll returns all of the nodes that equal n.
func (in index) findAll(nodes []node, n node) []int {
	var found []int
	for _, i := range in[key(n)] {
		if equal(nodes[i], n) {
			found = append(found, i)
		}
	}
	return found
}

// key returns a text that is the same for equal nodes and rarely the same for different nodes: their JSON with every
// array sorted, because any array may be a set.
func key(n node) string {
	var out strings.Builder
	writeKey(&out, n)
	return out.String()
}

func writeKey(out *strings.Builder, n node) {
	switch n.kind {
	case boolean:
		if n.bool {
			out.WriteByte('t')
		} else {
			out.WriteByte('f')
		}
	case number:
		out.WriteByte('#')
		if n.num == nil {
			out.WriteString(n.text)
		} else {
			out.WriteString(n.num.Text('p', 0)) // exact, without a decimal conversion
		}
	case text:
		writeText(out, n.text)
	case array:
		keys := make([]string, len(n.items))
		for i, item := range n.items {
			keys[i] = key(item)
		}
		slices.Sort(keys)
		out.WriteString("[" + strings.Join(keys, ",") + "]")
	case object:
		writeMembers(out, n.members)
	case null, unknown:
		out.WriteByte('0')
	}
}

func writeMembers(out *strings.Builder, members map[string]node) {
	keys := make([]string, 0, len(members))
	for name := range maps.Keys(members) {
		var member strings.Builder
		writeText(&member, name)
		writeKey(&member, members[name])
		keys = append(keys, member.String())
	}
	slices.Sort(keys)
	out.WriteString("{" + strings.Join(keys, ",") + "}")
}

func writeText(out *strings.Builder, s string) {
	out.WriteByte('"')
	out.WriteString(norm.NFC.String(s))
	out.WriteByte('"')
}
