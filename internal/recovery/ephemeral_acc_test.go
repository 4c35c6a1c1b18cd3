package recovery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// A code passes from the ephemeral resource to a write-only attribute and to a person, and is stored nowhere else.
func TestAccRecoveryCode_ephemeral(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy, seen := watch(t, server)
	w, email, other := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail(), acctest.RandomEmail()
	// The identity whose password the code becomes doesn't matter, only where the code is stored.
	w.WriteMain(person(email) + fmt.Sprintf(`
ephemeral "ory_recovery_code" "ada" {
  identity_id = ory_identity.ada.id
  expires_in  = "10m"
  flow_type   = "api"
}
resource "ory_identity" "sink" {
  schema_id   = "preset://email"
  traits      = { email = %q }
  credentials = { password = { value_wo = ephemeral.ory_recovery_code.ada.code, wo_version = 1 } }
}
output "id" {
  value = ory_identity.ada.id
}
`, other))
	w.Run("plan", "-no-color", "-out=first.tfplan")
	if n := len(seen.list()); n != 0 {
		t.Errorf("%d codes for an identity that isn't there yet", n)
	}
	seen.expectNone(t, "the plan", w.Output("show", "-json", "first.tfplan"))
	w.Run("apply", "-no-color", "first.tfplan")
	id := strings.TrimSpace(w.Output("output", "-raw", "id"))

	codes := seen.list()
	if len(codes) != 1 {
		t.Fatalf("%d codes in the first apply, want 1", len(codes))
	}
	if got := sentPassword(t, proxy, other); got != codes[0].Code {
		t.Errorf("the write-only attribute got %q, want the code %q", got, codes[0].Code)
	}
	setsPassword(t, server, codes[0], id, email)

	// For an existing identity, a plan makes a code and an apply makes at most one, even if nothing changes.
	w.Run("plan", "-no-color", "-out=second.tfplan")
	w.Run("apply", "-no-color", "second.tfplan")
	w.ExpectEmptyPlan()
	if n := len(seen.list()) - 1; n < 2 || n > 3 {
		t.Errorf("%d codes in two plans and an apply, want 2 or 3", n)
	}
	seen.expectNone(t, "the plan", w.Output("show", "-json", "second.tfplan"))
	seen.expectNone(t, "the state", w.Output("show", "-json"))
	seen.expectNone(t, "the state file", w.Read("terraform.tfstate"))
	w.Run("destroy", "-no-color", "-auto-approve")
}

// sentPassword returns the password with which the identity was created.
func sentPassword(t *testing.T, proxy *acctest.Proxy, email string) string {
	t.Helper()
	for _, r := range proxy.Requests() {
		if r.Method != http.MethodPost || !strings.Contains(string(r.Body), email) {
			continue
		}
		var body struct {
			Credentials struct {
				Password struct {
					Config struct{ Password string }
				}
			}
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		return body.Credentials.Password.Config.Password
	}
	t.Fatalf("%s wasn't created", email)
	return ""
}

// A link passes to a script, which may send it, and is stored nowhere else.
func TestAccRecoveryLink_ephemeral(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy, seen := watch(t, server)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	w.WriteMain(person(email) + `
ephemeral "ory_recovery_link" "ada" {
  identity_id = ory_identity.ada.id
  expires_in  = "10m"
}
resource "terraform_data" "invitation" {
  provisioner "local-exec" {
    command     = "printf %s \"$LINK\" >sent"
    environment = { LINK = ephemeral.ory_recovery_link.ada.link }
  }
}
output "id" {
  value = ory_identity.ada.id
}
`)
	seen.expectNone(t, "the output of the apply", w.Run("apply", "-no-color", "-auto-approve"))
	id, link := strings.TrimSpace(w.Output("output", "-raw", "id")), w.Read("sent")
	w.ExpectEmptyPlan() // the plan asks for a new link, which doesn't invalidate the first link
	browser := acctest.NewBrowser(t, server)
	if err := browser.OpenRecoveryLink(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	if session, err := browser.Whoami(t.Context()); err != nil || session.IdentityID != id {
		t.Fatalf("the session is that of %q, not of %s: %v", session.IdentityID, id, err)
	}
	if err := browser.SetPassword(t.Context(), "note-G-of-1843"); err != nil {
		t.Fatal(err)
	}
	signsIn(t, server, email, "note-G-of-1843", id)
	w.ExpectEmptyPlan()
	if len(seen.list()) == 0 || !strings.Contains(link, "token=") {
		t.Errorf("the script got %q", link)
	}
	seen.expectNone(t, "the state", w.Output("show", "-json"))
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The results agree with the documentation.
func TestAccRecovery_ephemeralResults(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	id := acctest.AdminOf(server).
		CreateIdentity(t, map[string]any{"schema_id": "preset://email", "traits": map[string]any{"email": acctest.RandomEmail()}})
	instant := knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`))
	for kind, test := range map[string]struct {
		arguments string
		want      map[string]knownvalue.Check
	}{
		"code": {"", map[string]knownvalue.Check{
			"code": knownvalue.StringRegexp(regexp.MustCompile(`^\d{6}$`)), "link": knownvalue.StringRegexp(regexp.MustCompile(`\?flow=[0-9a-f-]{36}$`)),
			"flow_type": knownvalue.Null(), "expires_in": knownvalue.Null(), "expires_at": instant,
		}},
		"link": {"  expires_in = \"1h30m\"\n", map[string]knownvalue.Check{
			"link": knownvalue.StringRegexp(regexp.MustCompile(`^http.*[?&]token=`)), "expires_in": knownvalue.StringExact("1h30m"), "expires_at": instant,
		}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acctest.Needs(t, acctest.Ephemeral)
			var checks []statecheck.StateCheck
			for name, check := range test.want {
				checks = append(checks, statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name), check))
			}
			factories := map[string]func() (tfprotov6.ProviderServer, error){"echo": echoprovider.NewProviderServer()}
			for name, factory := range acctest.ProtoV6ProviderFactories {
				factories[name] = factory
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{{
					Config: acctest.ProviderConfig(server) + fmt.Sprintf("ephemeral \"ory_recovery_%s\" \"test\" {\n  identity_id = "+
						"%q\n%s}\n"+
						"provider \"echo\" {\n  data = ephemeral.ory_recovery_%s.test\n}\nresource \"echo\" \"test\" "+
						"{}\n", kind, id, test.arguments, kind),
					ConfigStateChecks: checks,
				}},
			})
		})
	}
}
