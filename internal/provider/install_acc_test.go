package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// After make install, init finds the provider without a registry and without a CLI configuration, together with another
// provider and a backend.
func TestAccInstall(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	home := t.TempDir()
	install(t, home)
	mirrorOfficial(t, home)
	w.Env = append(w.Env, "HOME="+home, "TF_CLI_CONFIG_FILE=", "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	email := acctest.RandomEmail()
	w.Write("main.tf", `
terraform {
  backend "local" { path = "states/people.tfstate" }
  required_providers {
    ory      = { source = "d66889dc/ory", version = "~> 0.1" }
    official = { source = "ory/ory" }
  }
}
provider "official" {}
resource "ory_identity" "ours" {
  schema_id = "preset://email"
  traits    = { email = "`+email+`" }
}
resource "ory_identity" "theirs" {
  provider  = official
  schema_id = "preset://email"
  traits    = jsonencode({ email = "theirs-`+email+`" })
}
`)
	w.Run("init", "-no-color")
	w.Run("apply", "-no-color", "-auto-approve")
	for _, want := range []string{email, "theirs-" + email} {
		if found := acctest.AdminOf(server).FindByIdentifier(t, want); len(found) != 1 {
			t.Errorf("%d identities with %s on the server, want 1", len(found), want)
		}
		if !strings.Contains(w.Read("states/people.tfstate"), want) {
			t.Errorf("%s is not in the backend's state", want)
		}
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// install runs make install for a user with an empty home directory, but for Go's caches.
func install(t *testing.T, home string) {
	t.Helper()
	caches, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(caches))
	cmd := exec.CommandContext(t.Context(), "make", "install")
	cmd.Dir = filepath.Join(examples(t), "..")
	cmd.Env = append(os.Environ(), "HOME="+home, "GOCACHE="+lines[0], "GOMODCACHE="+lines[1], "XDG_CONFIG_HOME=")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make install: %v\n%s", err, output)
	}
}

// mirrorOfficial puts the stand-in for the official provider beside what make install has installed.
func mirrorOfficial(t *testing.T, home string) {
	t.Helper()
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(home, ".terraform.d", "plugins", host, "ory", "ory", "1.0.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		built := filepath.Join(acctest.OfficialProvider(t), "terraform-provider-ory")
		if err := os.Symlink(built, filepath.Join(folder, "terraform-provider-ory_v1.0.0")); err != nil {
			t.Fatal(err)
		}
	}
}
