// Package jsonplain reads JSON into the types of encoding/json, without loss: numbers keep their digits.
package jsonplain

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Decode decodes the first JSON value of raw as encoding/json does into any, except that numbers keep their digits as
// json.Number. An empty text and a text that isn't JSON are nil, as null is.
func Decode(raw json.RawMessage) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil
	}
	return value
}

// RFC 6901, section 3.
var (
	escapePointer   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")
)

// EscapePointer returns a member's name as a reference token of a JSON Pointer (RFC 6901).
func EscapePointer(name string) string { return escapePointer.Replace(name) }

// UnescapePointer is the inverse of EscapePointer.
func UnescapePointer(token string) string { return unescapePointer.Replace(token) }
