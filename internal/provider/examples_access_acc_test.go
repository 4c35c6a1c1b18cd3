package provider_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Every example of an ephemeral resource sends its invitation once for each name.
func TestAccExamples_ephemeral(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the examples have fixed e-mail addresses
	//nolint:paralleltest // the examples declare the same person
	for _, file := range glob(t, filepath.Join(examples(t), "ephemeral-resources", "*", "*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(read(t, file))
			w.Write("send-invitation.sh", `printf '%s %s %s%s\n' "$EMAIL" "$CODE" "$PAGE" "$LINK" >>sent`)
			apply := func(args ...string) {
				w.Run(append([]string{"apply", "-no-color", "-auto-approve"}, args...)...)
			}
			apply()
			w.ExpectEmptyPlan()
			apply("-var=invitation=first")
			apply("-var=invitation=first")
			apply("-var=invitation=second")
			sent := strings.Split(strings.TrimSpace(w.Read("sent")), "\n")
			if len(sent) != 2 || sent[0] == sent[1] || !strings.HasPrefix(sent[0], "ada@example.org ") ||
				!strings.Contains(sent[0], "flow=") {
				t.Errorf("two invitations should be sent: %q", sent)
			}
			w.Run("destroy", "-no-color", "-auto-approve", "-var=invitation=second")
		})
	}
}

// actionExample is an example of an action after its apply.
type actionExample struct {
	*acctest.Workspace
	t       *testing.T
	server  *acctest.Server
	mailbox *acctest.Mailbox
	text    string
}

// actionProofs check, by requests to the server, that each example does what its text tells.
var actionProofs = map[string]func(actionExample){
	"ory_delete_credential/action.tf":    actionExample.deletesCredentials,
	"ory_revoke_sessions/action.tf":      actionExample.revokesSessions,
	"ory_revoke_sessions/action-many.tf": actionExample.revokesSessionsOfMany,
	"ory_send_recovery/action.tf":        func(e actionExample) { e.sends("ory_send_recovery.ada", 2) },
	"ory_send_verification/action.tf":    func(e actionExample) { e.sends("ory_send_verification.ada", 2) },
}

// Every example of an action works, both when invoked and when triggered.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	//nolint:paralleltest // the server's starts would take all that there is
	for _, file := range glob(t, filepath.Join(examples(t), "actions", "*", "action*.tf")) {
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			mailbox := acctest.NewMailbox(t)
			server := acctest.Kratos(t, acctest.Options{Mailbox: mailbox}) // the examples have fixed e-mail addresses
			w := acctest.NewActionWorkspace(t, server.AdminURL)
			w.Env = append(w.Env, "TF_VAR_initial_password="+analyticalPassword)
			e := actionExample{w, t, server, mailbox, read(t, file)}
			e.apply(e.text)
			w.ExpectEmptyPlan()
			actionProofs[name](e)
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

func (e actionExample) apply(text string) {
	e.t.Helper()
	e.WriteMain(text)
	e.Run("apply", "-no-color", "-auto-approve")
}

func (e actionExample) invoke(name string) {
	e.t.Helper()
	e.Run("apply", "-no-color", "-auto-approve", "-invoke=action."+name)
}

// signIn returns the token of a new session of Ada.
func (e actionExample) signIn() string {
	e.t.Helper()
	session, err := acctest.Login(e.t.Context(), e.server.PublicURL, "ada@example.org", analyticalPassword)
	if err != nil {
		e.t.Fatal(err)
	}
	return session.Token
}

// sends invokes the action after the apply has triggered it, and expects that many mails in all.
func (e actionExample) sends(name string, mails int) {
	e.invoke(name)
	if n := e.mailbox.Count("ada@example.org"); n != mails {
		e.t.Errorf("%d mails, want %d", n, mails)
	}
}

// deletesCredentials invokes the actions after Ada has added a password, a phone number and a social account herself.
func (e actionExample) deletesCredentials() {
	admin := acctest.AdminOf(e.server)
	id := admin.FindByIdentifier(e.t, "ada@example.org")[0]
	admin.UpdateIdentity(
		e.t,
		id,
		json.RawMessage(fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":"ada@example.org"},"state":"active",`+
			`"credentials":{"password":{"config":{"password":%q}},"oidc":{"config":{"providers":[{"provider":"github","subject":"1815"}]}}}}`, analyticalPassword)),
	)
	if err := acctest.AddTOTP(e.t.Context(), e.server.PublicURL, e.signIn()); err != nil {
		e.t.Fatal(err)
	}
	expect := func(totp, github bool) {
		e.t.Helper()
		has := fmt.Sprint(admin.GetIdentity(e.t, id, "totp", "oidc")["credentials"])
		if strings.Contains(has, "totp") != totp || strings.Contains(has, "github:1815") != github {
			e.t.Errorf("the phone should be there: %v, the account: %v, but there is %s", totp, github, has)
		}
	}
	expect(true, true)
	e.invoke("ory_delete_credential.ada_totp")
	expect(false, true)
	e.invoke("ory_delete_credential.ada_github")
	expect(false, false)
	e.signIn()
}

// revokesSessions invokes the action, and then triggers it by a new password and by a deactivation.
func (e actionExample) revokesSessions() {
	expectEnds := func(what string, change func()) {
		e.t.Helper()
		token := e.signIn()
		change()
		if _, err := acctest.Whoami(e.t.Context(), e.server.PublicURL, token); err == nil {
			e.t.Errorf("%s: the session is still good", what)
		}
	}
	expectEnds("invoked", func() { e.invoke("ory_revoke_sessions.ada") })
	second := strings.Replace(e.text, "wo_version = 1", "wo_version = 2", 1)
	expectEnds("another password", func() { e.apply(second) })
	expectEnds("deactivated and activated", func() {
		e.apply(strings.Replace(second, `"active"`, `"inactive"`, 1))
		e.apply(second)
	})
}

// revokesSessionsOfMany invokes the action after Ada was deactivated, and activates her again.
func (e actionExample) revokesSessionsOfMany() {
	admin := acctest.AdminOf(e.server)
	id := admin.CreateIdentity(e.t, json.RawMessage(`{"schema_id":"preset://email","traits":{"email":"ada@example.org"},`+
		`"credentials":{"password":{"config":{"password":"`+analyticalPassword+`"}}}}`))
	token := e.signIn()
	state := func(state string) {
		admin.PatchIdentity(e.t, id, acctest.Operation{Op: "replace", Path: "/state", Value: state})
	}
	state("inactive")
	e.invoke("ory_revoke_sessions.leavers")
	state("active")
	if _, err := acctest.Whoami(e.t.Context(), e.server.PublicURL, token); err == nil {
		e.t.Error("the session is good again")
	}
}

// wrongPeople are rows that some examples of functions refuse.
var wrongPeople = map[string]struct{ row, says string }{
	"identifiers":     {"ADA@example.org\n", "Two people in people.csv"},
	"validate_traits": {"nobody,Nobody\n", "nobody /email: the value is not valid"},
}

// Every example of a function is applied, planned empty and destroyed.
func TestAccExamples_functions(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the examples have fixed e-mail addresses
	//nolint:paralleltest // the examples may declare the same people
	for _, file := range glob(t, filepath.Join(examples(t), "functions", "*", "function*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			for _, data := range glob(t, filepath.Join(filepath.Dir(file), "*")) {
				if filepath.Ext(data) != ".tf" {
					w.Write(filepath.Base(data), read(t, data))
				}
			}
			w.WriteMain(read(t, file))
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			if wrong, ok := wrongPeople[filepath.Base(filepath.Dir(file))]; ok {
				people := w.Read("people.csv")
				w.Write("people.csv", people+wrong.row)
				if output, code := w.Try("plan", "-no-color"); code == 0 || !strings.Contains(output, wrong.says) {
					t.Errorf("exit code %d:\n%s", code, output)
				}
				w.Write("people.csv", people)
			}
			if strings.Contains(file, "password_hash") {
				if _, err := acctest.Login(t.Context(), server.PublicURL, "tester-7@example.org", "test-password-7"); err != nil {
					t.Error(err)
				}
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
