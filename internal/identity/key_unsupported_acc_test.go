package identity_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A server that can't set security keys and passkeys draws an error, on the attribute, before anything is created or
// changed.
func TestAccKeys_unsupported(t *testing.T) {
	t.Parallel()
	f := newFactorTest(t)
	if f.setsKeys() {
		t.Skip("this Kratos sets security keys and passkeys: the errors are for servers before v25.4")
	}
	a := acctest.NewAuthenticator(t, acctest.RandomName())
	for name, member := range map[string]string{
		"webauthn": securityKeysOf(keyOf(t, a, "")),
		"passkey":  passkeysOf(a, keyOf(t, a, "")),
	} {
		want := []string{"Attribute not supported by the server", "The attribute credentials." + name, "needs Kratos v25.4"}
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
	f.w.WriteMain(f.person(passkeysOf(a, keyOf(t, a, "")), `metadata_admin = { note = "new" }`))
	f.w.ExpectFailure([]string{"needs Kratos v25.4"}, "apply", "-no-color", "-auto-approve")
	f.applyEmpty(f.person("", ""))
	f.destroy()
}
