package kratos

import (
	"encoding/json"
	"fmt"
	"strings"
)

// redacted stands in for what must not be read in a log or an error.
const redacted = "(redacted)"

// isSensitive reports whether the value of this name in a JSON object, or below this segment of a JSON Pointer, is kept
// out of logs. "code" also hides the status in Kratos' errors, which the line before shows anyway.
func isSensitive(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "credentials", "config", "metadata_admin", "recovery_code", "recovery_codes", "recovery_link", "code", "codes",
		"link", "totp_url", "transient_payload",
		"api_key", "apikey", "api-key", "authorization", "cookie", "set-cookie":
		return true
	default:
		return strings.Contains(name, "password") || strings.Contains(name, "secret") || strings.Contains(name, "token")
	}
}

// redactValue returns a document with everything sensitive replaced, and reports the strings that it took away to
// found. What remains is masked of hidden. The document is changed in place.
func redactValue(document any, found func(string), hidden secrets) any {
	switch document := document.(type) {
	case map[string]any:
		hidesValue := isSensitivePatch(document)
		for name, value := range document {
			if value != nil && (isSensitive(name) || (hidesValue && name == "value")) {
				eachString(value, found)
				document[name] = redacted
				continue
			}
			document[name] = redactValue(value, found, hidden)
		}
	case []any:
		for i, value := range document {
			document[i] = redactValue(value, found, hidden)
		}
	case string:
		return hidden.mask(document)
	case json.Number:
		if text := hidden.mask(document.String()); text != document.String() {
			return text
		}
	}
	return document
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
		if len(value) >= minMasked { // "1" is in every text
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

// loggedBody is a body for the log, redacted when the line is rendered: at most levels nobody does.
type loggedBody struct{ render func() string }

// newLoggedBody shows a JSON body without what is sensitive, and of any other body nothing but its length.
func newLoggedBody(body []byte, hidden secrets) loggedBody {
	return loggedBody{func() string {
		if len(body) == 0 {
			return ""
		}
		document, err := DecodeJSON(body)
		if err != nil || !isJSON(body) {
			return bodyLength(body)
		}
		text, err := json.Marshal(redactValue(document, func(string) {}, hidden))
		if err != nil {
			return bodyLength(body)
		}
		return string(text)
	}}
}

// newLoggedResponse shows the body of a response if the request carried no secret that the body may repeat in some
// encoding, and else its length. A body that is a secret as a whole is not shown either.
func newLoggedResponse(body []byte, hidden secrets, secret bool) loggedBody {
	if len(body) > 0 && (secret || len(hidden) > 0) {
		return loggedBody{func() string { return bodyLength(body) }}
	}
	return newLoggedBody(body, nil)
}

func bodyLength(body []byte) string { return fmt.Sprintf("%d bytes", len(body)) }

// String renders the body.
func (b loggedBody) String() string { return b.render() }

// GoString renders the body, for %#v.
func (b loggedBody) GoString() string { return b.render() }

// MarshalText renders the body, for loggers that write JSON.
func (b loggedBody) MarshalText() ([]byte, error) { return []byte(b.render()), nil }
