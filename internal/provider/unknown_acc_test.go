package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// If only the apply knows the server's address, depends_on makes Terraform read data sources during the apply. Without
// depends_on, the plan fails with an error that recommends it.
func TestAccDataSources_addressUnknownAtPlan(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, arguments := range map[string]string{
		"ory_identities":        `ids = []`,
		"ory_identity_schema":   `id = "username"`,
		"ory_identity_schemas":  ``,
		"ory_identity_sessions": `identity_id = "00000000-0000-4000-8000-000000000000"`,
		"ory_identity":          `credentials_identifier = "nobody@example.org"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, "http://127.0.0.1:9")
			config := func(rest string) string {
				return fmt.Sprintf("resource \"terraform_data\" \"server\" {\n  input = %q\n}\nprovider \"ory\" {\n  admin_url = "+
					"terraform_data.server.output\n}\n"+
					"data %q \"test\" {\n  %s\n  %s\n}\n", server.AdminURL, name, arguments, rest)
			}
			w.WriteMain(config(""))
			output, code := w.Try("plan", "-no-color")
			text := acctest.Unwrapped(output)
			if code == 0 || !strings.Contains(text, "Provider not configured") || !strings.Contains(text, "are not known yet: admin_url.") ||
				!strings.Contains(text, "add depends_on to its block") ||
				!strings.Contains(text, "-target") {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			w.WriteMain(config("depends_on = [terraform_data.server]"))
			if output, code := w.Try("apply", "-no-color", "-auto-approve"); code != 0 &&
				!strings.Contains(output, "Identity not found") {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}
