package recovery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const outputs = `
output "recovery" {
  sensitive = true
  value     = { id = ory_identity.ada.id, code = ory_recovery_code.ada.code, link = ory_recovery_code.ada.link, url = ory_recovery_link.ada.link }
}
`

// invited is the code and link that a workspace with these outputs made.
type invited struct{ ID, Code, Link, URL string }

func invitation(t *testing.T, w *acctest.Workspace) invited {
	t.Helper()
	var out invited
	if err := json.Unmarshal([]byte(w.Output("output", "-json", "recovery")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A managed code and link are made once. Applies without a change, changes of the identity, and a renewal of the other
// don't replace them.
func TestAccRecovery_managed(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	write := func(person, keeper string) {
		w.WriteMain(person + `
resource "ory_recovery_code" "ada" {
  identity_id = ory_identity.ada.id
  expires_in  = "1h"
  flow_type   = "api"
  keepers     = { invitation = "` + keeper + `" }
}
resource "ory_recovery_link" "ada" {
  identity_id = ory_identity.ada.id
  keepers     = { invitation = "` + keeper + `" }
}
` + outputs)
	}
	write(person(email), "first")
	w.Run("apply", "-no-color", "-auto-approve")
	first := invitation(t, w)
	if first.Code == "" || first.URL == "" {
		t.Fatalf("no code or no link: %+v", first)
	}

	w.ExpectEmptyPlan()
	w.Run("apply", "-no-color", "-auto-approve")
	write(strings.Replace(person(email), "  traits", "  metadata_public = { team = \"engines\" }\n  traits", 1), "first")
	w.Run("apply", "-no-color", "-auto-approve")
	if n := proxy.Count(http.MethodPost, "/admin/recovery/"); n != 2 {
		t.Errorf("%d codes and links were made, want 2", n)
	}

	write(strings.Replace(person(email), "  traits", "  metadata_public = { team = \"engines\" }\n  traits", 1), "second")
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "2 to add, 0 to change, 2 to destroy") ||
		strings.Contains(plan, first.Code) {
		t.Errorf("another keeper should replace both:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	second := invitation(t, w)
	if second.Code == first.Code || second.URL == first.URL {
		t.Errorf("nothing new: %+v", second)
	}
	w.ExpectEmptyPlan()

	if err := acctest.NewBrowser(t, server).OpenRecoveryLink(t.Context(), first.URL); err != nil {
		t.Errorf("the first link: %v", err)
	}
	setsPassword(t, server, recovery{Link: first.Link, Code: first.Code}, first.ID, email)
	w.ExpectEmptyPlan()

	proxy.Reset()
	w.Run("destroy", "-no-color", "-auto-approve", "-target=ory_recovery_code.ada", "-target=ory_recovery_link.ada")
	if n := len(proxy.Requests()) - proxy.Count(http.MethodGet, "/"); n != 0 {
		t.Errorf("destroying them made %d writes", n)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// Adding or removing keepers without values makes no new code; adding the first value does.
func TestAccRecovery_keepersWithoutValues(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, id := acctest.NewWorkspace(t, proxy.URL()), newIdentity(t, server)
	for _, step := range []struct {
		keepers string
		made    int // so far
	}{{"null", 1}, {"{}", 1}, {"null", 1}, {"{ a = null }", 2}, {"{}", 3}, {`{ a = "1" }`, 4}} {
		w.WriteMain(fmt.Sprintf("resource \"ory_recovery_code\" \"test\" {\n  identity_id = %q\n  keepers = "+
			"%s\n}\n", id, step.keepers))
		w.Run("apply", "-no-color", "-auto-approve")
		w.ExpectEmptyPlan()
		if n := proxy.Count(http.MethodPost, "/admin/recovery/"); n != step.made {
			t.Errorf("keepers %s: %d codes so far, want %d", step.keepers, n, step.made)
		}
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// With renew_before a plan replaces a code or link when it is due, and not earlier. A change of renew_before makes no
// request.
func TestAccRecovery_renewal(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w, email := acctest.NewWorkspace(t, proxy.URL()), acctest.RandomEmail()
	write := func(expiresIn, renewBefore string) {
		rest := fmt.Sprintf("  identity_id = ory_identity.ada.id\n  expires_in = %q\n  renew_before = "+
			"%s\n}\n", expiresIn, renewBefore)
		w.WriteMain(person(email) + "resource \"ory_recovery_code\" \"ada\" {\n" + rest + "resource \"ory_recovery_link\" " +
			"\"ada\" {\n" + rest + outputs)
	}
	write("2s", "null")
	w.Run("apply", "-no-color", "-auto-approve")
	first := invitation(t, w)
	time.Sleep(3 * time.Second) // the server's clock decides, and its timestamps have whole seconds
	w.ExpectEmptyPlan()
	if err := acctest.NewBrowser(t, server).OpenRecoveryLink(t.Context(), first.URL); err == nil {
		t.Error("the link hasn't expired")
	}

	write("2s", `"0s"`)
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "2 to add, 0 to change, 2 to destroy") {
		t.Errorf("both have expired:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	if second := invitation(t, w); second.Code == first.Code || second.URL == first.URL {
		t.Errorf("nothing new: %+v", second)
	}

	write("1h", `"0s"`)
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	proxy.Reset()
	write("1h", `"10m"`)
	if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(
		output,
		"0 added, 2 changed, 0 destroyed",
	) {
		t.Errorf("renew_before changes in place:\n%s", output)
	}
	if n := proxy.Count(http.MethodPost, "/"); n != 0 {
		t.Errorf("%d requests", n)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// A person types a code for a browser into the page that the code's link opens.
func TestAccRecoveryCode_browser(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
	w.WriteMain(person(email) + "resource \"ory_recovery_code\" \"ada\" {\n  identity_id = ory_identity.ada.id\n}\n" +
		"resource \"ory_recovery_link\" \"ada\" {\n  identity_id = ory_identity.ada.id\n}\n" + outputs)
	w.Run("apply", "-no-color", "-auto-approve")
	got, browser := invitation(t, w), acctest.NewBrowser(t, server)
	if err := browser.EnterRecoveryCode(t.Context(), got.Link, got.Code); err != nil {
		t.Fatal(err)
	}
	if session, err := browser.Whoami(t.Context()); err != nil || session.IdentityID != got.ID {
		t.Fatalf("the session is that of %q, not of %s: %v", session.IdentityID, got.ID, err)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}
