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

// ProviderConfig is a provider block for a server.
func ProviderConfig(server *Server) string {
	return ProviderConfigURL(server.AdminURL)
}

// ProviderConfigURL is a provider block for the admin API at a URL, such as a Proxy's.
func ProviderConfigURL(adminURL string) string {
	return fmt.Sprintf("provider \"ory\" {\n  admin_url = %q\n}\n", adminURL)
}
