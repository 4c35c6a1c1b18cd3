package identity_test

import (
	"archive/zip"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Secrets appear only in the configuration: not in plan files, not in the state, and not in the most verbose log.
func TestAccIdentity_secretsStaySecret(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	const (
		writeOnly = "write-only-secret-1"
		inState   = "password-in-state-2"
		apiKey    = "ory_pat_api-key-secret-3"
		header    = "header-secret-4"
		note      = "admin-note-secret-5"
	)
	first, second := acctest.RandomEmail(), acctest.RandomEmail()
	w := acctest.NewWorkspace(t, server.AdminURL)
	log := filepath.Join(w.Dir, "trace.log")
	w.Env = append(w.Env, "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+log, "TF_VAR_password="+writeOnly, "ORY_API_KEY="+apiKey)
	write := func(version int, state string) {
		w.WriteMain(fmt.Sprintf(`
variable "password" {
  type      = string
  ephemeral = true
}
provider "ory" {
  headers = { X-Gateway-Key = %q }
}
resource "ory_identity" "test" {
  schema_id = "preset://email"
  traits    = { email = %q }
  metadata_admin = { note = %q }
  credentials = { password = { value_wo = var.password, wo_version = %d } }
  state = %q
}
resource "ory_identity" "other" {
  schema_id   = "preset://email"
  traits      = { email = %q }
  credentials = { password = { value = "%s v%d" } }
}
`, header, first, note, version, state, second, inState, version))
	}
	write(1, "active")
	w.Run("plan", "-no-color", "-out=create.tfplan")
	w.Run("apply", "-no-color", "create.tfplan")
	write(2, "inactive")
	w.Run("plan", "-no-color", "-out=update.tfplan")
	shown := w.Run("show", "-json", "create.tfplan") + w.Run("show", "-json", "update.tfplan")
	w.Run("apply", "-no-color", "update.tfplan")
	shown += w.Run("show", "-json")
	w.Run("destroy", "-no-color", "-auto-approve")

	kept := map[string]string{"show -json": shown, "terraform.tfstate.backup": w.Read("terraform.tfstate.backup")}
	for _, plan := range []string{"create.tfplan", "update.tfplan"} {
		kept[plan] = unzipped(t, filepath.Join(w.Dir, plan))
	}
	for where, content := range kept {
		if !strings.Contains(content, first) {
			t.Errorf("%s doesn't even have the e-mail address: the test looks in the wrong place", where)
		}
		for _, secret := range []string{writeOnly, apiKey} {
			if strings.Contains(content, secret) {
				t.Errorf("%s has %q", where, secret)
			}
		}
	}
	checkLog(t, w.Read("trace.log"), []string{writeOnly, inState, apiKey, header, note, "$2a$", "$2b$"})
}

// checkLog checks that the log contains bodies and none of the secrets.
func checkLog(t *testing.T, log string, secrets []string) {
	t.Helper()
	for _, wanted := range []string{"/admin/identities", "request body", "response body", "verifiable_addresses"} {
		if !strings.Contains(log, wanted) {
			t.Errorf("the log has no %q: it isn't at its most verbose", wanted)
		}
	}
	for line := range strings.Lines(log) {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("the log has %q: %.300s", secret, line)
			}
		}
	}
}

// unzipped returns the content of a plan file, which is a zip archive.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var all strings.Builder
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
