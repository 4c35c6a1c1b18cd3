package traitschema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/ory/jsonschema/v3"
)

// demand returns the value of the keyword of an error.
func (s sieve) demand(e *jsonschema.ValidationError) any {
	demand, _ := resolve(s.root, e.SchemaPtr)
	return demand
}

// message returns the requirement of a keyword in the words of the server, without the value that violates it, because
// the value may be a secret. Messages of the validator without the value are used unchanged.
func (s sieve) message(keyword string, e *jsonschema.ValidationError) string {
	demand := s.demand(e)
	switch keyword {
	case "type",
		"required",
		"minItems",
		"maxItems",
		"additionalItems",
		"minProperties",
		"maxProperties",
		"uniqueItems",
		extensionKeyword:
		return e.Message
	case "":
		return "no value is allowed here"
	case "enum":
		choices, _ := demand.([]any)
		return "value must be one of " + list(choices)
	case "const":
		return "value must be " + list([]any{demand})
	case "format":
		return fmt.Sprintf("the value is not valid %q", demand)
	case "pattern":
		return fmt.Sprintf("does not match pattern %q", demand)
	case "minLength":
		return "length must be >= " + list([]any{demand})
	case "maxLength":
		return "length must be <= " + list([]any{demand})
	case "oneOf":
		return "matches several alternatives (oneOf): " + strings.TrimPrefix(e.Message, "valid against schemas ")
	case "not":
		return "the value matches the schema of not"
	case "contentEncoding":
		return fmt.Sprintf("the value is not encoded in %q", demand)
	case "contentMediaType":
		return fmt.Sprintf("the value is not of the media type %q", demand)
	}
	return s.limit(keyword, e)
}

var limits = map[string]string{
	"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<", "multipleOf": "a multiple of",
}

// limit is message for keywords about numbers, and for dependencies.
func (s sieve) limit(keyword string, e *jsonschema.ValidationError) string {
	demand, path := s.demand(e), tokens(e.SchemaPtr)
	if isStrict, ok := demand.(bool); ok && isStrict { // draft-04 has the number beside it
		demand, _ = resolve(
			s.root,
			strings.TrimSuffix(e.SchemaPtr, keyword)+strings.ToLower(strings.TrimPrefix(keyword, "exclusive")),
		)
	}
	if relation, ok := limits[keyword]; ok {
		return "must be " + relation + " " + list([]any{demand})
	}
	if len(path) > 2 && path[len(path)-3] == "dependencies" {
		return fmt.Sprintf("missing properties: %q, which are required because %q is present", demand, path[len(path)-2])
	}
	return "not allowed"
}

// shownAlternatives bounds a message about a value that fits none of many schemas.
const shownAlternatives = 3

// alternatives returns, for each schema, the first reason why a value at the given depth doesn't fit.
func (s sieve) alternatives(depth int, branches [][]Violation) string {
	reasons := make([]string, 0, shownAlternatives+1)
	for i, branch := range branches {
		if i == shownAlternatives {
			reasons = append(reasons, fmt.Sprintf("and %d more", len(branches)-i))
			break
		}
		reason := branch[0].Message
		if path := branch[0].Path; len(path) > depth {
			reason = s.shown(path, depth) + ": " + reason
		}
		reasons = append(reasons, fmt.Sprintf("(%d) %s", i+1, reason))
	}
	return "matches none of the alternatives: " + strings.Join(reasons, "; ")
}

// list returns values of the schema as JSON.
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

func number(value any) float64 {
	literal, _ := value.(json.Number)
	f, _ := strconv.ParseFloat(literal.String(), 64)
	return f
}
