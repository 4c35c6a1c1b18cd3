package identity_test

import (
	"fmt"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A command line without write-only attributes refuses them with the version that has them. All else works there.
func TestAccIdentity_writeOnlyUnsupported(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.Kratos(t).AdminURL)
	if w.Has(acctest.WriteOnly) {
		t.Skip("this command line has write-only attributes")
	}
	for _, credential := range []string{
		`password = { value_wo = "difference engine", wo_version = 1 }`,
		`password = { hash_wo = "$2a$08$CauZBBElPKcBcq2JZTJZ5OV1vG1sM0CLFBBZWMVx2YZqNKnVtfI4m", wo_version = 1 }`,
		fmt.Sprintf("totp = { url_wo = %q, wo_version = 1 }", keyURL("key")),
		`lookup_secret = { codes_wo = ["first-code"], wo_version = 1 }`,
	} {
		w.WriteRaw("main.tf", requireOurs+person("test", acctest.RandomEmail(), "credentials = { "+credential+" }"))
		w.ExpectFailure([]string{"1.11"}, "plan", "-no-color")
	}
}
