package jsonvalue

import "strings"

// RFC 6901, section 3.
var (
	escapePointer   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")
)

// EscapePointer makes of a member's name a reference token of a JSON Pointer (RFC 6901).
func EscapePointer(name string) string { return escapePointer.Replace(name) }

// UnescapePointer is the inverse of EscapePointer.
func UnescapePointer(token string) string { return unescapePointer.Replace(token) }
