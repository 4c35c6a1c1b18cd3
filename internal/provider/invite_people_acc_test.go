package provider_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// invitationWorkspace is a workspace with one of the guide's configurations and its list of people.
func invitationWorkspace(t *testing.T, server *acctest.Server, way string) *acctest.Workspace {
	t.Helper()
	dir := filepath.Join(examples(t), "guides", "invite-people")
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.Write("people.csv", read(t, filepath.Join(dir, "people.csv")))
	w.Write("accept.sh", read(t, filepath.Join(dir, "accept.sh")))
	w.Write("main.tf", read(t, filepath.Join(dir, way, "main.tf")))
	return w
}

// The guide's whole procedure works: after an apply hands out the codes, an app lets a person set a password, and the
// person signs in. A person who comes later can still do so after further applies.
func TestAccExamples_invitePeople(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide's script needs %s: %v", tool, err)
		}
	}
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the guide has fixed e-mail addresses
	w := invitationWorkspace(t, server, "managed")
	w.Run("apply", "-no-color", "-auto-approve")
	var invitations map[string]struct{ Page, Code string }
	if err := json.Unmarshal([]byte(w.Output("output", "-json", "invitations")), &invitations); err != nil {
		t.Fatal(err)
	}
	if len(invitations) != 2 {
		t.Fatalf("%d invitations, want 2", len(invitations))
	}
	accept := func(email string) {
		t.Helper()
		got := invitations[email]
		cmd := exec.CommandContext(t.Context(), "sh", "accept.sh", server.PublicURL, got.Page, got.Code, analyticalPassword)
		cmd.Dir = w.Dir
		if output, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(output)) != "success" {
			t.Fatalf("accepting the invitation of %s: %v: %s", email, err, output)
		}
		if _, err := acctest.Login(t.Context(), server.PublicURL, email, analyticalPassword); err != nil {
			t.Error(err)
		}
	}
	accept("ada@example.org")
	w.ExpectEmptyPlan()

	w.Run("apply", "-no-color", "-auto-approve")
	w.Write("people.csv", strings.Replace(w.Read("people.csv"), "Hopper", "Brewster Hopper", 1))
	w.Run("apply", "-no-color", "-auto-approve")
	accept("grace@example.org")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The guide's ephemeral links are sent once to each person in the variable, and again after a new invitation.
func TestAccExamples_inviteWithoutTrace(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the guide has fixed e-mail addresses
	w := invitationWorkspace(t, server, "ephemeral")
	w.Write("send-invitation.sh", `printf '%s\n' "$LINK" >>"sent-$EMAIL"`)
	w.Run("apply", "-no-color", "-auto-approve", `-var=invite=["ada@example.org", "grace@example.org"]`)
	w.ExpectEmptyPlan()
	w.Run("apply", "-no-color", "-auto-approve", `-var=invite=["ada@example.org"]`) // nobody gets a second invitation

	ada := strings.Fields(w.Read("sent-ada@example.org"))
	if len(ada) != 1 {
		t.Fatalf("%d links were sent, want 1: %q", len(ada), ada)
	}
	browser := acctest.NewBrowser(t, server)
	if err := browser.OpenRecoveryLink(t.Context(), ada[0]); err != nil {
		t.Fatal(err)
	}
	if err := browser.SetPassword(t.Context(), analyticalPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, "ada@example.org", analyticalPassword); err != nil {
		t.Error(err)
	}
	w.ExpectEmptyPlan()

	w.Write("people.csv", strings.Replace(w.Read("people.csv"), "Hopper,2026-11", "Hopper,2026-12", 1))
	if output, code := w.Try("apply", "-no-color", "-auto-approve"); code == 0 ||
		!strings.Contains(output, "Invalid index") {
		t.Errorf("nobody was named: exit code %d\n%s", code, output)
	}
	w.Run("apply", "-no-color", "-auto-approve", `-var=invite=["grace@example.org"]`)
	grace := strings.Fields(w.Read("sent-grace@example.org"))
	if len(grace) != 2 || grace[0] == grace[1] {
		t.Errorf("Grace should have two links: %q", grace)
	}
	w.ExpectEmptyPlan()
	if state := w.Read("terraform.tfstate"); strings.Contains(state, "token=") {
		t.Errorf("a link is in the state:\n%s", state)
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The guide's invitations by mail: the mail has the page and the code, by which a person signs in and chooses a password.
// Another invitation in the file sends another mail to that person alone.
func TestAccExamples_inviteByMail(t *testing.T) {
	t.Parallel()
	template := read(t, filepath.Join(examples(t), "guides", "invite-people", "mail", "invitation.gotmpl"))
	mailbox := acctest.NewMailbox(t)
	server := acctest.Kratos(t, acctest.Options{Mailbox: mailbox, Templates: map[string]string{"recovery_code": template}})
	w := invitationWorkspace(t, server, "mail")
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	mail, err := mailbox.Wait(t.Context(), "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Welcome, Ada! Open (\S+), type in (\d{6}), and`).FindStringSubmatch(mail)
	if found == nil {
		t.Fatalf("the mail is %q", mail)
	}
	browser := acctest.NewBrowser(t, server)
	if err := browser.EnterRecoveryCode(t.Context(), found[1], found[2]); err != nil {
		t.Fatal(err)
	}
	if err := browser.SetPassword(t.Context(), analyticalPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, "ada@example.org", analyticalPassword); err != nil {
		t.Error(err)
	}
	w.Write("people.csv", strings.Replace(w.Read("people.csv"), "Hopper,2026-11", "Hopper,2026-12", 1))
	w.Run("apply", "-no-color", "-auto-approve")
	if ada, grace := mailbox.Count("ada@example.org"), mailbox.Count("grace@example.org"); ada != 1 || grace != 2 {
		t.Errorf("%d mails to Ada and %d to Grace, want 1 and 2", ada, grace)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}
