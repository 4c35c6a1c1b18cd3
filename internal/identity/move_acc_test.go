package identity_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const (
	requireOfficial = "terraform {\n  required_providers {\n    ory = { source = \"ory/ory\" }\n  }\n}\n"
	requireOurs     = "terraform {\n  required_providers {\n    ory = { source = \"d66889dc/ory\" }\n  }\n}\n"
	requireBoth     = "terraform {\n  required_providers {\n    ory        = { source = \"ory/ory\" }\n    identities = " +
		"{ source = \"d66889dc/ory\" }\n  }\n}\n"

	oldPassword, newPassword = "analytical-engine-1843", "difference-engine-1822"
)

// way is one way to migrate from the official provider.
type way struct {
	require, name, provider, rest string
	before                        func(w *acctest.Workspace)
	refresh                       string
}

func ways() map[string]way {
	replace := func(w *acctest.Workspace) {
		w.Run("state", "replace-provider", "-auto-approve", "ory/ory", "d66889dc/ory")
	}
	return map[string]way{
		"moved": {
			require: requireBoth, name: "ada_lovelace", provider: "  provider = identities\n",
			rest: "moved {\n  from = ory_identity.ada\n  to   = ory_identity.ada_lovelace\n}\n",
		},
		"provider argument":            {require: requireBoth, name: "ada", provider: "  provider = identities\n"},
		"source":                       {require: requireOurs, name: "ada"},
		"replace-provider":             {require: requireOurs, name: "ada", before: replace},
		"replace-provider, no refresh": {require: requireOurs, name: "ada", before: replace, refresh: "-refresh=false"},
	}
}

// migration is the migration of one identity.
type migration struct {
	t      *testing.T
	w      *acctest.Workspace
	server *acctest.Server
	proxy  *acctest.Proxy
	email  string
	way    way
}

// migrate creates an identity with the stand-in for the official provider, and migrates it to this provider.
func migrate(t *testing.T, shape, password string, to way) *migration {
	t.Helper()
	if strings.Contains(to.rest, "moved {") {
		acctest.Needs(t, acctest.MovedTypes)
	}
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	m := &migration{
		t:      t,
		w:      acctest.NewWorkspace(t, proxy.URL()),
		server: server,
		proxy:  proxy,
		email:  acctest.RandomEmail(),
		way:    to,
	}
	m.w.WithOfficialProvider()
	m.w.Env = append(m.w.Env, "OFFICIAL_PROVIDER_SHAPE="+shape)
	m.w.Write("main.tf", requireOfficial+fmt.Sprintf("resource \"ory_identity\" \"ada\" {\n  schema_id = "+
		"\"preset://email\"\n"+
		"  traits = jsonencode({ email = %q, name = { first = \"Ada\" } })\n"+
		"  metadata_public = jsonencode({ team = \"engines\", level = 9007199254740993 })\n"+
		"  metadata_admin = jsonencode([\"vip\", 1.5])\n  project_slug = \"lucid-babbage\"\n  project_api_key = "+
		"\"ory_pat_secret\"\n%s\n}\n",
		m.email, password))
	m.w.Run("apply", "-no-color", "-auto-approve")
	if !strings.Contains(m.w.Read("terraform.tfstate"), "ory_pat_secret") {
		t.Fatal("the old state doesn't have the key that the new one must not have")
	}
	if to.before != nil {
		to.before(m.w)
	}
	m.proxy.Reset()
	return m
}

// configure writes the configuration for this provider.
func (m *migration) configure(password string) {
	m.t.Helper()
	m.w.Write("main.tf", m.way.require+fmt.Sprintf("resource \"ory_identity\" %q {\n%s  schema_id = \"preset://email\"\n"+
		"  traits = { email = %q, name = { first = \"Ada\" } }\n  metadata_public = { team = \"engines\", level = "+
		"9007199254740993 }\n"+
		"  metadata_admin = [\"vip\", 1.5]\n%s\n}\n%s", m.way.name, m.way.provider, m.email, password, m.way.rest))
}

// run plans or applies, and checks that the output contains every text.
func (m *migration) run(command string, texts ...string) {
	m.t.Helper()
	args := []string{command, "-no-color"}
	if m.way.refresh != "" {
		args = append(args, m.way.refresh)
	}
	if command == "apply" {
		args = append(args, "-auto-approve")
	}
	output := strings.Join(strings.Fields(m.w.Run(args...)), " ")
	for _, text := range texts {
		if !strings.Contains(output, text) {
			m.t.Errorf("%s doesn't say %q:\n%s", command, text, output)
		}
	}
}

// expectWrites checks the number of requests since the migration that weren't reads.
func (m *migration) expectWrites(want int) {
	m.t.Helper()
	if writes := m.proxy.Count("", "") - m.proxy.Count(http.MethodGet, ""); writes != want {
		m.t.Errorf("%d requests that write, want %d: %v", writes, want, m.proxy.Requests())
	}
}

func (m *migration) expectPassword(accepted, refused string) {
	m.t.Helper()
	if _, err := acctest.Login(m.t.Context(), m.server.PublicURL, m.email, accepted); err != nil {
		m.t.Errorf("signing in with %q: %v", accepted, err)
	}
	if _, err := acctest.Login(m.t.Context(), m.server.PublicURL, m.email, refused); !errors.Is(
		err,
		acctest.ErrBadCredentials,
	) {
		m.t.Errorf("signing in with %q was not refused: %v", refused, err)
	}
}

// For each way and each shape of the old state, the plan is empty, no write is sent, the person can still sign in, and
// a later change of the password is sent.
func TestAccIdentity_migrate(t *testing.T) {
	t.Parallel()
	const value, writeOnly = "  credentials = { password = { value = %q } }", "  credentials = { password = { value_wo " +
		"= %q, wo_version = %s } }"
	for shape, passwords := range map[string]struct{ official, same, changed string }{
		"without_password_wo": {"  password = \"" + oldPassword + "\"", fmt.Sprintf(value, oldPassword), fmt.Sprintf(value, newPassword)},
		"with_password_wo": {
			"  password_wo = \"" + oldPassword + "\"\n  password_wo_version = \"1\"",
			fmt.Sprintf(writeOnly, oldPassword, `"1"`), fmt.Sprintf(writeOnly, newPassword, "2"),
		},
	} {
		for name, to := range ways() {
			if to.refresh != "" {
				continue // plans an update, without a request, where the old schema marked other attributes as sensitive
			}
			t.Run(shape+"/"+name, func(t *testing.T) {
				t.Parallel()
				m := migrate(t, shape, passwords.official, to)
				m.configure(passwords.same)
				if to.rest != "" {
					m.run("plan", "ory_identity.ada has moved to ory_identity.ada_lovelace", "Plan: 0 to add, 0 to change, 0 to "+
						"destroy.")
				} else {
					m.run("plan", "No changes.")
				}
				m.run("apply", `its own project ("lucid-babbage")`, "Resources: 0 added, 0 changed, 0 destroyed.")
				m.w.ExpectEmptyPlan()
				m.expectWrites(0)
				m.expectPassword(oldPassword, newPassword)
				if state := m.w.Read("terraform.tfstate"); strings.Contains(state, "ory_pat_secret") {
					t.Errorf("the project's API key is in the state:\n%s", state)
				}
				m.configure(passwords.changed)
				m.run("apply", "Resources: 0 added, 1 changed, 0 destroyed.")
				m.expectWrites(1)
				m.expectPassword(newPassword, oldPassword)
				m.w.ExpectEmptyPlan()
				m.w.Run("destroy", "-no-color", "-auto-approve")
				if ids := acctest.AdminOf(m.server).FindByIdentifier(t, m.email); len(ids) > 0 {
					t.Errorf("destroy left %v", ids)
				}
			})
		}
	}
}

// The first apply only records a password that the old state doesn't have, because sending it would reset the person's
// password.
func TestAccIdentity_migrateToWriteOnly(t *testing.T) {
	t.Parallel()
	version := func(n int) string {
		return fmt.Sprintf("  credentials = { password = { value_wo = %q, wo_version = %d } }", newPassword, n)
	}
	for name, to := range ways() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := migrate(t, "without_password_wo", "  password = \""+oldPassword+"\"", to)
			m.configure(version(1))
			m.run("plan", "Plan: 0 to add, 1 to change, 0 to destroy.", "only records the configured password and sends nothing")
			m.run("apply", "Resources: 0 added, 1 changed, 0 destroyed.")
			m.w.ExpectEmptyPlan()
			m.expectWrites(0)
			m.expectPassword(oldPassword, newPassword)
			m.configure(version(2))
			m.run("apply", "Resources: 0 added, 1 changed, 0 destroyed.")
			m.expectWrites(1)
			m.expectPassword(newPassword, oldPassword)
			m.w.ExpectEmptyPlan()
			m.w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
