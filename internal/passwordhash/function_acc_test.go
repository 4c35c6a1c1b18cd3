package passwordhash_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A person signs in with the password that the function hashed. The server then replaces the hash by its own, which
// changes no plan.
func TestAccPasswordHash(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for _, attribute := range []string{"hash", "hash_wo"} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
			version := ""
			if strings.HasSuffix(attribute, "_wo") {
				version = ", wo_version = 1"
			}
			w.WriteMain(fmt.Sprintf("locals {\n  email = %q\n}\nresource \"ory_identity\" \"test\" {\n  schema_id = "+
				"\"preset://email\"\n"+
				"  traits = { email = local.email }\n  credentials = {\n    password = { %s = "+
				"provider::ory::password_hash(sensitive(\"difference engine\"), local.email)%s }\n"+
				"  }\n}\n",
				email, attribute, version))
			output := w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			for range 2 {
				if _, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := acctest.Login(t.Context(), server.PublicURL, email, "analytical engine"); !errors.Is(
				err,
				acctest.ErrBadCredentials,
			) {
				t.Errorf("another password works: %v", err)
			}
			w.ExpectEmptyPlan()
			if state := w.Read("terraform.tfstate"); strings.Contains(state, "$argon2id$") != (version == "") ||
				strings.Contains(output, "$argon2id$") {
				t.Errorf("the hash is where it shouldn't be, or isn't in the state:\n%s\n%s", output, state)
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// An error is on its argument and doesn't show the password.
func TestAccPasswordHash_errors(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, acctest.Kratos(t).AdminURL)
	w.WriteMain("output \"hash\" {\n  value = provider::ory::password_hash(\"hunter22\", \"\")\n}\n")
	output, code := w.Try("plan", "-no-color")
	text := acctest.Unwrapped(output)
	if code == 0 || !strings.Contains(text, `Invalid value for "salt_seed" parameter`) ||
		!strings.Contains(text, "The salt_seed is empty: set a different salt_seed for each person") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}
