package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// PostgreSQL refuses a login identifier that SQLite stores. The error names the trait and the limit, and not the value.
func TestAccIdentity_traitTooLong(t *testing.T) {
	t.Parallel()
	acctest.NeedsPostgres(t)
	w := acctest.NewWorkspace(t, acctest.Kratos(t).AdminURL)
	name := acctest.RandomName()
	write := func(username string) {
		w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"username\"\n  traits = { username = %q }\n}\n",
			username))
	}
	for range 2 { // a create, then an update
		write(name + strings.Repeat("x", 255))
		for range 2 { // the first leaves nothing behind that the second would meet
			w.ExpectFailure([]string{"Trait too long for the server's database", "255 characters", "traits.username"}, "apply", "-no-color", "-auto-approve")
		}
		write(name)
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
