package traitschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// The budget of one check. The validator takes none, so what a check costs is estimated before. Past the budget the
// server decides.
const (
	// maxDocument bounds the bytes of a schema: each of its parts takes several hundred bytes of memory.
	maxDocument = 256 << 10

	// maxDepth bounds the levels of a document, of a path within the traits, and of schemas that a value is checked by,
	// one within the other: the validator builds the path of every error anew at each level.
	maxDepth = 100

	// maxSteps bounds the work of a check. A step is worth some 100 ns.
	maxSteps = 1_000_000

	// maxPatterns bounds the size of all patterns of a schema, in instructions of their programs.
	maxPatterns = 100_000

	// maxMarkedNodes bounds the parts of a schema that are walked for marks: where references lead to schemas with
	// several references each, every level multiplies the places that a schema says something of.
	maxMarkedNodes = 10_000

	// maxExponent bounds the exponents of numbers.
	maxExponent = 10_000
)

// ErrNotCheckable is in the chain of errors about schemas, and about traits, that the server alone can check: they
// refer to other documents, or the check would take more time or memory than it may.
var ErrNotCheckable = errors.New("only the server can check it")

// ErrExtremeNumber is the [ErrNotCheckable] about a number of the traits.
var ErrExtremeNumber error = notCheckable(fmt.Sprintf("they have a number with an exponent beyond %d", maxExponent))

type notCheckable string

// Error implements error.
func (e notCheckable) Error() string { return string(e) }

// Is implements the interface of errors.Is.
func (notCheckable) Is(target error) bool { return target == ErrNotCheckable }

func tooDeep(what string) error {
	return notCheckable(fmt.Sprintf("%s more than %d levels deep", what, maxDepth))
}

// isDeep says whether decoded JSON has more than a number of levels.
func isDeep(value any, levels int) bool {
	if levels < 0 {
		return true
	}
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			if isDeep(member, levels-1) {
				return true
			}
		}
	case []any:
		for _, element := range v {
			if isDeep(element, levels-1) {
				return true
			}
		}
	}
	return false
}

// size counts the values of decoded JSON.
func size(value any) int {
	n := 1
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			n += size(member)
		}
	case []any:
		for _, element := range v {
			n += size(element)
		}
	}
	return n
}

// isExtreme says whether a leaf of decoded JSON is a number with too large an exponent.
func isExtreme(leaf any) bool {
	number, ok := leaf.(json.Number)
	_, power, written := strings.Cut(strings.ToLower(number.String()), "e")
	exponent, err := strconv.Atoi(power)
	return ok && written && (err != nil || exponent < -maxExponent || exponent > maxExponent)
}

// patterns are the compiled patterns of a schema, of a bounded size.
type patterns struct {
	byText map[string]pattern
	size   int
}

type pattern struct {
	*regexp.Regexp
	size int
}

// compile returns a pattern. The error is ErrNotCheckable where there are too many, or else about the pattern.
func (p *patterns) compile(text string) (pattern, error) {
	if known, ok := p.byText[text]; ok {
		return known, nil
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return pattern{}, err
	}
	const fixed = 50 // what the smallest of patterns costs
	this := pattern{size: fixed + programSize(parsed)}
	if p.size += this.size; p.size > maxPatterns {
		return pattern{}, notCheckable("its patterns are too many, or too large")
	}
	if this.Regexp, err = regexp.Compile(text); err != nil {
		return pattern{}, err
	}
	if p.byText == nil {
		p.byText = map[string]pattern{}
	}
	p.byText[text] = this
	return this, nil
}

// programSize estimates the instructions that an expression takes, which has each repetition written out.
func programSize(expression *syntax.Regexp) int {
	n := 1 + len(expression.Rune)
	for _, sub := range expression.Sub {
		n += programSize(sub)
	}
	if expression.Op == syntax.OpRepeat {
		n *= max(expression.Min, expression.Max, 1)
	}
	return n
}
