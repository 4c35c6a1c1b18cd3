package traitschema

// ignoredBesideRef are the keywords that the server ignores beside a reference, as with the drafts that it knows all keywords
// are, and that the library in use here looks at all the same.
var ignoredBesideRef = map[string]bool{
	"const": true, "contains": true, "propertyNames": true, "if": true, "then": true, "else": true,
}

// heldValues are the keywords whose value is no schema, whatever it looks like.
var heldValues = map[string]bool{"const": true, "enum": true, "default": true, "examples": true}

// heldByName are the keywords that hold schemas by names of the user's own, which may be those of keywords.
var heldByName = map[string]bool{
	"properties": true, "patternProperties": true, "definitions": true, "$defs": true, "dependencies": true,
}

// withoutIgnored returns a copy of a schema, or of a list of schemas, without what is ignored beside references.
func withoutIgnored(node any) any {
	switch v := node.(type) {
	case map[string]any:
		_, isReference := v["$ref"].(string)
		kept := make(map[string]any, len(v))
		for keyword, value := range v {
			byName, hasNames := value.(map[string]any)
			switch {
			case isReference && ignoredBesideRef[keyword]:
			case heldValues[keyword]:
				kept[keyword] = value
			case heldByName[keyword] && hasNames:
				named := make(map[string]any, len(byName))
				for name, sub := range byName {
					named[name] = withoutIgnored(sub)
				}
				kept[keyword] = named
			default:
				kept[keyword] = withoutIgnored(value)
			}
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, element := range v {
			kept[i] = withoutIgnored(element)
		}
		return kept
	}
	return node
}
