package provider_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// guide returns a workspace with the files of a guide's folder under examples/guides.
func guide(t *testing.T, server *acctest.Server, folder string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, server.AdminURL)
	for _, file := range glob(t, filepath.Join(examples(t), "guides", folder, "*")) {
		w.Write(filepath.Base(file), read(t, file))
	}
	return w
}

// The guide Seed a test environment: everyone signs in with the one password, and the plan stays empty.
func TestAccExamples_seedGuide(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := guide(t, server, "seed-test-environment")
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	for _, email := range []string{"admin@example.org", "reader@example.org"} {
		if _, err := acctest.Login(t.Context(), server.PublicURL, email, "test-users-only-1815"); err != nil {
			t.Error(err)
		}
	}
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The guide Rename and adopt: from count to for_each, nobody is deleted.
func TestAccExamples_renameGuide(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := guide(t, server, "rename-and-adopt")
	after := w.Read("main.tf")
	start := strings.Index(after, "moved {")
	w.Write("main.tf", after[:start]+`resource "ory_identity" "staff" {
  count     = 2
  schema_id = "preset://email"
  traits    = { email = ["ada@example.org", "grace@example.org"][count.index] }
}
`)
	w.Run("apply", "-no-color", "-auto-approve")
	w.Write("main.tf", after)
	plan := w.Run("plan", "-no-color")
	if !strings.Contains(plan, "0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan does more than rename:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// The provider blocks of the guide Kubernetes and ingress are valid.
func TestAccExamples_kubernetesGuide(t *testing.T) {
	t.Parallel()
	for _, file := range glob(t, filepath.Join(examples(t), "guides", "kubernetes", "*.tf")) {
		w := acctest.NewWorkspace(t, "")
		w.WriteMain(read(t, file))
		w.Run("validate", "-no-color")
	}
}
