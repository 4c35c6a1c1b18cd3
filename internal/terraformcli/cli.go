//go:build unix

// Package terraformcli runs Terraform or OpenTofu as users run it: a process of its own, with the provider as built.
package terraformcli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// interruptGrace is how long a command may take to save its state and end after an interrupt.
const interruptGrace = 20 * time.Second

// CLI runs commands in one folder.
type CLI struct {
	Path     string   // of the executable
	Dir      string   // where it runs
	Env      []string // all of its environment
	Provider string   // the provider's executable
}

// New returns a CLI that takes the provider from its build, without installing it, and finds the server at adminURL.
// The CLI's own configuration goes into the file config.
func New(path, dir, config, builtProvider, adminURL string) (*CLI, error) {
	var overrides strings.Builder
	_, name, _ := strings.Cut(provider.Address, "/")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		fmt.Fprintf(&overrides, "    %q = %q\n", host+"/"+name, filepath.Dir(builtProvider))
	}
	content := fmt.Sprintf("provider_installation {\n  dev_overrides {\n%s  }\n  direct {}\n}\n", overrides.String())
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	return &CLI{Path: path, Dir: dir, Provider: builtProvider, Env: append(neutralEnv(),
		"TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "ORY_ADMIN_URL="+adminURL)}, nil
}

// neutralEnv is the environment without what the user may have set for the command line and the provider elsewhere.
func neutralEnv() []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "ORY_") && !strings.HasPrefix(name, "KRATOS_") {
			env = append(env, entry)
		}
	}
	return env
}

// Command prepares a run. Its process group is its own, so that Ctrl-C reaches it once, by the end of ctx: a second one
// would make it give up without saving its state.
func (c *CLI) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Path, args...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptGrace
	return cmd
}

// Find returns the path of the command line that make test and make demo use, which is built where there is none.
func Find(ctx context.Context) (string, error) {
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(root, "tools", "find-cli.sh"))
	cmd.Stderr = os.Stderr // a build takes minutes: say so while it runs
	path, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("finding Terraform or OpenTofu: %w", err)
	}
	return strings.TrimSpace(string(path)), nil
}

// BuildProvider builds the provider and returns its path.
func BuildProvider(ctx context.Context) (string, error) {
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, ".cache", "dev", "terraform-provider-ory")
	// Renamed into place: the test binaries of several packages build it at the same time.
	temporary := fmt.Sprintf("%s.%d", path, os.Getpid())
	cmd := exec.CommandContext(ctx, "go", "build", "-o", temporary, ".")
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	return path, os.Rename(temporary, path)
}
