package provider_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const analyticalPassword = "analytical-engine-1843"

// Every migration from the official provider in the guide leads to an empty plan and sends no request to the server.
func TestAccExamples_migrating(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true}) // the examples have fixed e-mail addresses
	dir := filepath.Join(examples(t), "guides", "migrating-from-ory-ory")
	//nolint:paralleltest // the examples declare the same people
	for _, file := range glob(t, filepath.Join(dir, "*", "main.tf")) {
		way := filepath.Base(filepath.Dir(file))
		if way == "before" {
			continue
		}
		t.Run(way, func(t *testing.T) {
			proxy := acctest.NewProxy(t, server.AdminURL)
			w := acctest.NewWorkspace(t, proxy.URL())
			w.WithOfficialProvider()
			w.Env = append(w.Env, "TF_VAR_initial_password="+analyticalPassword)
			w.Write("grace.json", read(t, filepath.Join(dir, "grace.json")))
			w.Write("main.tf", read(t, filepath.Join(dir, "before", "main.tf")))
			w.Run("apply", "-no-color", "-auto-approve")
			proxy.Reset()

			w.Write("main.tf", read(t, file))
			if way == "replace-provider" {
				command := strings.Fields(read(t, filepath.Join(dir, way, "replace.sh")))[1:]
				w.Run(slices.Insert(command, 2, "-auto-approve")...)
			}
			if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "Resources: 0 added, 0 "+
				"changed, 0 destroyed.") ||
				way == "moved" && strings.Count(output, " has moved to ") != 2 {
				t.Errorf("the way over does more than move:\n%s", output)
			}
			w.ExpectEmptyPlan()
			if n := proxy.Count("", "") - proxy.Count("GET", ""); n != 0 {
				t.Errorf("%d requests that write: %v", n, proxy.Requests())
			}
			if _, err := acctest.Login(t.Context(), server.PublicURL, "ada@example.org", analyticalPassword); err != nil {
				t.Error(err)
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
