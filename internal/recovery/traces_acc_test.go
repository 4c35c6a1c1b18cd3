package recovery_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// No log of Terraform, of the SDK or of the provider contains a code, a link, or the password that a code became, at
// any log level.
func TestAccRecovery_traces(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy, seen := watch(t, server)
	w := acctest.NewWorkspace(t, proxy.URL())
	w.Env = append(w.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, "trace.log"))
	const password = "analytical-engine-1843"
	action := ""
	if w.Has(acctest.Actions) {
		action = "action \"ory_delete_credential\" \"ada\" {\n  config {\n    identity_id = ory_identity.ada.id\n    type " +
			"= \"totp\"\n  }\n}\naction \"ory_revoke_sessions\" \"ada\" {\n  config {\n    identity_id = " +
			"ory_identity.ada.id\n  }\n}\n"
	}
	w.WriteMain(person(acctest.RandomEmail()) + fmt.Sprintf(`
ephemeral "ory_recovery_code" "ada" {
  identity_id = ory_identity.ada.id
}
ephemeral "ory_recovery_link" "ada" {
  identity_id = ory_identity.ada.id
}
resource "ory_recovery_code" "ada" {
  identity_id = ory_identity.ada.id
}
resource "ory_recovery_link" "ada" {
  identity_id = ory_identity.ada.id
}
resource "ory_identity" "sink" {
  for_each  = nonsensitive(toset(["code", "link"]))
  schema_id = "preset://email"
  traits    = { email = "${each.key}-%[1]s" }
  credentials = {
    password = {
      value_wo   = each.key == "code" ? ephemeral.ory_recovery_code.ada.code : substr(ephemeral.ory_recovery_link.ada.link, -32, -1)
      wo_version = 1
    }
  }
}
resource "ory_identity" "hashed" {
  schema_id   = "preset://email"
  traits      = { email = "hashed-%[1]s" }
  credentials = { password = { hash = provider::ory::password_hash(sensitive(%[2]q), "hashed") } }
}
`, acctest.RandomEmail(), password) + action)
	w.Run("plan", "-no-color", "-out=plan.tfplan")
	w.Run("apply", "-no-color", "plan.tfplan")
	w.ExpectEmptyPlan()
	if action != "" {
		w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_delete_credential.ada")
		w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_revoke_sessions.ada")
	}
	w.Run("destroy", "-no-color", "-auto-approve")

	if n := len(seen.list()); n < 4 {
		t.Fatalf("%d codes and links were made", n)
	}
	secrets := []*regexp.Regexp{
		regexp.MustCompile(password),
		regexp.MustCompile(regexp.QuoteMeta("$argon2id$v=19$m=19456,t=2,p=1$")),
	}
	for _, got := range seen.list() {
		secrets = append(secrets, traceOf(t, got))
	}
	log := w.Read("trace.log")
	for _, wanted := range []string{"[TRACE] provider", "Called provider defined EphemeralResource " +
		"Open", "response body"} {
		if !strings.Contains(log, wanted) {
			t.Errorf("the log has no %q: it isn't at its most verbose", wanted)
		}
	}
	for line := range strings.Lines(log) {
		for _, secret := range secrets {
			if secret.MatchString(line) {
				t.Errorf("the log has %s: %.300s", secret, line)
			}
		}
	}
}

// traceOf returns an expression that matches a code, or the token of a link. It matches a code as a whole word, because
// many timestamps and ids contain the same six digits.
func traceOf(t *testing.T, got recovery) *regexp.Regexp {
	t.Helper()
	if got.Code != "" {
		return regexp.MustCompile(`(^|[^0-9a-fA-F.-])` + got.Code + `($|[^0-9a-fA-F.-])`)
	}
	link, err := url.Parse(got.Link)
	if err != nil || link.Query().Get("token") == "" {
		t.Fatalf("no token in a link: %v", err)
	}
	return regexp.MustCompile(regexp.QuoteMeta(link.Query().Get("token")))
}
