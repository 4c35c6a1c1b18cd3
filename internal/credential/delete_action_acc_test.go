package credential_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// deletion invokes the action ory_delete_credential.
type deletion struct {
	t *testing.T
	w *acctest.Workspace
}

// create creates an identity whose body is JSON text.
func create(t *testing.T, admin acctest.Admin, body string) string {
	t.Helper()
	return admin.CreateIdentity(t, json.RawMessage(body))
}

func newDeletion(t *testing.T, adminURL string) deletion {
	t.Helper()
	return deletion{t, acctest.NewActionWorkspace(t, adminURL)}
}

// expect invokes the action on a credential and checks that the output contains words.
func (d deletion) expect(succeeds bool, words, id, kind, identifier string) {
	d.t.Helper()
	config := fmt.Sprintf("    identity_id = %q\n    type = %q\n", id, kind)
	if identifier != "" {
		config += fmt.Sprintf("    identifier = %q\n", identifier)
	}
	d.w.WriteMain("action \"ory_delete_credential\" \"test\" {\n  config {\n" + config + "  }\n}\n")
	output, code := d.w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_delete_credential.test")
	text := acctest.Unwrapped(output)
	if (code == 0) != succeeds || !strings.Contains(text, words) {
		d.t.Errorf("%s %s: exit code %d, want %q in\n%s", kind, identifier, code, words, output)
	}
}

// Neither progress nor errors show the identifier, which may be sensitive.
func TestAccDeleteCredential_sensitiveIdentifier(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{NoRecovery: true}) // nor sign-in by code
	proxy := acctest.NewProxy(t, server.AdminURL)
	admin, d := acctest.AdminOf(server), newDeletion(t, proxy.URL())
	subject := acctest.RandomName()
	id := create(
		t,
		admin,
		fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"oidc":{"config":{"providers":[`+
			`{"provider":"github","subject":%q},{"provider":"google","subject":%[2]q}]}}}}`, acctest.RandomEmail(), subject),
	)
	invoke := func(words, identifier string) {
		t.Helper()
		d.w.WriteMain(fmt.Sprintf("locals {\n  link = sensitive(%q)\n}\naction \"ory_delete_credential\" \"test\" {\n  "+
			"config {\n"+
			"    identity_id = %q\n    type = \"oidc\"\n    identifier = local.link\n  }\n}\n", identifier, id))
		output, _ := d.w.Try("apply", "-no-color", "-auto-approve", "-invoke=action.ory_delete_credential.test")
		if !strings.Contains(acctest.Unwrapped(output), words) || strings.Contains(output, subject) {
			t.Errorf("want %q and no identifier in\n%s", words, output)
		}
	}
	invoke("nothing to delete", "gitlab:"+subject)
	proxy.FailNext(
		1,
		acctest.On(http.MethodDelete, "/"),
		http.StatusForbidden,
		`{"error":{"code":403,"message":"out of order"}}`,
	)
	invoke("-invoke=action.ory_delete_credential.<name>", "github:"+subject)
	invoke("Deleted the oidc link of identity ", "github:"+subject)
	invoke("Last way to sign in", "google:"+subject)
}

// withPasswordAndLinks is an identity with a password and links to github and google, of the same random subject.
func withPasswordAndLinks(email, subject string) string {
	return fmt.Sprintf(
		`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{"password":"difference engine"}},`+
			`"oidc":{"config":{"providers":[{"provider":"github","subject":%q},{"provider":"google","subject":%[2]q}]}}}}`,
		email,
		subject,
	)
}

func TestAccDeleteCredential(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin, d := acctest.AdminOf(server), newDeletion(t, server.AdminURL)
	email, subject := acctest.RandomEmail(), acctest.RandomName()
	id := create(t, admin, withPasswordAndLinks(email, subject))
	session, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine")
	if err != nil {
		t.Fatal(err)
	}
	has := func(kind string) string { return fmt.Sprint(admin.GetIdentity(t, id, kind)["credentials"]) }
	d.expect(true, "nothing to delete", id, "totp", "")
	for kind, add := range map[string]func(context.Context, string, string) error{"lookup_secret": acctest.AddLookupSecrets, "totp": acctest.AddTOTP} {
		if err := add(t.Context(), server.PublicURL, session.Token); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(has(kind), kind) {
			t.Fatalf("no second factor to delete: %s", has(kind))
		}
		d.expect(true, "Deleted the credential "+kind+" of identity "+id, id, kind, "")
		if strings.Contains(has(kind), kind) {
			t.Errorf("the second factor is still there: %s", has(kind))
		}
		d.expect(true, "nothing to delete", id, kind, "")
	}

	d.expect(true, "Deleted the oidc link of identity "+id, id, "oidc", "github:"+subject)
	if links := has("oidc"); strings.Contains(links, "github:"+subject) || !strings.Contains(links, "google:"+subject) {
		t.Errorf("another link is gone, or none: %s", links)
	}
	d.expect(true, "nothing to delete", id, "oidc", "github:"+subject)
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine"); err != nil {
		t.Error(err)
	}

	if !admin.Knows(t, id, "saml") {
		d.expect(false, `type = "password"`, id, "password", "")
		d.expect(
			false,
			`this server cannot delete credentials of the type "password". The deletion of passwords needs Kratos v25.4 or later`,
			id,
			"password",
			"",
		)
		return
	}
	d.expect(true, "Deleted the credential password", id, "password", "")
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine"); !errors.Is(
		err,
		acctest.ErrBadCredentials,
	) {
		t.Errorf("the password still works: %v", err)
	}
	d.expect(true, "nothing to delete", id, "password", "")
}

// The action refuses to delete the last way to sign in on every version of the server.
func TestAccDeleteCredential_lastWayIn(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{NoRecovery: true}) // nor sign-in by code
	admin, d := acctest.AdminOf(server), newDeletion(t, server.AdminURL)
	id := create(
		t,
		admin,
		fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"oidc":{"config":{"providers":[`+
			`{"provider":"github","subject":"1815"}]}}}}`, acctest.RandomEmail()),
	)
	d.expect(false, "Last way to sign in", id, "oidc", "github:1815")
	d.expect(false, `identifier = "github:1815"`, id, "oidc", "github:1815")
	if links := fmt.Sprint(admin.GetIdentity(t, id, "oidc")["credentials"]); !strings.Contains(links, "github:1815") {
		t.Errorf("it was deleted: %s", links)
	}

	other := create(
		t,
		admin,
		fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q},"credentials":{"password":{"config":{`+
			`"password":"difference engine"}}}}`, acctest.RandomEmail()),
	)
	refusal := "Last way to sign in"
	if !admin.Knows(t, other, "saml") {
		refusal = "needs Kratos v25.4"
	}
	d.expect(false, refusal, other, "password", "")
}

// A plan doesn't show that a password was deleted. A new version sets it again.
func TestAccDeleteCredential_configuredPassword(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	d, email := newDeletion(t, server.AdminURL), acctest.RandomEmail()
	write := func(version int) {
		d.w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"ada\" {\n  schema_id = \"preset://email\"\n  traits = { "+
			"email = %q }\n"+
			"  credentials = { password = { value_wo = \"difference engine\", wo_version = %d } }\n}\noutput \"id\" {\n  "+
			"value = ory_identity.ada.id\n}\n"+
			"action \"ory_delete_credential\" \"ada\" {\n  config {\n    identity_id = ory_identity.ada.id\n    type = "+
			"\"password\"\n  }\n}\n",
			email, version))
	}
	write(1)
	d.w.Run("apply", "-no-color", "-auto-approve")
	if !acctest.AdminOf(server).Knows(t, strings.TrimSpace(d.w.Output("output", "-raw", "id")), "saml") {
		t.Skip("the deletion of a password needs Kratos v25.4")
	}
	d.w.Run("apply", "-no-color", "-auto-approve", "-invoke=action.ory_delete_credential.ada")
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine"); !errors.Is(
		err,
		acctest.ErrBadCredentials,
	) {
		t.Errorf("the password still works: %v", err)
	}
	d.w.ExpectEmptyPlan()
	write(2)
	d.w.Run("apply", "-no-color", "-auto-approve")
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "difference engine"); err != nil {
		t.Error(err)
	}
	d.w.Run("destroy", "-no-color", "-auto-approve")
}

// A self-hosted server doesn't count links of saml among the two ways to sign in that a deletion needs.
func TestAccDeleteCredential_saml(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{NoRecovery: true}) // nor sign-in by code
	admin, d := acctest.AdminOf(server), newDeletion(t, server.AdminURL)
	email, subject := acctest.RandomEmail(), acctest.RandomName()
	body := func(credentials string) string {
		return fmt.Sprintf(
			`{"schema_id":"preset://email","traits":{"email":%q},"state":"active","credentials":{%s}}`,
			email,
			credentials,
		)
	}
	id := create(t, admin, body(`"password":{"config":{"password":"difference engine"}}`))
	if !admin.Knows(t, id, "saml") {
		t.Skip("saml needs Kratos v25.4")
	}
	admin.UpdateIdentity(
		t,
		id,
		json.RawMessage(body(fmt.Sprintf(`"saml":{"config":{"providers":[{"provider":"okta","subject":%q}]}}`, subject))),
	)
	for _, words := range []string{"Last way to sign in", "only if the identity has at least two ways to sign in that " +
		"the server counts", "the identity needs two other ways to sign in"} {
		d.expect(false, words, id, "saml", "okta:"+subject)
	}
	admin.UpdateIdentity(
		t,
		id,
		json.RawMessage(body(fmt.Sprintf(`"oidc":{"config":{"providers":[{"provider":"github","subject":%q}]}}`, subject))),
	)
	d.expect(true, "Deleted the saml link of identity "+id, id, "saml", "okta:"+subject)
}

// The server deletes only security keys that are second factors. Keys that sign in alone are removed by a JSON Patch,
// which servers before v25.4 refuse. The credential that the identity schema gives every identity is none.
func TestAccDeleteCredential_securityKeys(t *testing.T) {
	t.Parallel()
	for use, alone := range map[string]bool{acctest.KeysSecond: false, acctest.KeysAlone: true} {
		t.Run(use, func(t *testing.T) {
			t.Parallel()
			server := acctest.Kratos(t, acctest.Options{SecurityKeys: use})
			admin := acctest.AdminOf(server)
			proxy := acctest.NewProxy(t, server.AdminURL)
			d := newDeletion(t, proxy.URL())
			id := create(t, admin, withPasswordAndLinks(acctest.RandomEmail(), acctest.RandomName()))
			d.expect(true, "There is no security key: nothing to delete", id, "webauthn", "")

			browser := acctest.NewBrowser(t, server)
			if err := browser.OpenRecoveryLink(t.Context(), admin.RecoveryLink(t, id)); err != nil {
				t.Fatal(err)
			}
			if err := browser.AddSecurityKey(t.Context()); err != nil {
				t.Fatal(err)
			}
			keys := func() string { return fmt.Sprint(admin.GetIdentity(t, id, "webauthn")["credentials"]) }
			if !strings.Contains(keys(), fmt.Sprint("is_passwordless:", alone)) {
				t.Fatalf("no key: %s", keys())
			}
			if alone && !admin.Knows(t, id, "saml") {
				d.expect(false, "The deletion of security keys that sign in without a password needs Kratos v25.4", id, "webauthn", "")
				return
			}
			d.expect(true, "Deleted the credential webauthn", id, "webauthn", "")
			if strings.Contains(keys(), "is_passwordless") {
				t.Errorf("the key is still there: %s", keys())
			}
			if n := proxy.Count(http.MethodDelete, "/"); (n == 0) != alone {
				t.Errorf("%d deletions", n)
			}
			d.expect(true, "nothing to delete", id, "webauthn", "")
		})
	}
}

// Passkeys are removed by a JSON Patch, which no server guards: the action does.
func TestAccDeleteCredential_passkey(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	admin, d := acctest.AdminOf(server), newDeletion(t, proxy.URL())
	with := create(t, admin, withPasswordAndLinks(acctest.RandomEmail(), acctest.RandomName()))
	d.expect(true, "There is no such credential: nothing to delete", with, "passkey", "")
	if !admin.Knows(t, with, "saml") {
		t.Skip("only its owner can give an identity a passkey before v25.4, in a browser")
	}
	without := create(t, admin, fmt.Sprintf(`{"schema_id":"preset://email","traits":{"email":%q}}`, acctest.RandomEmail()))
	for _, id := range []string{with, without} {
		admin.PatchIdentity(t, id, acctest.Operation{Op: "add", Path: "/credentials/passkey", Value: json.RawMessage(
			fmt.Sprintf(`{"type":"passkey","identifiers":[%[1]q],"config":{"user_handle":"YQ==","credentials":[`+
				`{"id":"AQ==","public_key":"Ag==","is_passwordless":true}]}}`, acctest.RandomName()))})
	}
	d.expect(false, "Last way to sign in", without, "passkey", "")
	d.expect(false, "Sign-in by code does not count", without, "passkey", "")
	proxy.LoseAnswers(1, acctest.On(http.MethodPatch, "/admin/identities/"))
	d.expect(true, "Deleted the credential passkey", with, "passkey", "")
	d.expect(true, "nothing to delete", with, "passkey", "")
	if has := fmt.Sprint(admin.GetIdentity(t, without)["credentials"]); !strings.Contains(has, "passkey") {
		t.Errorf("the last way in is gone: %s", has)
	}
}

// An invalid argument is an error on its attribute.
func TestAccDeleteCredential_errors(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	d := newDeletion(t, server.AdminURL)
	const nobody = "00000000-0000-4000-8000-000000000000"
	d.expect(false, "Identity not found", nobody, "totp", "")
	d.expect(false, `identity_id = "`+nobody, nobody, "totp", "")
	d.expect(false, "Missing identifier", nobody, "oidc", "")
	d.expect(false, "Unexpected identifier", nobody, "totp", "x")
	d.expect(false, `type = "code"`, nobody, "code", "")
	d.expect(false, "must be a UUID", "ada", "totp", "")
}

// A deletion whose answer was lost has been done.
func TestAccDeleteCredential_lostAnswer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	admin, d := acctest.AdminOf(server), newDeletion(t, proxy.URL())
	subject := acctest.RandomName()
	id := create(t, admin, withPasswordAndLinks(acctest.RandomEmail(), subject))
	proxy.LoseAnswers(1, acctest.On(http.MethodDelete, "/admin/identities/"))
	d.expect(true, "Deleted the oidc link of identity "+id, id, "oidc", "github:"+subject)
}

// Arguments that are unknown at plan are checked at apply, before any request.
func TestAccDeleteCredential_errorsAtApply(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const id = "00000000-0000-4000-8000-000000000000"
	for name, test := range map[string]struct{ identityID, kind, identifier, want string }{
		"identity":              {"ada", "totp", "", "must be a UUID"},
		"type":                  {id, "code", "", "Attribute type value must be one of"},
		"missing identifier":    {id, "saml", "", "Missing identifier"},
		"unexpected identifier": {id, "totp", "github:1815", "Unexpected identifier"},
		"empty identifier":      {id, "oidc", "empty", "identifier string length must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := acctest.NewProxy(t, server.AdminURL)
			d := newDeletion(t, proxy.URL())
			d.w.WriteMain(fmt.Sprintf(`
resource "terraform_data" "of" {
  input = { identity_id = %q, type = %q, identifier = %q }
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.ory_delete_credential.test]
    }
  }
}
action "ory_delete_credential" "test" {
  config {
    identity_id = terraform_data.of.output.identity_id
    type        = terraform_data.of.output.type
    identifier  = terraform_data.of.output.identifier == "" ? null : replace(terraform_data.of.output.identifier, "empty", "")
  }
}
`, test.identityID, test.kind, test.identifier))
			if plan, code := d.w.Try("plan", "-no-color"); code != 0 {
				t.Fatalf("the plan knows:\n%s", plan)
			}
			output, code := d.w.Try("apply", "-no-color", "-auto-approve")
			text := acctest.Unwrapped(output)
			if code == 0 || !strings.Contains(text, test.want) {
				t.Errorf("exit code %d, want %q in\n%s", code, test.want, output)
			}
			if n := len(proxy.Requests()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
