package traitschema

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// The keywords whose values are one schema, a list of schemas, or schemas by names of the user. These names may equal
// keywords.
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

// isLocal reports whether a reference points to a part of the document by a JSON Pointer, or to the whole document.
func isLocal(ref string) bool { return ref == "" || ref == "#" || strings.HasPrefix(ref, "#/") }

// resolve follows a local reference like the server, which also accepts percent-encoded names and indexes of arrays.
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

// tokens returns the names and indexes of a JSON Pointer after a #.
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

// keywordsOf returns the keywords among the tokens of a path in a schema, without names and indexes.
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
