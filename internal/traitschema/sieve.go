package traitschema

import (
	"encoding/json"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// sieve keeps of what a validation has found that which is certain.
type sieve struct {
	instance any

	// anyUnknown says that something of the instance isn't known.
	anyUnknown bool

	// doubtful says that the schema makes demands of this instance about which the server may be of another opinion. A value that
	// seems to fit may not then: no matter where it is to fit, but all the difference where it must not.
	doubtful bool
}

// certain returns the violations of e that are certain, none if e isn't.
func (s sieve) certain(e *jsonschema.ValidationError) []Violation {
	if s.dependsOnOthers(e) {
		return nil
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		var all []Violation
		for _, cause := range e.Causes {
			all = append(all, s.certain(cause)...)
		}
		return all
	case *kind.AnyOf:
		return s.alternatives(e)
	case *kind.OneOf:
		if len(k.Subschemas) == 0 {
			return s.alternatives(e)
		}
	case *kind.Contains:
		if _, all := s.branches(e); !all {
			return nil
		}
	case *kind.PropertyNames:
		return s.propertyName(e, k.Property)
	case *kind.AdditionalProperties:
		return s.additional(e, k.Properties)
	}
	if !s.holds(e) {
		return nil
	}
	return []Violation{{Path: slices.Clone(e.InstanceLocation), Message: words(e.ErrorKind)}}
}

// conditional finds the keywords whose demands depend on what else the value at hand is.
var (
	conditional = regexp.MustCompile(`/(then|else)(/|$)`)
	dependent   = regexp.MustCompile(`/dependencies(/|$)`)
)

// dependsOnOthers says whether e comes of a demand that may not be made at all, once everything is known.
func (s sieve) dependsOnOthers(e *jsonschema.ValidationError) bool {
	return (s.anyUnknown || s.doubtful) && conditional.MatchString(e.SchemaURL) || s.anyUnknown && dependent.MatchString(e.SchemaURL)
}

// branches returns what is certain of each cause of e, and whether each has something.
func (s sieve) branches(e *jsonschema.ValidationError) (found [][]Violation, all bool) {
	for _, cause := range e.Causes {
		branch := s.certain(cause)
		if len(branch) == 0 {
			return nil, false
		}
		found = append(found, branch)
	}
	return found, true
}

// alternatives is a value that must fit one of several schemas and is certain to fit none.
func (s sieve) alternatives(e *jsonschema.ValidationError) []Violation {
	branches, all := s.branches(e)
	if !all {
		return nil
	}
	return []Violation{{Path: slices.Clone(e.InstanceLocation), Message: alternativesWords(len(e.InstanceLocation), branches)}}
}

// propertyName is about the name of a property. The library may have written over the location of such an error, so that it
// counts for little.
func (s sieve) propertyName(e *jsonschema.ValidationError, name string) []Violation {
	if s.anyUnknown {
		return nil
	}
	at := append(slices.Clone(e.InstanceLocation), name)
	if object, _ := s.at(e.InstanceLocation).(map[string]any); object[name] == nil {
		at = nil
	}
	var all []Violation
	for _, cause := range e.Causes {
		for _, violation := range s.certain(cause) {
			all = append(all, Violation{Path: at, Message: "the name of the property " + strconv.Quote(name) + ": " + violation.Message})
		}
	}
	return all
}

// additional makes a violation of each property that isn't allowed, so that each is reported where it stands.
func (s sieve) additional(e *jsonschema.ValidationError, names []string) []Violation {
	var all []Violation
	for _, name := range names {
		at := append(slices.Clone(e.InstanceLocation), name)
		if s.at(at) != Unknown {
			all = append(all, Violation{Path: at, Message: "additional property " + strconv.Quote(name) + " not allowed"})
		}
	}
	return all
}

// holds says whether a violation with no causes of its own is certain.
func (s sieve) holds(e *jsonschema.ValidationError) bool {
	value := s.at(e.InstanceLocation)
	if value == Unknown {
		return false
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Type, *kind.Required, *kind.FalseSchema, *kind.MinProperties, *kind.MinItems, *kind.MaxItems, *kind.AdditionalItems,
		*kind.MinLength, *kind.MaxLength, *kind.Pattern, *kind.Format:
		return true
	case *kind.MaxProperties:
		members, _ := value.(map[string]any)
		known := 0
		for _, member := range members {
			if member != Unknown {
				known++
			}
		}
		return known > k.Want
	case *kind.UniqueItems:
		elements, _ := value.([]any)
		return !hasUnknown(elements[k.Duplicates[0]]) && !hasUnknown(elements[k.Duplicates[1]])
	case *kind.Contains:
		return true // each element is certain not to fit
	case *kind.Enum:
		return !hasUnknown(value) && !slices.ContainsFunc(k.Want, func(want any) bool { return same(value, want) })
	case *kind.Const:
		return !hasUnknown(value) && !same(value, k.Want)
	case *kind.Dependency:
		members, _ := value.(map[string]any)
		return members[k.Prop] != Unknown
	case *kind.OneOf, *kind.Not:
		return !s.doubtful && !hasUnknown(value)
	}
	return outOfRange(e.ErrorKind)
}

// The server computes with 64 bits of precision, so that what is out of range by less is within it there.

func outOfRange(violation jsonschema.ErrorKind) bool {
	switch k := violation.(type) {
	case *kind.Minimum:
		return rounded(k.Got).Cmp(rounded(k.Want)) < 0
	case *kind.Maximum:
		return rounded(k.Got).Cmp(rounded(k.Want)) > 0
	case *kind.ExclusiveMinimum:
		return rounded(k.Got).Cmp(rounded(k.Want)) <= 0
	case *kind.ExclusiveMaximum:
		return rounded(k.Got).Cmp(rounded(k.Want)) >= 0
	case *kind.MultipleOf:
		return !new(big.Float).Quo(rounded(k.Got), rounded(k.Want)).IsInt()
	}
	return false // nothing that the server would find
}

func rounded(exact *big.Rat) *big.Float { return new(big.Float).SetPrec(64).SetRat(exact) }

// same compares values as the server does, numbers with its precision.
func same(a, b any) bool {
	switch left := a.(type) {
	case map[string]any:
		right, ok := b.(map[string]any)
		return ok && maps.EqualFunc(left, right, same)
	case []any:
		right, ok := b.([]any)
		return ok && slices.EqualFunc(left, right, same)
	case json.Number:
		right, ok := b.(json.Number)
		return ok && sameNumber(left, right)
	}
	return a == b
}

func sameNumber(a, b json.Number) bool {
	left, ok := new(big.Float).SetString(a.String())
	right, okToo := new(big.Float).SetString(b.String())
	return ok && okToo && left.Cmp(right) == 0
}

// at returns the value at a location of the instance.
func (s sieve) at(location []string) any {
	value := s.instance
	for _, step := range location {
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
