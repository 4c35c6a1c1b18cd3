package traitschema

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// LoginIdentifiers returns the login identifiers that the traits hold, by type of credential, each as the server spells
// it, sorted and once. The gap says why they may not be all, as [Schema.Gap] does, or that the server's spelling of one
// isn't known; it is empty where they are all.
func (s *Schema) LoginIdentifiers(traits json.RawMessage) (byType map[string][]string, gap string) {
	byType, unclear := identifiers(s.marks, traits)
	switch {
	case s.gap != "":
		return byType, s.gap
	case unclear != "":
		return byType, "the trait " + unclear + " is a phone number that codes are sent to, and isn't a valid one with its " +
			"country code"
	}
	return byType, ""
}

// LoginTexts returns the traits from which the server derives login identifiers, as they are, sorted and once. Versions
// of the server derive different identifiers from some texts, but each version folds the text of a lookup likewise.
func (s *Schema) LoginTexts(traits json.RawMessage) []string {
	root := jsonplain.Decode(traits)
	var texts []string
	for _, m := range s.marks {
		if len(m.credentials) > 0 {
			texts = append(texts, valuesAt(root, m.path)...)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// CertainLoginIdentifiers returns those of LoginIdentifiers that the server is sure to make of these traits: a trait
// that is marked only under a condition (if, anyOf) may be none.
func (s *Schema) CertainLoginIdentifiers(traits json.RawMessage) (byType map[string][]string) {
	byType, _ = identifiers(slices.DeleteFunc(slices.Clone(s.marks), func(m mark) bool { return !m.certain }), traits)
	return byType
}

// identifiers also returns where a phone number is whose spelling isn't clear.
func identifiers(marks []mark, traits json.RawMessage) (byType map[string][]string, unclear string) {
	root := jsonplain.Decode(traits)
	byType = map[string][]string{}
	for _, m := range marks {
		for _, value := range valuesAt(root, m.path) {
			for _, login := range m.credentials {
				spelled, ok := login.spell(Fold(value))
				if !ok {
					unclear = hclPath(m.path)
					continue
				}
				byType[login.kind] = append(byType[login.kind], spelled)
			}
		}
	}
	for kind, values := range byType {
		slices.Sort(values)
		byType[kind] = slices.Compact(values)
	}
	return byType, unclear
}

// spell makes of a folded text what the server does; ok is false where that isn't clear.
func (c credential) spell(folded string) (spelled string, ok bool) {
	if c.kind == "code" && c.via == bySMS {
		return E164(folded)
	}
	return folded, true
}

// VerifiableAddresses returns how each verifiable address that the traits hold is reached, "email" or "sms", by the
// folded address. ok is false where the schema can't tell them all.
func (s *Schema) VerifiableAddresses(traits json.RawMessage) (via map[string]string, ok bool) {
	root := jsonplain.Decode(traits)
	via = map[string]string{}
	for _, m := range s.marks {
		if m.verification == "" {
			continue
		}
		for _, value := range valuesAt(root, m.path) {
			via[Fold(value)] = m.verification
		}
	}
	return via, s.gap == ""
}

// Normalise makes of a trait what later versions of the server store in its place: they spell phone numbers in their
// own way (E.164). Traits that mean the same are equal then.
func (s *Schema) Normalise(path []string, text string) string {
	if spelled, ok := E164(text); ok && s.Via(path) == bySMS {
		return spelled
	}
	return text
}

// Via says how the trait at path is reached where the schema marks it as an address, or as an identifier that codes are
// sent to: "sms" for a phone number, "email", or "".
func (s *Schema) Via(path []string) (via string) {
	for _, m := range s.marks {
		switch {
		case !m.isAt(path):
		case m.phone:
			return bySMS
		case m.isEmail():
			via = byEmail
		}
	}
	return via
}

// valuesAt returns the texts of a value at a path; those that are empty count for nothing on the server either.
func valuesAt(value any, path []step) []string {
	if len(path) == 0 {
		text := ""
		switch v := value.(type) {
		case string:
			text = strings.TrimSpace(v)
		case json.Number:
			text = v.String()
		}
		if text == "" {
			return nil
		}
		return []string{text}
	}
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if path[0].leadsTo(name) {
				found = append(found, valuesAt(member, path[1:])...)
			}
		}
	case []any:
		for i, element := range v {
			if path[0].leadsTo(strconv.Itoa(i)) {
				found = append(found, valuesAt(element, path[1:])...)
			}
		}
	}
	return found
}
