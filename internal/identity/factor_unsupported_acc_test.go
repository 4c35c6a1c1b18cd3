package identity_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A server that can set no second factors draws an error, on the attribute, before anything is created or changed.
func TestAccFactor_unsupported(t *testing.T) {
	t.Parallel()
	f := newRemovalTest(t)
	if f.setsFactors() {
		t.Skip("this Kratos sets second factors: the errors are for servers before v25.4")
	}
	a := acctest.NewAuthenticator(t, acctest.RandomName())
	for name, member := range map[string]string{
		"totp":          fmt.Sprintf("totp = { url = %q }", keyURL("first")),
		"lookup_secret": `lookup_secret = { codes = ["first-code"] }`,
		"webauthn":      securityKeysOf(keyOf(t, a, "")),
		"passkey":       passkeysOf(a, keyOf(t, a, "")),
	} {
		want := []string{"Server doesn't know credentials." + name, "needs Kratos v25.4"}
		f.w.WriteMain(f.person(member, ""))
		f.w.ExpectFailure(want, "plan", "-no-color")
		// The identity schema isn't known before the apply.
		f.w.WriteMain("resource \"terraform_data\" \"schema\" {\n  input = \"preset://email\"\n}\n" + fmt.Sprintf(
			"resource \"ory_identity\" \"test\" {\n  schema_id = terraform_data.schema.output\n  traits = { email = %q }\n  "+
				"credentials = {\n    %s\n  }\n}\n", f.email, member))
		f.w.ExpectFailure(want, "apply", "-no-color", "-auto-approve")
		f.w.Run("state", "rm", "terraform_data.schema")
	}
	if n := f.proxy.Count(http.MethodPost, "/admin/identities"); n > 0 {
		t.Errorf("%d creates", n)
	}
	f.applyEmpty(f.person("", ""))
	f.w.WriteMain(f.person(`lookup_secret = { codes = ["first-code"] }`, `metadata_admin = { note = "new" }`))
	f.w.ExpectFailure([]string{"needs Kratos v25.4"}, "apply", "-no-color", "-auto-approve")
	f.applyEmpty(f.person("", ""))
	f.destroy()
}
