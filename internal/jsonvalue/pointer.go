package jsonvalue

import "github.com/d66889dc/terraform-provider-ory/internal/jsonplain"

// EscapePointer is [jsonplain.EscapePointer].
func EscapePointer(name string) string { return jsonplain.EscapePointer(name) }

// UnescapePointer is [jsonplain.UnescapePointer].
func UnescapePointer(token string) string { return jsonplain.UnescapePointer(token) }
