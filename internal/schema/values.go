package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// LoginIdentifiers returns the login identifiers that the traits hold, by type of credential, each folded, sorted and once.
// ok is false where the schema can't tell them all.
func (s *Schema) LoginIdentifiers(traits json.RawMessage) (byType map[string][]string, ok bool) {
	return identifiers(s.marks, traits), s.complete
}

// CertainLoginIdentifiers returns those of LoginIdentifiers that the server is sure to make of these traits: a trait that is
// marked only under a condition (if, anyOf) may be none.
func (s *Schema) CertainLoginIdentifiers(traits json.RawMessage) (byType map[string][]string) {
	return identifiers(slices.DeleteFunc(slices.Clone(s.marks), func(m mark) bool { return !m.certain }), traits)
}

func identifiers(marks []mark, traits json.RawMessage) map[string][]string {
	root := jsonvalue.Plain(traits)
	byType := map[string][]string{}
	for _, m := range marks {
		values := valuesAt(root, m.path)
		for _, kind := range m.credentials {
			byType[kind] = append(byType[kind], values...)
		}
	}
	for kind, values := range byType {
		slices.Sort(values)
		byType[kind] = slices.Compact(values)
	}
	maps.DeleteFunc(byType, func(_ string, values []string) bool { return len(values) == 0 })
	return byType
}

// VerifiableAddresses returns how each verifiable address that the traits hold is reached, "email" or "sms", by the folded
// address. ok is false where the schema can't tell them all.
func (s *Schema) VerifiableAddresses(traits json.RawMessage) (via map[string]string, ok bool) {
	root := jsonvalue.Plain(traits)
	via = map[string]string{}
	for _, m := range s.marks {
		if m.verification == "" {
			continue
		}
		for _, value := range valuesAt(root, m.path) {
			via[value] = m.verification
		}
	}
	return via, s.complete
}

// Fold makes of a trait what the server makes of it as identifier or address: lower case, no spaces around it.
func Fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// valuesAt returns the folded texts of a value at a path; those that are empty count for nothing on the server either.
func valuesAt(value any, path []step) []string {
	if len(path) == 0 {
		text := ""
		switch v := value.(type) {
		case string:
			text = Fold(v)
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
