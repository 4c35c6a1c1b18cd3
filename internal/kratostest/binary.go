package kratostest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Binary returns the path of the Kratos to run: KRATOS_BINARY if that is set, else the one pinned in tools/kratos,
// which is built on first use.
func Binary(ctx context.Context) (string, error) {
	if path := os.Getenv("KRATOS_BINARY"); path != "" {
		return filepath.Abs(path) // go test runs in the package's folder, the server in its own
	}
	root, err := RepositoryRoot()
	if err != nil {
		return "", err
	}
	build := exec.CommandContext(ctx, filepath.Join(root, "tools", "build.sh"), "kratos")
	build.Stderr = os.Stderr // a build takes minutes: say so while it runs
	path, err := build.Output()
	if err != nil {
		return "", fmt.Errorf("building Kratos: %w", err)
	}
	return strings.TrimSpace(string(path)), nil
}

// RepositoryRoot is the folder of the go.mod above the working directory.
func RepositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in the working directory or above it")
		}
		dir = parent
	}
}
