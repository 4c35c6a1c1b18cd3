package traitschema

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
)

// AllowsNull reports whether the schema always requires the member of the traits at path and accepts null for it. In
// this case null and an absent member differ. The path consists of names of members and indexes of elements.
func (s *Schema) AllowsNull(path []string) (allows bool) {
	key := strings.Join(path, "\x00")
	if known, ok := s.nulls.Load(key); ok {
		allows, _ = known.(bool)
		return allows
	}
	if _, err := s.compiled(); err == nil && len(path) > 0 {
		allows = s.allowsNull(append([]string{"traits"}, path...))
	}
	s.nulls.Store(key, allows)
	return allows
}

func (s *Schema) allowsNull(path []string) (allows bool) {
	defer func() { allows = recover() == nil && allows }()
	seeker := seeker{cost{schema: s}}
	places := seeker.certain(place{node: s.root, pointer: "#"})
	for _, name := range path[:len(path)-1] {
		var below []place
		for _, at := range places {
			below = append(below, seeker.below(at, name)...)
		}
		places = below
	}
	name := path[len(path)-1]
	if !slices.ContainsFunc(places, func(at place) bool { return at.requires(name) }) {
		return false
	}
	for _, at := range places {
		for _, sub := range seeker.below(at, name) {
			if !seeker.takesNull(sub) {
				return false
			}
		}
	}
	return true
}

// place is a schema within the document.
type place struct {
	node    any
	pointer string
}

func (p place) requires(name string) bool {
	keywords, _ := p.node.(map[string]any)
	required, _ := keywords["required"].([]any)
	return slices.Contains(required, any(name))
}

func (p place) sub(node any, names ...string) place {
	at := place{node, p.pointer}
	for _, name := range names {
		at.pointer += "/" + url.PathEscape(jsonplain.EscapePointer(name))
	}
	return at
}

// seeker finds the schemas that apply to a value without a condition. It has a budget and panics if the budget is
// exceeded.
type seeker struct{ cost }

// certain returns the schemas that apply whenever this schema applies: the targets of its references and all of allOf.
func (s *seeker) certain(at place) []place {
	if err := s.spend(maxDepth); err != nil {
		panic(err)
	}
	keywords, _ := at.node.(map[string]any)
	if ref, ok := keywords["$ref"].(string); ok {
		target, _ := resolve(s.schema.root, ref)
		return s.certain(place{node: target, pointer: "#" + strings.TrimPrefix(ref, "#")})
	}
	all := []place{at}
	list, _ := keywords["allOf"].([]any)
	for i, sub := range list {
		all = append(all, s.certain(at.sub(sub, "allOf", strconv.Itoa(i)))...)
	}
	return all
}

// below returns the schemas that apply to a member or an element of the value of this schema.
func (s *seeker) below(at place, name string) []place {
	keywords, _ := at.node.(map[string]any)
	var found []place
	properties, _ := keywords["properties"].(map[string]any)
	if sub, ok := properties[name]; ok {
		found = append(found, at.sub(sub, "properties", name))
	}
	expressions, _ := keywords["patternProperties"].(map[string]any)
	for expression, sub := range expressions {
		if s.schema.patterns.byText[expression].MatchString(name) {
			found = append(found, at.sub(sub, "patternProperties", expression))
		}
	}
	if others, ok := keywords["additionalProperties"]; ok && len(found) == 0 {
		found = append(found, at.sub(others, "additionalProperties"))
	}
	if i, err := strconv.Atoi(name); err == nil {
		found = append(found, at.element(keywords, i)...)
	}
	var all []place
	for _, sub := range found {
		all = append(all, s.certain(sub)...)
	}
	return all
}

// element returns the schema that applies to an element of an array.
func (p place) element(keywords map[string]any, i int) []place {
	switch items := keywords["items"].(type) {
	case map[string]any:
		return []place{p.sub(items, "items")}
	case []any:
		if i < len(items) {
			return []place{p.sub(items[i], "items", strconv.Itoa(i))}
		}
		if others, ok := keywords["additionalItems"]; ok {
			return []place{p.sub(others, "additionalItems")}
		}
	}
	return nil
}

func (s *seeker) takesNull(at place) bool {
	if isAllowed, ok := at.node.(bool); ok {
		return isAllowed
	}
	if err := s.check(at.node, nil, 0); err != nil {
		panic(err)
	}
	s.schema.compiling.Lock()
	defer s.schema.compiling.Unlock()
	compiled, err := s.schema.compiler.Compile(context.Background(), location+at.pointer)
	return err == nil && compiled.ValidateInterface(nil) == nil
}
