package acctest

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// RandomName returns a name that no other test uses, also on a server that outlives the tests.
func RandomName() string {
	return "tf-acc-" + strings.ToLower(rand.Text()[:12])
}

// RandomEmail returns an address that no other test uses.
func RandomEmail() string {
	return RandomName() + "@example.org"
}

// RandomPhone returns a valid phone number in E.164 that no other test uses, of a German mobile network.
func RandomPhone() string {
	var digits strings.Builder
	for _, r := range rand.Text()[:8] {
		fmt.Fprint(&digits, r%10)
	}
	return "+49151" + digits.String()
}
