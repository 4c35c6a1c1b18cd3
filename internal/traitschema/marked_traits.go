package traitschema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MarkedTraits are the sorted paths of the traits that an identity schema marks, in the notation of HCL: "email",
// "contact.email", `["mail/address"]`, and "emails[*]" for any element or any property without its own name.
type MarkedTraits struct {
	Login        map[string][]string // login identifiers by type of credential
	Verification map[string][]string // addresses to verify, by how they are reached: "email" or "sms"
	Recovery     map[string][]string // addresses to recover with, likewise

	// Complete is false if there may be more. [Schema.Gap] then says why.
	Complete bool
}

// MarkedTraits returns the traits that the schema marks.
func (s *Schema) MarkedTraits() MarkedTraits {
	marked := MarkedTraits{
		Login: map[string][]string{}, Verification: map[string][]string{}, Recovery: map[string][]string{},
		Complete: s.gap == "",
	}
	for _, m := range s.marks {
		at := hclPath(m.path)
		for _, login := range m.credentials {
			addPath(marked.Login, login.kind, at)
		}
		addPath(marked.Verification, m.verification, at)
		addPath(marked.Recovery, m.recovery, at)
	}
	return marked
}

// addPath adds a place to the sorted places of a kind, without duplicates. "" is no kind.
func addPath(places map[string][]string, kind, at string) {
	if i, found := slices.BinarySearch(places[kind], at); kind != "" && !found {
		places[kind] = slices.Insert(places[kind], i, at)
	}
}

var hclIdentifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func hclPath(path []step) string {
	var b strings.Builder
	for _, s := range path {
		switch _, notIndex := strconv.Atoi(s.name); {
		case s.others || s.pattern != nil:
			b.WriteString("[*]")
		case notIndex == nil:
			b.WriteString("[" + s.name + "]")
		case !hclIdentifier.MatchString(s.name):
			b.WriteString("[" + strconv.Quote(s.name) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.name)
		}
	}
	return b.String()
}
