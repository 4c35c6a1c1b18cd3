package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// If the deletion policy keeps the identity, a replacement meets the old identity. The replacement adopts the identity
// if on_conflict allows it. Otherwise it fails with a conflict.
func TestAccIdentity_replacedButRemains(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for policy, state := range map[string]string{"retain": "active", "deactivate": "inactive"} {
		for _, way := range []string{"replace", "taint"} {
			t.Run(policy+" and "+way, func(t *testing.T) {
				t.Parallel()
				api := newAPI(t, server)
				w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
				write := func(onConflict string) {
					w.WriteMain(person("test", email, fmt.Sprintf("on_conflict = %q\n  deletion_policy = %q\n  metadata_public = { "+
						"team = \"engines\" }", onConflict, policy)))
				}
				write("adopt")
				w.Run("apply", "-no-color", "-auto-approve")
				id := api.admin.FindByIdentifier(t, email)[0]
				args := []string{"-no-color", "-replace=" + address}
				replace := func() []string {
					if way == "taint" {
						w.Run("taint", address)
						args = args[:1]
					}
					return args
				}
				if output := w.Run(append([]string{"apply", "-auto-approve"}, replace()...)...); !strings.Contains(
					output,
					"Identity adopted",
				) {
					t.Errorf("the identity was not taken back:\n%s", output)
				}
				if found := api.admin.FindByIdentifier(t, email); len(found) != 1 || found[0] != id {
					t.Errorf("%s became %v", id, found)
				}
				if err := api.Compare(id, `{"state":"active","metadata_public":{"team":"engines"}}`); err != nil {
					t.Error(err)
				}
				w.ExpectEmptyPlan()

				write("error")
				w.Run("apply", "-no-color", "-auto-approve")
				expectFailure(t, w, []string{"The other identity is " + id, "If this resource replaces the other identity " +
					"(create_before_destroy), do neither"}, append([]string{"apply", "-auto-approve"}, replace()...)...)
				if list := w.Run("state", "list"); strings.Contains(list, address) {
					t.Errorf("the state has what was left behind:\n%s", list)
				}
				if err := api.Compare(id, fmt.Sprintf(`{"state":%q}`, state)); err != nil {
					t.Error(err)
				}
				api.Delete(id)
			})
		}
	}
}
