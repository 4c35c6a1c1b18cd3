package identity_test

import (
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const nulRefused = "NUL character refused by the server's database"

// PostgreSQL refuses NUL characters, which SQLite stores. The error names the values that have one, and other people of
// the same apply are created.
func TestAccIdentity_nulCharacter(t *testing.T) {
	t.Parallel()
	acctest.NeedsPostgres(t)
	server := acctest.Kratos(t)
	w, api, name := acctest.NewWorkspace(t, server.AdminURL), newAPI(t, server), acctest.RandomName()
	write := func(username, attributes string) {
		w.WriteMain(fmt.Sprintf(`
resource "ory_identity" "test" {
  schema_id = "username"
  traits    = { username = "%s" }
  %s
}

resource "ory_identity" "other" {
  count     = 5
  schema_id = "username"
  traits    = { username = "%s-other-${count.index}" }
}
`, username, attributes, name))
	}
	for range 2 { // a create, then an update
		for place, test := range map[string]struct{ username, attributes string }{
			"traits.username": {name + `\u0000`, ""},
			"metadata_public": {name, `metadata_public = { a = ["\u0000"] }`},
			"metadata_admin":  {name, `metadata_admin = { "a\u0000" = 1 }`},
		} {
			write(test.username, test.attributes)
			w.ExpectFailure([]string{nulRefused, "NUL characters: " + place + " (request id"}, "apply", "-no-color", "-auto-approve")
			for i := range 5 {
				if found := api.admin.FindByIdentifier(t, fmt.Sprintf("%s-other-%d", name, i)); len(found) != 1 {
					t.Errorf("%s: another person: %v", place, found)
				}
			}
		}
		write(name, "")
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

func TestAccIdentityMetadata_nulCharacter(t *testing.T) {
	t.Parallel()
	acctest.NeedsPostgres(t)
	w, name := acctest.NewWorkspace(t, acctest.Kratos(t).AdminURL), acctest.RandomName()
	write := func(value string) {
		w.WriteMain(fmt.Sprintf(`
resource "ory_identity" "test" {
  schema_id = "username"
  traits    = { username = "%s" }
}

resource "ory_identity_metadata" "test" {
  identity_id     = ory_identity.test.id
  metadata_public = { team = "%s" }
}
`, name, value))
	}
	for range 2 { // a create, then an update
		write(`\u0000`)
		w.ExpectFailure([]string{nulRefused, "metadata_public"}, "apply", "-no-color", "-auto-approve")
		write("red")
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
