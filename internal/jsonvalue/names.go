package jsonvalue

import (
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"
)

// names finds the members of one object by the names of another object, by NFC form.
type names struct {
	members map[string]node
	// byForm maps NFC forms to names, for names that aren't in NFC.
	byForm map[string]string
	// exact is set if one of the objects has names that differ only in their form. Then each member must have exactly
	// the name asked for, or two names would find the same member.
	exact bool
}

// newNames prepares the search for the names of from among the members of in.
func newNames[V any](from map[string]V, in map[string]node) names {
	_, fromAmbiguous := forms(from)
	byForm, ambiguous := forms(in)
	return names{members: in, byForm: byForm, exact: ambiguous || fromAmbiguous}
}

func (n names) find(name string) (string, bool) {
	if _, ok := n.members[name]; ok || n.exact {
		return name, ok
	}
	form := norm.NFC.String(name)
	if _, ok := n.members[form]; ok {
		return form, true
	}
	other, ok := n.byForm[form]
	return other, ok
}

// get returns the member with that name. An absent member is null.
func (n names) get(name string) (member node, ok bool) {
	if name, ok = n.find(name); ok {
		member = n.members[name]
	}
	return member, ok
}

// terraformNames returns an object with the names that Terraform gives its members. Terraform normalizes names to NFC,
// and then misses members that the provider named in another form. Of two names that differ only in form, Terraform can
// hold only one: the NFC name stays.
func terraformNames(members map[string]node) map[string]node {
	byForm, _ := forms(members)
	if len(byForm) == 0 {
		return members
	}
	renamed := make(map[string]node, len(members))
	for form, name := range byForm {
		renamed[form] = members[name]
	}
	for name, member := range members {
		if isNFC(name) {
			renamed[name] = member
		}
	}
	return renamed
}

// forms maps the NFC form of each name that isn't in NFC to the name, and reports whether two names share a form.
func forms[V any](members map[string]V) (byForm map[string]string, ambiguous bool) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		form := norm.NFC.String(name)
		if form == name {
			continue
		}
		if byForm == nil {
			byForm = make(map[string]string)
		}
		_, again := byForm[form]
		_, both := members[form]
		ambiguous = ambiguous || again || both
		byForm[form] = name
	}
	return byForm, ambiguous
}

func isNFC(name string) bool { return norm.NFC.IsNormalString(name) }
