//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

// machine is what the figures were measured with.
type machine struct {
	cli                        string // executable
	provider, unwrapped, plain string // executables of the provider, and of others to compare it with
	cliVersion, kratos, cpu    string
}

func prepare(ctx context.Context) (machine, error) {
	m := machine{cpu: cpu()}
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return m, err
	}
	m.provider = filepath.Join(root, ".cache", "bench", "terraform-provider-ory")
	m.unwrapped = filepath.Join(root, ".cache", "bench", "unwrapped", "terraform-provider-ory")
	m.plain = filepath.Join(root, ".cache", "bench", "plain", "terraform-provider-ory")
	for binary, from := range map[string]string{
		m.provider:  ".",
		m.unwrapped: "./internal/cmd/bench/unwrapped",
		m.plain:     "./internal/cmd/bench/plain",
	} {
		if err := build(ctx, root, binary, from); err != nil {
			return m, err
		}
	}
	if m.cli, err = findCLI(ctx, root); err != nil {
		return m, err
	}
	if m.cliVersion, err = versionOfCLI(ctx, m.cli); err != nil {
		return m, err
	}
	kratos, err := kratostest.Binary(ctx)
	m.kratos = filepath.Base(kratos) // names the version, which the binary itself calls "master"
	return m, err
}

// build builds as releases are built.
func build(ctx context.Context, root, binary, from string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, from)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", from, err, output)
	}
	return nil
}

// findCLI prefers the pinned Terraform, where it is built, to the older one that may be on the PATH.
func findCLI(ctx context.Context, root string) (string, error) {
	built, err := filepath.Glob(filepath.Join(root, ".cache", "bin", "terraform-v*"))
	if err != nil {
		return "", err
	}
	if len(built) == 0 || os.Getenv("TF_ACC_TERRAFORM_PATH") != "" {
		return terraformcli.Find(ctx)
	}
	return slices.Max(built), nil
}

func versionOfCLI(ctx context.Context, path string) (string, error) {
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := cmd.Output()
	line, _, _ := strings.Cut(string(output), "\n")
	return line, err
}

// cpu names the processor.
func cpu() string {
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, after, ok := strings.Cut(string(info), "model name"); ok {
			line, _, _ := strings.Cut(after, "\n")
			model = strings.TrimSpace(strings.TrimLeft(line, "\t :"))
		}
	}
	return fmt.Sprintf("%d cores of %s", runtime.NumCPU(), model)
}
