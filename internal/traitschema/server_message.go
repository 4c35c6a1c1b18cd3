package traitschema

import (
	"regexp"
	"strconv"
	"strings"
)

// Demand returns the requirement of the schema in a message of the server's validator about one violation. Many
// messages quote the invalid value, which may be a secret. Demand uses only texts that certainly contain no value.
func Demand(message, schemaPointer string) string {
	for _, known := range serverMessages {
		if known.text.MatchString(message) {
			return known.text.ReplaceAllString(message, known.demand)
		}
	}
	keyword := ""
	if keywords := tokens(schemaPointer); len(keywords) > 0 {
		keyword = " " + strconv.Quote(keywords[len(keywords)-1])
	}
	return "the value violates the keyword" + keyword + " of the schema"
}

var serverMessages = []struct {
	text   *regexp.Regexp
	demand string
}{
	{regexp.MustCompile(`^(expected [a-z]+(?: or [a-z]+)*, but got [a-z]+)$`), "$1"},
	{regexp.MustCompile(`^(missing properties: ("[^"]*"(, )?)+)$`), "$1"},
	{regexp.MustCompile(`^((?:minimum|maximum) \d+ (items|properties) allowed, but found \d+ (items|properties))$`), "$1"},
	{regexp.MustCompile(`^(only \d+ items are allowed, but found \d+ items)$`), "$1"},
	{regexp.MustCompile(`^(items at index \d+ and \d+ are equal)$`), "$1"},
	{regexp.MustCompile(`^(property "[^"]*" is required, if "[^"]*" property exists)$`), "$1"},
	{regexp.MustCompile(`^(does not match pattern .*)$`), "$1"},
	{regexp.MustCompile(`^(value must be .*)$`), "$1"}, // enum and const, with the values of the schema
	{regexp.MustCompile(`^(valid against schemas at indexes \d+ and \d+)$`), "$1"},
	{regexp.MustCompile(`^((?:not|allOf|anyOf|oneOf|contains|if-then|if-else|const) failed)$`), "$1"},
	{regexp.MustCompile(`^(length must be [<>]= \d+), but got \d+$`), "$1"},
	{regexp.MustCompile(`^(must be [<>]=? [-+0-9.eE/]+) but found .*$`), "$1"},
	{regexp.MustCompile(`^.* not multipleOf ([-+0-9.eE/]+)$`), "must be a multiple of $1"},
	{regexp.MustCompile(`^".*" is not valid ("[a-z-]+")$`), "the value is not valid $1"},
	{regexp.MustCompile(`^".*" is not ([a-z0-9-]+) encoded$`), "the value is not $1 encoded"},
}

const additionalProperties = "additionalProperties "

// AdditionalNames returns the names in a message about properties that the schema doesn't allow, such as
// `additionalProperties "a", "b" not allowed`. It returns none for other messages.
func AdditionalNames(message string) (names []string) {
	rest, ok := strings.CutPrefix(message, additionalProperties)
	for ok {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return names
		}
		rest = strings.TrimPrefix(rest[len(quoted):], ", ")
		if name, err := strconv.Unquote(quoted); err == nil {
			names = append(names, name)
		}
	}
	return nil
}

// NoSuchProperty is the violation of a property that the schema doesn't allow.
const NoSuchProperty = "the schema has no property with this name"
