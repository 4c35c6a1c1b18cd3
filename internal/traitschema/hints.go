package traitschema

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

const byteOrderMark = "\ufeff"

// midnight matches the text to which YAML converts a date without quotes.
var midnight = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T00:00:00Z$`)

// hint explains a violation that is probably a known mistake, such as a number that csvdecode returns as a string. It
// is a sentence and doesn't show the value.
func hint(traits any, violation Violation) string {
	text, ok := valueAt(traits, violation.Path).(string)
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(text, byteOrderMark):
		return "The text begins with a byte order mark. Remove it with trimprefix(..., \"\\ufeff\")."
	case strings.HasPrefix(violation.Message, `the value is not valid "date"`) && midnight.MatchString(text):
		return "YAML reads a date without quotes as a timestamp. Put the date in quotes, or use " +
			"formatdate(\"YYYY-MM-DD\", ...)."
	case expects(violation.Message, "integer", "number") && isNumber(text):
		return "The text contains a number, as in results of csvdecode(). Convert it with tonumber()."
	case expects(violation.Message, "boolean") && (text == "true" || text == "false"):
		return "The text contains a boolean, as in results of csvdecode(). Convert it with tobool()."
	}
	return ""
}

func expects(message string, kinds ...string) bool {
	wanted, ok := strings.CutPrefix(message, "expected ")
	wanted, _, isText := strings.Cut(wanted, ", but got string")
	if !ok || !isText {
		return false
	}
	for _, kind := range kinds {
		if strings.Contains(wanted, kind) {
			return true
		}
	}
	return false
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && json.Valid([]byte(text))
}

func valueAt(value any, path []string) any {
	for _, name := range path {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
