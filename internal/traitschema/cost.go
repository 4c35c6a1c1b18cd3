package traitschema

import "encoding/json"

// cost estimates the steps of a validation. It visits what the validator would visit, without shortcuts, and stops when
// the budget is spent.
type cost struct {
	schema *Schema
	steps  int
}

var errTooManySteps = notCheckable("the check of these traits by this schema takes too long")

func (c *cost) spend(steps int) error {
	if c.steps += steps; c.steps > maxSteps || steps < 0 {
		return errTooManySteps
	}
	return nil
}

// check adds the cost of the check of a value against a schema at a depth of schemas.
func (c *cost) check(node, value any, depth int) error {
	keywords, ok := node.(map[string]any)
	if !ok {
		return nil
	}
	if depth > maxDepth {
		return tooDeep("it checks these traits by schemas that are nested")
	}
	if err := c.spend(depth + 1); err != nil {
		return err
	}
	if ref, ok := keywords["$ref"].(string); ok {
		target, _ := resolve(c.schema.root, ref)
		return c.check(target, value, depth+1)
	}
	for keyword, held := range keywords {
		if err := c.keyword(keyword, held, value, depth); err != nil {
			return err
		}
	}
	switch v := value.(type) {
	case map[string]any:
		return c.members(keywords, v, depth+1)
	case []any:
		return c.elements(keywords, v, depth+1)
	case json.Number:
		return c.spend(len(v) * len(v) / 1000)
	}
	return nil
}

// keyword adds the cost of one keyword that checks the value as a whole.
func (c *cost) keyword(keyword string, held, value any, depth int) error {
	switch keyword {
	case "not", "if", "then", "else":
		return c.check(held, value, depth+1)
	case "allOf", "anyOf", "oneOf":
		list, _ := held.([]any)
		return c.each(list, func(sub any) error { return c.check(sub, value, depth+1) })
	case "enum", "required":
		list, _ := held.([]any)
		return c.spend(len(list) * size(value))
	case "uniqueItems":
		if list, ok := value.([]any); ok {
			return c.spend(len(list) * size(list) * (depth + 1)) // each pair that is equal is an error
		}
	case "pattern":
		expression, _ := held.(string)
		text, _ := value.(string)
		return c.match(expression, text)
	}
	return nil
}

func (c *cost) each(list []any, check func(any) error) error {
	for _, element := range list {
		if err := check(element); err != nil {
			return err
		}
	}
	return nil
}

// match adds the cost of a match of a text: in the worst case, each instruction for each character.
func (c *cost) match(expression, text string) error {
	const matchesPerStep = 8
	return c.spend(c.schema.patterns.byText[expression].size * len(text) / matchesPerStep)
}

func (c *cost) members(keywords, object map[string]any, depth int) error {
	properties, _ := keywords["properties"].(map[string]any)
	expressions, _ := keywords["patternProperties"].(map[string]any)
	dependencies, _ := keywords["dependencies"].(map[string]any)
	if err := c.spend(len(properties) + len(dependencies)); err != nil {
		return err
	}
	for name, member := range object {
		subs := []any{properties[name], keywords["additionalProperties"]}
		for expression, sub := range expressions {
			if err := c.match(expression, name); err != nil {
				return err
			}
			if c.schema.patterns.byText[expression].MatchString(name) {
				subs = append(subs, sub)
			}
		}
		if err := c.each(subs, func(sub any) error { return c.check(sub, member, depth) }); err != nil {
			return err
		}
		if err := c.check(keywords["propertyNames"], name, depth); err != nil {
			return err
		}
		if err := c.check(dependencies[name], object, depth); err != nil {
			return err
		}
	}
	return nil
}

func (c *cost) elements(keywords map[string]any, array []any, depth int) error {
	for i, element := range array {
		subs := []any{keywords["items"], keywords["contains"]}
		if list, ok := keywords["items"].([]any); ok && i < len(list) {
			subs[0] = list[i]
		} else if ok {
			subs[0] = keywords["additionalItems"]
		}
		if err := c.each(subs, func(sub any) error { return c.check(sub, element, depth) }); err != nil {
			return err
		}
	}
	return nil
}
