package identity_test

import (
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// Where requests are limited, people with and without a second factor share batches. Each gets what was asked for, also
// on a server that refuses the whole batch for the second factor of one.
func TestAccFactor_batches(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	network := acctest.NewNetwork(t, server, networksim.Network(networksim.Enterprise))
	w := acctest.NewNetworkWorkspace(t, network)
	prefix := acctest.RandomName()
	w.WriteMain(fmt.Sprintf(`resource "ory_identity" "test" {
  count     = 6
  schema_id = "preset://email"
  traits    = { email = "%s-${count.index}@example.org" }
  credentials = {
    password = { value = %q }
    totp     = count.index %% 2 == 0 ? { url = %q } : null
  }
}
`, prefix, factorPassword, keyURL("first")))
	w.Run("apply", "-no-color", "-auto-approve")
	for i := range 6 {
		f := &factorTest{api: api, server: server, email: fmt.Sprintf("%s-%d@example.org", prefix, i)}
		if err := f.Compare(f.id(), `{"state":"active"}`); err != nil {
			t.Error(err)
		}
		f.expectKinds(i%2 == 0, "totp")
		f.token()
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
