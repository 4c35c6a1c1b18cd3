package acctest

import "strings"

// Unwrapped is what a command printed without the line breaks and frames that Terraform puts into messages.
func Unwrapped(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
