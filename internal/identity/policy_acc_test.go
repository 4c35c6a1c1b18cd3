package identity_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// The policy decides what happens to the identity on destroy and on removal from the configuration. The plan warns if
// the identity stays. A change of the policy sends no request.
func TestAccIdentity_deletionPolicy(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for policy, test := range map[string]struct{ state, warning string }{
		"delete":     {"", ""},
		"deactivate": {"inactive", "remains on the server, inactive"},
		"retain":     {"active", "Identity remains on the server"},
	} {
		for _, way := range []string{"destroy", "removal"} {
			t.Run(policy+" on "+way, func(t *testing.T) {
				t.Parallel()
				api := newAPI(t, server)
				proxy := acctest.NewProxy(t, server.AdminURL)
				w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
				write := func(policy string) {
					w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { "+
						"email = %q }\n%s}\n"+
						"output \"id\" {\n  value = ory_identity.test.id\n}\n", email, policy))
				}
				write("")
				w.Run("apply", "-no-color", "-auto-approve")
				id := strings.TrimSpace(w.Output("output", "-raw", "id"))
				proxy.Reset()
				write(fmt.Sprintf("  deletion_policy = %q\n", policy))
				w.Run("apply", "-no-color", "-auto-approve")
				if n := len(proxy.Requests()) - proxy.Count(http.MethodGet, "/"); n != 0 {
					t.Errorf("changing the policy made %d writes", n)
				}
				args := []string{"destroy", "-no-color", "-auto-approve"}
				if way == "removal" {
					w.WriteMain("")
					args[0] = "apply"
				}
				if output := w.Run(args...); strings.Contains(output, "Identity remains on the server") != (test.warning != "") ||
					!strings.Contains(output, test.warning) {
					t.Errorf("the warning should be %q:\n%s", test.warning, output)
				}
				if exists := api.Exists(id); exists != (test.state != "") {
					t.Fatalf("the identity exists: %v", exists)
				}
				if test.state != "" {
					if err := api.Compare(id, fmt.Sprintf(`{"state":%q}`, test.state)); err != nil {
						t.Error(err)
					}
					api.Delete(id)
				}
			})
		}
	}
}
