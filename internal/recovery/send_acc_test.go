package recovery_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// sixDigits is a code in a mail.
var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// mailLink is a link in a mail.
var mailLink = regexp.MustCompile(`http://127\.0\.0\.1\S+`)

// typedInAt is where a code is typed in, in the progress of the action.
var typedInAt = regexp.MustCompile(`typed in at (\S+)`)

// sends returns an action that sends a message to ory_identity.ada, and triggers it when the identity is created.
func sends(kind, arguments string) string {
	return fmt.Sprintf(`
resource "terraform_data" "invitation" {
  input = ory_identity.ada.id
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.ory_send_%[1]s.ada]
    }
  }
}
action "ory_send_%[1]s" "ada" {
  config {
    identity_id = ory_identity.ada.id
    %[2]s
  }
}
`, kind, arguments)
}

// welcome is a URL to return to that the server allows.
const welcome = `return_to = "https://app.example.org/welcome"`

// expectReturn checks that the settings, which follow the recovery, end there.
func expectReturn(t *testing.T, browser *acctest.Browser) {
	t.Helper()
	if to, err := browser.ReturnsTo(t.Context()); err != nil || to != "https://app.example.org/welcome" {
		t.Errorf("sent on to %q: %v", to, err)
	}
}

// wait returns the newest mail to a recipient.
func wait(t *testing.T, mailbox *acctest.Mailbox, recipient string) string {
	t.Helper()
	mail, err := mailbox.Wait(t.Context(), recipient)
	if err != nil {
		t.Fatal(err)
	}
	return mail
}

// choosesPassword sets a password in the browser of somebody who is signed in, and signs in with it.
func choosesPassword(t *testing.T, server *acctest.Server, browser *acctest.Browser, email, id string) {
	t.Helper()
	session, err := browser.Whoami(t.Context())
	if err != nil || session.IdentityID != id {
		t.Fatalf("the session of %s: %v", session.IdentityID, err)
	}
	if err := browser.SetPassword(t.Context(), "note-G-of-1843"); err != nil {
		t.Fatal(err)
	}
	signsIn(t, server, email, "note-G-of-1843", id)
}

func idOf(t *testing.T, server *acctest.Server, email string) string {
	t.Helper()
	ids := acctest.AdminOf(server).FindByIdentifier(t, email)
	if len(ids) != 1 {
		t.Fatalf("%d identities for %s", len(ids), email)
	}
	return ids[0]
}

// The server's courier sends its own mail with a code, which signs the person in on the page that the action prints. A
// template of the server can show that page.
func TestAccSendRecovery_code(t *testing.T) {
	t.Parallel()
	const invitation = `{{ with .TransientPayload.team }}Join {{ . }}{{ end }} at {{ .TransientPayload.recovery_link }} with {{ .RecoveryCode }}`
	for name, templates := range map[string]map[string]string{"own template": nil, "a template": {"recovery_code": invitation}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mailbox := acctest.NewMailbox(t)
			server := acctest.Kratos(t, acctest.Options{Mailbox: mailbox, Templates: templates})
			w, email := acctest.NewActionWorkspace(t, server.AdminURL), acctest.RandomEmail()
			w.WriteMain(person(email) + sends("recovery", welcome+"\n    transient_payload = { team = \"engines\" }"))
			output := w.Run("apply", "-no-color", "-auto-approve")
			page, mail := typedInAt.FindStringSubmatch(output), wait(t, mailbox, email)
			if page == nil || !strings.Contains(output, "The server has sent the message") {
				t.Fatalf("the progress names no page:\n%s", output)
			}
			if templates != nil && !strings.Contains(mail, "Join engines at "+page[1]+" with ") {
				t.Errorf("the template has got no link: %s", mail)
			}
			code := sixDigits.FindString(mailLink.ReplaceAllString(mail, ""))
			if strings.Contains(output, code) || strings.Contains(w.Read("terraform.tfstate"), code) {
				t.Error("Terraform has the code")
			}
			browser := acctest.NewBrowser(t, server)
			if err := browser.EnterRecoveryCode(t.Context(), page[1], code); err != nil {
				t.Fatal(err)
			}
			expectReturn(t, browser)
			choosesPassword(t, server, browser, email, idOf(t, server, email))
			w.ExpectEmptyPlan()
			if n := mailbox.Count(email); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

// Where the server uses links, the mail has a link that signs the person in.
func TestAccSendRecovery_link(t *testing.T) {
	t.Parallel()
	mailbox := acctest.NewMailbox(t)
	server := acctest.Kratos(t, acctest.Options{Mailbox: mailbox, Links: true})
	w, email := acctest.NewActionWorkspace(t, server.AdminURL), acctest.RandomEmail()
	w.WriteMain(person(email) + sends("recovery", fmt.Sprintf("%s\n    address = %q", welcome, strings.ToUpper(email))))
	w.Run("apply", "-no-color", "-auto-approve")
	browser := acctest.NewBrowser(t, server)
	if err := browser.OpenRecoveryLink(t.Context(), mailLink.FindString(wait(t, mailbox, email))); err != nil {
		t.Fatal(err)
	}
	expectReturn(t, browser)
	choosesPassword(t, server, browser, email, idOf(t, server, email))
}

// The link of a verification mail verifies the address, in both forms, and nothing is sent to an address that is
// verified.
func TestAccSendVerification(t *testing.T) {
	t.Parallel()
	for _, links := range []bool{false, true} {
		t.Run(fmt.Sprintf("links %t", links), func(t *testing.T) {
			t.Parallel()
			mailbox := acctest.NewMailbox(t)
			server := acctest.Kratos(t, acctest.Options{Mailbox: mailbox, Links: links})
			w, email := acctest.NewActionWorkspace(t, server.AdminURL), acctest.RandomEmail()
			w.WriteMain(person(email) + sends("verification", welcome))
			w.Run("apply", "-no-color", "-auto-approve")
			link := mailLink.FindString(wait(t, mailbox, email))
			if err := acctest.NewBrowser(t, server).Verify(t.Context(), link); err != nil {
				t.Fatal(err)
			}
			identity := acctest.AdminOf(server).GetIdentity(t, idOf(t, server, email))
			if text := fmt.Sprint(identity["verifiable_addresses"]); !strings.Contains(text, "verified:true") {
				t.Errorf("not verified: %s", text)
			}
			output := w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_send_verification.ada")
			if n := mailbox.Count(email); n != 1 || !strings.Contains(output, "verified already") {
				t.Errorf("%d mails:\n%s", n, output)
			}
		})
	}
}

// sendConfig is an action without a resource.
func sendConfig(kind, id, arguments string) string {
	return fmt.Sprintf("action \"ory_send_%s\" \"ada\" {\n  config {\n    identity_id = %q\n    %s\n  }\n}\n", kind, id, arguments)
}

// expectRefusal invokes an action that must fail with these words, and with others in the place of " ... ".
func expectRefusal(t *testing.T, w *acctest.Workspace, kind, config, says string) {
	t.Helper()
	w.WriteMain(config)
	output, code := w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_send_"+kind+".ada")
	text := strings.Join(strings.Fields(strings.NewReplacer("│", "", "╵", "", "╷", "").Replace(output)), " ")
	for words := range strings.SplitSeq(says, " ... ") {
		if code != 1 || !strings.Contains(text, words) {
			t.Errorf("exit code %d, want %q in:\n%s", code, words, output)
		}
	}
}

// What can't be sent is refused with the attribute, the reason and the cure. The server's courier doesn't run here.
func TestAccSend_refusals(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	admin := acctest.AdminOf(server)
	create := func(schema, members string) string {
		email := acctest.RandomEmail()
		id := admin.CreateIdentity(t, map[string]any{"schema_id": schema, "traits": map[string]any{"email": email, "backup_email": "b" + email}})
		if members != "" {
			admin.PatchIdentity(t, id, acctest.Operation{Op: "replace", Path: "/state", Value: members})
		}
		t.Cleanup(func() { admin.DeleteIdentity(t, id) })
		return id
	}
	one, two := create("two_addresses", ""), create("two_addresses", "")
	inactive := create("two_addresses", "inactive")
	admin.PatchIdentity(t, one, acctest.Operation{Op: "remove", Path: "/traits/backup_email"})
	username := admin.CreateIdentity(t, map[string]any{"schema_id": "username", "traits": map[string]any{"username": acctest.RandomName()}})
	t.Cleanup(func() { admin.DeleteIdentity(t, username) })
	for name, test := range map[string]struct{ kind, id, arguments, says string }{
		"no identity":     {"recovery", "00000000-0000-4000-8000-000000000000", "", "Identity not found"},
		"inactive":        {"recovery", inactive, "", "Identity is inactive ... Set state = \"active\" on the ory_identity first"},
		"several":         {"recovery", two, "", "Several addresses found ... has 2 recovery addresses. Nothing was sent. Set address"},
		"another address": {"verification", two, "address = \"eve@example.org\"", "Not an address of the identity ... does not have the verification address of the attribute address. Nothing was sent. The attribute verifiable_addresses"},
		"no address":      {"recovery", username, "", "No address found ... has no recovery address. The attribute recovery_addresses of ory_identity lists these addresses"},
		"return_to":       {"recovery", one, "return_to = \"https://evil.example.org/\"", "selfservice.allowed_return_urls"},
		"no courier":      {"verification", one, "delivery_timeout = \"1s\"", "no courier runs for this server (kratos serve --watch-courier"},
		"no object":       {"recovery", one, "transient_payload = \"x\"", "Value must be an object"},
		"no duration":     {"recovery", one, "delivery_timeout = \"soon\"", "must be a duration such as"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewActionWorkspace(t, server.AdminURL)
			expectRefusal(t, w, test.kind, sendConfig(test.kind, test.id, test.arguments), test.says)
		})
	}
	t.Run("doesn't wait", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewActionWorkspace(t, server.AdminURL)
		w.WriteMain(sendConfig("recovery", one, "delivery_timeout = \"0s\""))
		output := w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_send_recovery.ada")
		if !strings.Contains(output, "The message is in the server's queue") {
			t.Error(output)
		}
	})
}

// Where the flow is off, where the public API can't be found, and where the mail server refuses, the error says so.
func TestAccSend_serverCannot(t *testing.T) {
	t.Parallel()
	dead := acctest.NewMailbox(t)
	for name, test := range map[string]struct {
		options acctest.Options
		kind    string
		says    string
		prepare func(*acctest.Proxy)
	}{
		"recovery off":     {acctest.Options{NoRecoveryFlow: true}, "recovery", "Messages disabled on the server ... Set selfservice.flows.recovery.enabled to true", nil},
		"verification off": {acctest.Options{NoRecovery: true}, "verification", "Messages disabled on the server ... Set selfservice.flows.verification.enabled to true", nil},
		"no public API": {acctest.Options{}, "recovery", "Public API not found ... Set public_url (or ORY_PUBLIC_URL)", func(p *acctest.Proxy) {
			p.FailNext(9, acctest.On("", "/self-service/"), http.StatusNotFound, "404 page not found")
		}},
		"answer lost": {acctest.Options{Mailbox: acctest.NewMailbox(t)}, "recovery", "", nil},
		"mail server": {acctest.Options{Mailbox: dead}, "recovery", "Message not delivered", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.Kratos(t, test.options)
			proxy := acctest.NewProxy(t, server.AdminURL)
			if test.prepare != nil {
				test.prepare(proxy)
			}
			email := acctest.RandomEmail()
			id := acctest.AdminOf(server).CreateIdentity(t, map[string]any{"schema_id": "preset://email", "traits": map[string]any{"email": email}})
			w := acctest.NewActionWorkspace(t, proxy.URL())
			switch name {
			case "mail server":
				dead.Refuse()
				expectRefusal(t, w, test.kind, sendConfig(test.kind, id, `delivery_timeout = "8s"`), test.says)
			case "answer lost":
				public := acctest.NewProxy(t, server.PublicURL)
				public.LoseAnswers(1, acctest.On(http.MethodPost, "/self-service/"))
				w.Env = append(w.Env, "ORY_PUBLIC_URL="+public.URL())
				w.WriteMain(sendConfig(test.kind, id, ""))
				w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_send_recovery.ada")
				if n := test.options.Mailbox.Count(email); n != 1 {
					t.Errorf("%d mails", n)
				}
			default:
				expectRefusal(t, w, test.kind, sendConfig(test.kind, id, ""), test.says)
			}
		})
	}
}
