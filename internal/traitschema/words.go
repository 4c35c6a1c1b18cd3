package traitschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// words says what a schema demands, in the words that the server has for it, without the value that breaks it: that may be a
// secret.
func words(violation jsonschema.ErrorKind) string {
	switch k := violation.(type) {
	case *kind.Type:
		return fmt.Sprintf("expected %s, but got %s", strings.Join(k.Want, " or "), k.Got)
	case *kind.Required:
		return "missing properties: " + quoted(k.Missing)
	case *kind.Dependency:
		return fmt.Sprintf("missing properties: %s, which must be there because %q is", quoted(k.Missing), k.Prop)
	case *kind.Enum:
		return "value must be one of " + list(k.Want)
	case *kind.Const:
		return "value must be " + list([]any{k.Want})
	case *kind.Format:
		return fmt.Sprintf("the value is not valid %q", k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("does not match pattern %q", k.Want)
	case *kind.MinLength:
		return fmt.Sprintf("length must be >= %d", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("length must be <= %d", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("minimum %d items allowed, but found %d items", k.Want, k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("maximum %d items allowed, but found %d items", k.Want, k.Got)
	case *kind.AdditionalItems:
		return fmt.Sprintf("%d items more than are allowed", k.Count)
	case *kind.UniqueItems:
		return fmt.Sprintf("items at index %d and %d are equal", k.Duplicates[0], k.Duplicates[1])
	case *kind.Contains:
		return "none of the items is as one must be (contains)"
	case *kind.MinProperties:
		return fmt.Sprintf("minimum %d properties allowed, but found %d properties", k.Want, k.Got)
	case *kind.MaxProperties:
		return fmt.Sprintf("maximum %d properties allowed, but found %d properties", k.Want, k.Got)
	case *kind.OneOf:
		return fmt.Sprintf("valid against several alternatives (oneOf), those at indexes %d and %d", k.Subschemas[0], k.Subschemas[1])
	case *kind.Not:
		return "the value is what it must not be (not)"
	case *kind.FalseSchema:
		return "no value is allowed here"
	}
	return limit(violation)
}

func limit(violation jsonschema.ErrorKind) string {
	switch k := violation.(type) {
	case *kind.Minimum:
		return "must be >= " + decimal(k.Want)
	case *kind.Maximum:
		return "must be <= " + decimal(k.Want)
	case *kind.ExclusiveMinimum:
		return "must be > " + decimal(k.Want)
	case *kind.ExclusiveMaximum:
		return "must be < " + decimal(k.Want)
	case *kind.MultipleOf:
		return "must be a multiple of " + decimal(k.Want)
	}
	return "not allowed"
}

// shownAlternatives bounds a message about a value that fits none of many schemas.
const shownAlternatives = 3

// alternativesWords says of each schema why a value at the given depth doesn't fit it, by the first reason.
func alternativesWords(depth int, branches [][]Violation) string {
	reasons := make([]string, 0, shownAlternatives+1)
	for i, branch := range branches {
		if i == shownAlternatives {
			reasons = append(reasons, fmt.Sprintf("and %d more", len(branches)-i))
			break
		}
		reason := branch[0].Message
		if below := branch[0].Path[min(depth, len(branch[0].Path)):]; len(below) > 0 {
			reason = strings.Join(below, ".") + ": " + reason
		}
		reasons = append(reasons, fmt.Sprintf("(%d) %s", i+1, reason))
	}
	return "fits none of the alternatives: " + strings.Join(reasons, "; ")
}

func quoted(names []string) string {
	all := make([]string, 0, len(names))
	for _, name := range names {
		all = append(all, strconv.Quote(name))
	}
	return strings.Join(all, ", ")
}

// list shows values of the schema as JSON.
func list(values []any) string {
	all := make([]string, 0, len(values))
	for _, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			raw = fmt.Appendf(nil, "%v", value)
		}
		all = append(all, string(raw))
	}
	return strings.Join(all, ", ")
}

// decimal shows a number of the schema with all its digits, as far as a decimal fraction can.
func decimal(number *big.Rat) string {
	if number.IsInt() {
		return number.Num().String()
	}
	const digits = 20
	return strings.TrimRight(number.FloatString(digits), "0")
}
