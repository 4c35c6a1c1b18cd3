package traitschema

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// LoginIdentifiers returns the login identifiers of the traits in the spelling of the server, by type of credential,
// sorted and without duplicates. gap is empty if the result is complete. Otherwise it says why, as [Schema.Gap] does,
// or that the server's spelling of an identifier isn't known.
func (s *Schema) LoginIdentifiers(traits json.RawMessage) (byType map[string][]string, gap string) {
	byType, unclear := identifiers(s.marks, traits)
	switch {
	case s.gap != "":
		return byType, s.gap
	case unclear != "":
		return byType, "the trait " + unclear + " is a phone number for codes, but not a valid phone number with a " +
			"country code"
	}
	return byType, ""
}

// LoginTexts returns the unchanged traits from which the server derives login identifiers, sorted and without
// duplicates. Versions of the server derive different identifiers from some texts, but each version folds the text of a
// lookup in the same way.
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

// CertainLoginIdentifiers returns the LoginIdentifiers that the server certainly derives from these traits. It excludes
// traits that are marked only under a condition (if, anyOf).
func (s *Schema) CertainLoginIdentifiers(traits json.RawMessage) (byType map[string][]string) {
	byType, _ = identifiers(slices.DeleteFunc(slices.Clone(s.marks), func(m mark) bool { return !m.certain }), traits)
	return byType
}

// identifiers also returns the place of a phone number with an unclear spelling.
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

// spell returns the server's spelling of a folded text. ok is false if it isn't clear.
func (c credential) spell(folded string) (spelled string, ok bool) {
	if c.kind == "code" && c.via == bySMS {
		return E164(folded)
	}
	return folded, true
}

// VerifiableAddresses returns the via ("email" or "sms") of each verifiable address of the traits, by the folded
// address. ok is false if the schema doesn't show all of them.
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

// Normalise returns a trait in the form that later versions of the server store: phone numbers in E.164. Traits with
// the same meaning are then equal.
func (s *Schema) Normalise(path []string, text string) string {
	if spelled, ok := E164(text); ok && s.Via(path) == bySMS {
		return spelled
	}
	return text
}

// Via returns the via of the trait at path, if the schema marks it as an address or as an identifier that receives
// codes: "sms" for a phone number, "email", or "".
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

// valuesAt returns the texts of a value at a path. It ignores empty texts, like the server.
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
