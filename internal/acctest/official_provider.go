package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

// OfficialProvider builds a stand-in for the official provider, ory/ory, and returns the folder of its binary,
// terraform-provider-ory.
func OfficialProvider(t testing.TB) string {
	t.Helper()
	dir, err := builtOfficialProvider()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// WithOfficialProvider gives the workspace that stand-in beside this provider.
func (w *Workspace) WithOfficialProvider() {
	w.t.Helper()
	dir := OfficialProvider(w.t)
	const start = "dev_overrides {\n"
	overrides := fmt.Sprintf("%s    %q = %q\n    %q = %q\n",
		start, "registry.terraform.io/ory/ory", dir, "registry.opentofu.org/ory/ory", dir)
	w.Write("cli.tfrc", strings.Replace(w.Read("cli.tfrc"), start, overrides, 1))
}

// builtOfficialProvider builds the stand-in once per test binary and returns its folder.
var builtOfficialProvider = sync.OnceValues(func() (string, error) {
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, ".cache", "dev", "official")
	// Renamed into place: the test binaries of several packages build it at the same time.
	temporary := filepath.Join(dir, fmt.Sprintf("building.%d", os.Getpid()))
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", temporary, "./internal/cmd/officialprovider")
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the stand-in for the official provider: %w\n%s", err, output)
	}
	return dir, os.Rename(temporary, filepath.Join(dir, "terraform-provider-ory"))
})
