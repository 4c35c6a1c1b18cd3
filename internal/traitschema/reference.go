package traitschema

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// The keywords that hold schemas: one, a list, or some by names of the user's own, which may be those of keywords.
var (
	holdsSchema = map[string]bool{
		"not": true, "if": true, "then": true, "else": true, "items": true, "additionalItems": true, "contains": true,
		"additionalProperties": true, "propertyNames": true,
	}
	holdsList  = map[string]bool{"allOf": true, "anyOf": true, "oneOf": true, "items": true}
	holdsNamed = map[string]bool{
		"properties": true, "patternProperties": true, "dependencies": true, "definitions": true, "$defs": true,
	}
)

// isLocal says whether a reference leads to a part of the document by a JSON Pointer, or to the whole document.
func isLocal(ref string) bool { return ref == "" || ref == "#" || strings.HasPrefix(ref, "#/") }

// resolve follows a local reference as the server does, which also takes percent-encoded names and the indexes of
// arrays.
func resolve(root any, ref string) (node any, found bool) {
	if !isLocal(ref) {
		return nil, false
	}
	node = root
	for _, token := range tokens(ref) {
		switch holder := node.(type) {
		case map[string]any:
			if node, found = holder[token]; !found {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(holder) {
				return nil, false
			}
			node = holder[i]
		default:
			return nil, false
		}
	}
	return node, true
}

// tokens returns the names and indexes of a JSON Pointer that stands after a #.
func tokens(pointer string) []string {
	pointer = strings.TrimPrefix(strings.TrimPrefix(pointer, "#"), "/")
	if pointer == "" {
		return nil
	}
	all := strings.Split(pointer, "/")
	for i, token := range all {
		token = jsonplain.UnescapePointer(token)
		if decoded, err := url.PathUnescape(token); err == nil {
			token = decoded
		}
		all[i] = token
	}
	return all
}

// keywordsOf returns the keywords among the tokens that lead through a schema, without the names and indexes between
// them.
func keywordsOf(tokens []string) (keywords []string) {
	for i := 0; i < len(tokens); i++ {
		keyword := tokens[i]
		keywords = append(keywords, keyword)
		switch {
		case holdsNamed[keyword]:
			i++
		case holdsList[keyword] && i+1 < len(tokens):
			if _, err := strconv.Atoi(tokens[i+1]); err == nil {
				i++
			}
		}
	}
	return keywords
}
