package kratos

import (
	"regexp"
	"strings"
	"testing"
)

func TestIsUUID(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(UUIDPattern)
	for text, want := range map[string]bool{
		someID: true, strings.ToUpper(someID): true, "": false, "../../x": false, someID + "\n": false, someID[1:]: false,
		"{" + someID[1:35] + "}": false, strings.ReplaceAll(someID, "-", "0"): false, "72c1d29c-dc42-4f50-bac9-d0eb450cde8g": false,
	} {
		if got := IsUUID(text); got != want || pattern.MatchString(text) != want {
			t.Errorf("%q: %v, by the pattern %v, want %v", text, got, pattern.MatchString(text), want)
		}
	}
}
