package acctest

import (
	"crypto/rand"
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
