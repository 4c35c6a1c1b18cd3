package kratos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// isSensitive says whether what stands under this name of a JSON object, or below this segment of a JSON Pointer, is kept
// out of logs. "code" also hides the status in Kratos's errors, which the line before shows anyway.
func isSensitive(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "credentials", "config", "metadata_admin", "recovery_code", "recovery_link", "code", "link",
		"api_key", "apikey", "api-key", "authorization", "cookie", "set-cookie":
		return true
	default:
		return strings.Contains(name, "password") || strings.Contains(name, "secret") || strings.Contains(name, "token")
	}
}

// redactValue returns doc with everything sensitive replaced, and reports the strings that it took away to found. doc is
// changed in place.
func redactValue(doc any, found func(string)) any {
	switch doc := doc.(type) {
	case map[string]any:
		hidesValue := isSensitivePatch(doc)
		for name, value := range doc {
			if value != nil && (isSensitive(name) || hidesValue && name == "value") {
				eachString(value, found)
				doc[name] = redacted
				continue
			}
			doc[name] = redactValue(value, found)
		}
	case []any:
		for i, value := range doc {
			doc[i] = redactValue(value, found)
		}
	}
	return doc
}

// isSensitivePatch finds an operation of a JSON Patch at, or below, something sensitive.
func isSensitivePatch(object map[string]any) bool {
	path, ok := object["path"].(string)
	if _, isOp := object["op"].(string); !ok || !isOp {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if isSensitive(segment) {
			return true
		}
	}
	return false
}

func eachString(value any, found func(string)) {
	switch value := value.(type) {
	case string:
		found(value)
	case json.Number:
		if len(value) >= minScrubbed { // "1" is in every page of a gateway
			found(value.String())
		}
	case map[string]any:
		for _, v := range value {
			eachString(v, found)
		}
	case []any:
		for _, v := range value {
			eachString(v, found)
		}
	}
}

var errMoreJSON = errors.New("more than one JSON document")

// decodeJSON decodes one JSON document, numbers as they are written.
func decodeJSON(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errMoreJSON
	}
	return doc, nil
}

// loggedBody is a body for the log, redacted when the line is rendered: at most levels nobody does.
type loggedBody struct{ render func() string }

// newLoggedBody shows a JSON body without what is sensitive, and of any other, or of one that repeats a secret elsewhere,
// nothing but its length.
func newLoggedBody(body []byte, hidden secrets) loggedBody {
	return loggedBody{func() string {
		if len(body) == 0 {
			return ""
		}
		length := fmt.Sprintf("%d bytes", len(body))
		doc, err := decodeJSON(body)
		if err != nil || !isJSON(body) {
			return length
		}
		text, err := json.Marshal(redactValue(doc, func(string) {}))
		if err != nil || hidden.longOnes().in(text) {
			return length
		}
		return string(text)
	}}
}

// String renders the body.
func (b loggedBody) String() string { return b.render() }

// GoString renders the body, for %#v.
func (b loggedBody) GoString() string { return b.render() }

// MarshalText renders the body, for loggers that write JSON.
func (b loggedBody) MarshalText() ([]byte, error) { return []byte(b.render()), nil }
