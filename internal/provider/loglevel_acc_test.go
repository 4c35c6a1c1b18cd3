package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Terraform reads every line that the provider writes, whether or not Terraform shows it. So the provider writes only
// the levels that TF_LOG or TF_LOG_PROVIDER asks for, and Terraform shows all of them.
func TestAccLogLevels(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	tests := map[string]struct {
		env             []string
		wanted, refused []string // levels of lines that the provider writes
	}{
		"none":       {refused: []string{"trace", "debug", "info", "warn"}},
		"debug":      {env: []string{"TF_LOG=DEBUG"}, wanted: []string{"debug"}, refused: []string{"trace"}},
		"trace":      {env: []string{"TF_LOG_PROVIDER=TRACE"}, wanted: []string{"trace", "debug"}},
		"everything": {env: []string{"TF_LOG=JSON"}, wanted: []string{"trace", "debug"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, server.AdminURL)
			written := overhear(t, w)
			w.Env = append(w.Env, append(test.env, "TF_LOG_PATH="+filepath.Join(w.Dir, "shown.log"))...)
			w.WriteMain(fmt.Sprintf("data \"ory_identities\" \"none\" { credentials_identifier = %q }\n", acctest.RandomEmail()))
			w.Run("plan", "-no-color")
			levels := writtenLevels(t, w.Read(written))
			for _, level := range test.wanted {
				if levels[level] == 0 {
					t.Errorf("the provider wrote no line of level %s, but %v", level, levels)
				}
			}
			for _, level := range test.refused {
				if levels[level] > 0 {
					t.Errorf("the provider wrote lines of level %s: %v", level, levels)
				}
			}
			if len(test.wanted) > 0 && !strings.Contains(w.Read("shown.log"), "/admin/identities") {
				t.Error("Terraform's log has nothing of the client's requests")
			}
		})
	}
}

// writtenLevels counts the lines of the provider and its SDK by level. It skips the lines of the plugin library, two in
// each run, which come before the server starts and have no module.
func writtenLevels(t *testing.T, written string) map[string]int {
	t.Helper()
	levels := map[string]int{}
	for text := range strings.Lines(written) {
		var line struct {
			Level  string `json:"@level"`
			Module string `json:"@module"`
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Errorf("the provider wrote %q: %v", text, err)
		}
		if line.Module != "" {
			levels[line.Level]++
		}
	}
	return levels
}

// overhear replaces the provider by a script that copies the provider's standard error to a file of the workspace.
func overhear(t *testing.T, w *acctest.Workspace) (file string) {
	t.Helper()
	dir := t.TempDir()
	file = "written.log"
	script := fmt.Sprintf("#!/usr/bin/env bash\nexec %q \"$@\" 2> >(exec tee %q "+
		">&2)\n", w.Provider, filepath.Join(w.Dir, file))
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(w.Provider)), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	config := w.Read("cli.tfrc")
	w.Write("cli.tfrc", strings.ReplaceAll(config, filepath.Dir(w.Provider), dir))
	return file
}
