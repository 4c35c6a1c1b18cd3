package traitschema

import (
	"slices"
	"strconv"

	"github.com/ory/jsonschema/v3"
)

// sieve keeps the violations that hold for all possible values of the unknown parts.
type sieve struct {
	root       any             // the schema
	names      map[string]bool // of the properties in the schema
	instance   any
	anyUnknown bool
}

// certain returns the violations of e that are certain, none if e isn't.
func (s sieve) certain(e *jsonschema.ValidationError) []Violation {
	keywords := keywordsOf(tokens(e.SchemaPtr))
	isName := slices.Contains(keywords, "propertyNames")
	if s.anyUnknown && (isName || slices.Contains(keywords, "dependencies")) {
		return nil // the property may be absent in the end
	}
	switch e.Message {
	case "if-then failed", "if-else failed":
		if s.anyUnknown {
			return nil
		}
	case "anyOf failed", "oneOf failed", "contains failed":
		branches, all := s.branches(e)
		if !all {
			return nil
		}
		at := tokens(e.InstancePtr)
		if e.Message == "contains failed" {
			return []Violation{{Path: at, Message: "no item matches the schema of contains"}}
		}
		return []Violation{{Path: at, Message: s.alternatives(len(at), branches)}}
	}
	if len(e.Causes) == 0 {
		return s.leaf(e, keywords, isName)
	}
	var all []Violation
	for _, cause := range e.Causes {
		all = append(all, s.certain(cause)...)
	}
	return all
}

// branches returns the certain violations of each cause of e, and whether each cause has some.
func (s sieve) branches(e *jsonschema.ValidationError) (found [][]Violation, all bool) {
	for _, cause := range e.Causes {
		branch := s.certain(cause)
		if len(branch) == 0 {
			return nil, false
		}
		inOrder(branch)
		found = append(found, branch)
	}
	return found, true
}

// leaf returns the violations of an error that has no causes.
func (s sieve) leaf(e *jsonschema.ValidationError, keywords []string, isName bool) []Violation {
	at := tokens(e.InstancePtr)
	value := s.at(at)
	keyword := ""
	if len(keywords) > 0 && e.Message != "always fail" {
		keyword = keywords[len(keywords)-1]
	}
	if isUnknown(value) || !holdsPartly(keyword, value, s.demand(e)) {
		return nil
	}
	if keyword == "additionalProperties" {
		return s.additional(at, e)
	}
	message := s.message(keyword, e)
	if isName {
		message = "the name of this property: " + message
	}
	return []Violation{{Path: at, Message: message}}
}

// holdsPartly reports whether a violation of a keyword holds even if parts of the value are unknown.
func holdsPartly(keyword string, value, demand any) bool {
	switch keyword {
	case "", "type", "required", "minProperties", "minItems", "maxItems", "additionalItems", "additionalProperties":
		return true
	case "maxProperties":
		members, _ := value.(map[string]any)
		known := 0
		for _, member := range members {
			if !isUnknown(member) {
				known++
			}
		}
		return number(demand) < float64(known)
	}
	return !anyLeaf(value, isUnknown)
}

// additional returns a violation for each property that isn't allowed, so that each is reported at its own path.
func (s sieve) additional(at []string, e *jsonschema.ValidationError) []Violation {
	var all []Violation
	for _, name := range AdditionalNames(e.Message) {
		path := append(slices.Clone(at), name)
		if !isUnknown(s.at(path)) {
			all = append(all, Violation{Path: path, Message: s.noSuchProperty(e)})
		}
	}
	return all
}

// at returns the value at a path of the instance.
func (s sieve) at(path []string) any {
	value := s.instance
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return value
		}
	}
	return value
}
