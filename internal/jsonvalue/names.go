package jsonvalue

import (
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"
)

// names finds the members of one object by the names of another, by NFC form.
type names struct {
	members map[string]node
	// byForm leads from NFC forms to the names, of those that aren't NFC.
	byForm map[string]string
	// exact is set where one of the objects has names that differ in nothing
	// but form: each must then be found under its very name, or two would be
	// found under one.
	exact bool
}

// newNames prepares for finding names of from among the members of in.
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

// get returns the member of that name, or null as absent members mean.
func (n names) get(name string) (member node, ok bool) {
	if name, ok = n.find(name); ok {
		member = n.members[name]
	}
	return member, ok
}

// terraformNames is an object under the names that Terraform will give its
// members: it turns them into NFC, and then misses those that it was handed
// under another form. Of two that differ in nothing but form it can hold only
// one; the one that is NFC already stays.
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

// forms returns the names that aren't NFC by their NFC form, and whether two
// names share a form.
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
