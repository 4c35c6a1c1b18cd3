package traitschema

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// step selects members or elements of a value: by a name or an index, by a pattern of names, or all that other steps
// don't select.
type step struct {
	name    string
	pattern *regexp.Regexp
	others  bool
	except  []step
}

func (s step) leadsTo(name string) bool {
	switch {
	case s.pattern != nil:
		return s.pattern.MatchString(name)
	case s.others:
		return !slices.ContainsFunc(s.except, func(other step) bool { return other.leadsTo(name) })
	}
	return s.name == name
}

// walker collects the marks of a schema, through every keyword with sub-schemas.
type walker struct {
	root   map[string]any
	schema *Schema
	refs   []string

	uncertain int // how many of the enclosing sub-schemas may not apply
	nodes     int // how many sub-schemas were walked
}

func (w *walker) walk(node any, path []step) {
	keywords, ok := node.(map[string]any)
	if !ok {
		return
	}
	if w.nodes++; w.nodes > maxMarkedNodes {
		w.schema.addGap("Write the traits with fewer references to schemas that have several references themselves",
			"leads to more than %d places by its references, more than the provider examines", maxMarkedNodes)
		return
	}
	if len(path) > maxDepth {
		w.schema.addGap("Write the traits with fewer levels", "has more than %d levels of traits, more than the "+
			"provider examines", maxDepth)
		return
	}
	if ref, ok := keywords["$ref"].(string); ok {
		w.reference(ref, path) // the server ignores all that stands beside it
		return
	}
	w.note(keywords[extensionKeyword], path)
	w.members(keywords, path)
	w.elements(keywords, path)
	w.each(keywords["allOf"], path)
	w.uncertain++
	defer func() { w.uncertain-- }()
	w.walk(keywords["contains"], append(slices.Clip(path), step{others: true}))
	for _, keyword := range []string{"anyOf", "oneOf"} {
		w.each(keywords[keyword], path)
	}
	for _, keyword := range []string{"if", "then", "else"} {
		w.walk(keywords[keyword], path)
	}
	if subs, ok := keywords["dependencies"].(map[string]any); ok {
		for _, sub := range subs {
			w.walk(sub, path)
		}
	}
}

// each visits a list of sub-schemas.
func (w *walker) each(node any, path []step) {
	list, _ := node.([]any)
	for _, sub := range list {
		w.walk(sub, path)
	}
}

// members visits the schemas of the properties of an object: by name, by pattern, and for all others.
func (w *walker) members(keywords map[string]any, path []step) {
	var taken []step
	properties, _ := keywords["properties"].(map[string]any)
	for name, sub := range properties {
		at := step{name: name}
		taken = append(taken, at)
		w.walk(sub, append(slices.Clip(path), at))
	}
	patterns, _ := keywords["patternProperties"].(map[string]any)
	for pattern, sub := range patterns {
		expression, err := w.schema.patterns.compile(pattern)
		if errors.Is(err, ErrNotCheckable) {
			w.schema.addGap("Write it with fewer patterns", "has too many or too large patterns for the provider to examine")
			break
		}
		if err != nil {
			w.schema.addGap("Correct the pattern: the server accepts no traits with this schema",
				"has the pattern %q, which is not a regular expression", pattern)
			continue
		}
		at := step{pattern: expression.Regexp}
		taken = append(taken, at)
		w.walk(sub, append(slices.Clip(path), at))
	}
	w.walk(keywords["additionalProperties"], append(slices.Clip(path), step{others: true, except: taken}))
}

// elements visits the schemas of the elements of an array: for all elements, or by index and for all others.
func (w *walker) elements(keywords map[string]any, path []step) {
	w.walk(keywords["items"], append(slices.Clip(path), step{others: true}))
	items, ok := keywords["items"].([]any)
	if !ok {
		return
	}
	var taken []step
	for i, sub := range items {
		at := step{name: strconv.Itoa(i)}
		taken = append(taken, at)
		w.walk(sub, append(slices.Clip(path), at))
	}
	w.walk(keywords["additionalItems"], append(slices.Clip(path), step{others: true, except: taken}))
}

func (w *walker) note(value any, path []step) {
	ext, err := decodeExtension(value)
	if err != nil {
		w.schema.addGap("Correct it, for example to \"ory.sh/kratos\": {\"credentials\": {\"password\": "+
			"{\"identifier\": true}}}",
			"has an invalid \"ory.sh/kratos\"")
		return
	}
	m := mark{
		path:         slices.Clone(path),
		verification: ext.Verification.Via,
		recovery:     ext.Recovery.Via,
		phone:        ext.isPhone(),
		certain:      w.uncertain == 0,
	}
	for kind, login := range ext.Credentials {
		if login.Identifier {
			m.credentials = append(m.credentials, credential{kind, login.Via})
		}
	}
	if len(m.credentials) > 0 || m.verification != "" || m.recovery != "" {
		w.schema.marks = append(w.schema.marks, m)
	}
}

// reference follows a reference within the document. A reference to another document, without a target, or in a circle
// is a gap.
func (w *walker) reference(ref string, path []step) {
	target, found := resolve(w.root, ref)
	switch {
	case !strings.HasPrefix(ref, "#") && ref != "":
		w.schema.addGap("Move everything that the schema refers to into the document itself, under definitions",
			"refers to %q, another document, which the provider never loads", ref)
	case !found:
		w.schema.addGap("Add the missing part to the document, under definitions, and refer to it as in "+
			"#/definitions/address",
			"refers to %q, which it does not contain", ref)
	case slices.Contains(w.refs, ref):
		w.schema.addGap("Write out as many levels as the traits have, without a reference to an enclosing schema",
			"refers to %q in a circle", ref)
	default:
		w.refs = append(w.refs, ref)
		w.walk(target, path)
		w.refs = w.refs[:len(w.refs)-1]
	}
}
