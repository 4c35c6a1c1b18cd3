package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// hashed is the password of these hashes. Another implementation than the server's computed the hashes.
const hashed = "analytical engine"

var hashes = map[string]string{
	"bcrypt":   "$2a$04$AjyJALILKQPYqWjTaqwCcuN4oZ0LucuzgWWfPo1Y1vu5xUVXK3ze6",
	"argon2id": "$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$IcfmddtLQe7uOD5NlQUbfkMYF8cU4JX1v9ZK/EmgN7s",
	"pbkdf2":   "$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$dgPLYrFWhJAk8A7NJ5EC8gakx4cO47wQiYt957BQoBM",
	"scrypt":   "$scrypt$ln=1024,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$lHHYXaLrymOQDFxvQUuvdIYNDh7G2grhLeb5SKqkknk=",
}

// A person with an imported hash can sign in. The server then replaces the hash with its own, which is no drift.
func TestAccIdentity_passwordHash(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for name, hash := range hashes {
		for form, attributes := range map[string]string{
			"state":      fmt.Sprintf("  credentials = { password = { hash = %q } }", hash),
			"write-only": fmt.Sprintf("  credentials = { password = { hash_wo = %q, wo_version = 1 } }", hash),
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				t.Parallel()
				if form == "write-only" {
					acctest.Needs(t, acctest.WriteOnly)
				}
				email := acctest.RandomEmail()
				configuration := one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q "+
					"}\n%s", email, attributes))
				empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
				resource.Test(t, resource.TestCase{
					ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
					CheckDestroy:             checkDestroyed(t, server),
					Steps: []resource.TestStep{
						{Config: configuration, Check: signsIn(t, server, email, hashed, "another password")},
						{Config: configuration, ConfigPlanChecks: empty, Check: signsIn(t, server, email, hashed, "")},
					},
				})
			})
		}
	}
}

// A hash is replaced by another hash, then by a password, and is then dropped.
func TestAccIdentity_passwordHashChanges(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	email := acctest.RandomEmail()
	configuration := func(password string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, password))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{
				Config: configuration(`  credentials = { password = { value = "plain password" } }`),
				Check:  signsIn(t, server, email, "plain password", hashed),
			},
			{
				Config: configuration(fmt.Sprintf("  credentials = { password = { hash = %q } "+
					"}", hashes["bcrypt"])), Check: signsIn(t, server, email, hashed, "plain password"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{unknowns{map[string]bool{"updated_at": true}}},
				},
			},
			{
				Config: configuration(`  credentials = { password = { value = "plain again" } }`),
				Check:  signsIn(t, server, email, "plain again", hashed),
			},
			{Config: configuration(""), Check: signsIn(t, server, email, "plain again", "")},
		},
	})
}

func TestAccIdentity_migrationHook(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	api := newAPI(t, server)
	email := acctest.RandomEmail()
	var id string
	hook := func(want bool) resource.TestCheckFunc {
		return func(*terraform.State) error {
			identity := api.admin.GetIdentity(t, id, "password")
			raw := fmt.Sprint(identity["credentials"])
			if got := strings.Contains(raw, "use_password_migration_hook:true"); got != want {
				return fmt.Errorf("migration hook %v, want %v: %s", got, want, raw)
			}
			return nil
		}
	}
	configuration := func(rest string) string {
		return one(server, fmt.Sprintf("  schema_id = \"preset://email\"\n  traits = { email = %q }\n%s", email, rest))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProtoV6ProviderFactories,
		CheckDestroy:             checkDestroyed(t, server),
		Steps: []resource.TestStep{
			{Config: configuration("  credentials = { password = { migration_hook = true } " +
				"}"), Check: resource.ComposeTestCheckFunc(takeID(&id), hook(true))},
			{
				Config: configuration(`  credentials = { password = { value = "plain password" } }`),
				Check:  resource.ComposeTestCheckFunc(hook(false), signsIn(t, server, email, "plain password", "")),
			},
			{Config: configuration("  credentials = { password = { migration_hook = true } }"), Check: hook(true)},
		},
	})
}

// A damaged hash is refused at plan, or at the apply if the plan doesn't know it: v1.3 takes it, and nobody could sign
// in. A hash that newer servers refuse draws a warning. No message shows the hash.
func TestAccIdentity_passwordHashDamaged(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
	write := func(hash, password string) {
		w.WriteMain(fmt.Sprintf("locals {\n  hash = sensitive(%q)\n}\nresource \"terraform_data\" \"later\" {\n  input = local.hash\n}\n"+
			"resource \"ory_identity\" \"test\" {\n  schema_id = \"preset://email\"\n  traits = { email = %q }\n  credentials = "+
			"{ password = { %s } }\n}\n", hash, email, password))
	}
	cut := hashes["argon2id"][:len(hashes["argon2id"])-2]
	expect := func(output string, code int, command, attribute string) {
		t.Helper()
		text := acctest.Unwrapped(output)
		if code == 0 || !strings.Contains(text, "Damaged password hash") || strings.Contains(text, cut[40:]) ||
			!strings.Contains(text, "The attribute credentials.password."+attribute+" is a hash in the format argon2, but its key") {
			t.Errorf("%s of %s: exit code %d:\n%s", command, attribute, code, output)
		}
	}
	for attribute, rest := range map[string]string{"hash": "", "hash_wo": ", wo_version = 1"} {
		write(cut, attribute+" = local.hash"+rest)
		output, code := w.Try("plan", "-no-color")
		expect(output, code, "plan", attribute)
		write(cut, attribute+" = terraform_data.later.output"+rest)
		output, code = w.Try("apply", "-no-color", "-auto-approve")
		expect(output, code, "apply", attribute)
		w.WriteMain("")
		w.Run("apply", "-no-color", "-auto-approve") // forgets terraform_data.later, so that its next output is unknown
	}
	if found := acctest.AdminOf(server).FindByIdentifier(t, email); len(found) > 0 {
		t.Errorf("created %v", found)
	}
	write("$2a$16$McDugMY63lDzGRSmaXO82.aYw1XI25lvOube1o.TX.VfDsx.hT93W", "hash = local.hash")
	output := w.Run("plan", "-no-color")
	if text := acctest.Unwrapped(output); !strings.Contains(text, "Password hash that newer servers refuse") ||
		!strings.Contains(text, "its cost is above 15") || strings.Contains(text, "McDugMY63") {
		t.Errorf("plan:\n%s", output)
	}
	// An update whose new hash the plan doesn't know.
	write(hashes["bcrypt"], "hash = local.hash")
	w.Run("apply", "-no-color", "-auto-approve")
	write(cut, "hash = terraform_data.later.output")
	output, code := w.Try("apply", "-no-color", "-auto-approve")
	expect(output, code, "update", "hash")
	write(hashes["bcrypt"], "hash = local.hash")
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, hashed); err != nil {
		t.Errorf("the old password: %v", err)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
