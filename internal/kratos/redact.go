package kratos

import (
	"encoding/json"
	"fmt"
	"strings"
)

// redacted replaces secrets in logs and errors.
const redacted = "(redacted)"

// isSensitive reports whether logs must not show the value of this name in a JSON object, or the values below this
// segment of a JSON Pointer. "code" also hides the status in Kratos' errors, but the line before it shows the status.
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

// redactValue replaces all sensitive values of a document, and calls found with each replaced string. It masks hidden
// in the other values. It changes the document in place.
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

// isSensitivePatch reports whether an object is an operation of a JSON Patch on a sensitive value.
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

// loggedBody is a body for the log. It is redacted only when the line is rendered, which most log levels don't do.
type loggedBody struct{ render func() string }

// newLoggedBody shows a JSON body without its sensitive values, and only the length of any other body.
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

// newLoggedResponse shows the body of a response if the request contained no secret, because the body may repeat a
// secret in any encoding. Otherwise, and for a body that is secret as a whole, it shows only the length.
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
