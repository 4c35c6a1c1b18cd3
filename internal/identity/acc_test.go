package identity_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// checkDestroyed returns a check that the server no longer has the identities of the test.
func checkDestroyed(t *testing.T, server *acctest.Server) resource.TestCheckFunc {
	api := newAPI(t, server)
	return func(s *terraform.State) error {
		for _, r := range s.RootModule().Resources {
			if r.Type == "ory_identity" && api.Exists(r.Primary.ID) {
				return fmt.Errorf("identity %s is still there", r.Primary.ID)
			}
		}
		return nil
	}
}

// one returns a configuration of one identity, ory_identity.test, with these attributes.
func one(server *acctest.Server, attributes string) string {
	return acctest.ProviderConfig(server) + "\nresource \"ory_identity\" \"test\" {\n" + attributes + "\n}\n"
}
