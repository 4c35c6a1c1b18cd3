package acctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

// Workspace is a folder in which the command line runs as for users: as a separate process, with the built provider. It
// is for tests of plan files, logs, generated configuration and interrupts, which the framework's test harness doesn't
// support.
type Workspace struct {
	*terraformcli.CLI
	t testing.TB
}

// NewWorkspace returns an empty workspace whose provider talks to the server with this admin URL.
func NewWorkspace(t testing.TB, adminURL string) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set: this test runs Terraform against a real Kratos")
	}
	provider, err := builtProvider()
	if err != nil {
		t.Fatal(err)
	}
	path, err := foundCLI()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cli, err := terraformcli.New(path, dir, filepath.Join(dir, "cli.tfrc"), provider, adminURL)
	if err != nil {
		t.Fatal(err)
	}
	return &Workspace{t: t, CLI: cli}
}

// NewActionWorkspace is NewWorkspace for a test that needs actions.
func NewActionWorkspace(t testing.TB, adminURL string) *Workspace {
	t.Helper()
	Needs(t, Actions)
	return NewWorkspace(t, adminURL)
}

// These are built and found once for each test binary.
var (
	builtProvider = sync.OnceValues(func() (string, error) { return terraformcli.BuildProvider(context.Background()) })
	foundCLI      = sync.OnceValues(func() (string, error) { return terraformcli.Find(context.Background()) })
)

// Write puts a file into the workspace. It skips the test if this is a configuration that the command line can't read.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	if strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tfquery.hcl") {
		if lacks := theCLI(w.t).unsupported(content); lacks != "" {
			w.t.Skip(lacks)
		}
	}
	w.WriteRaw(name, content)
}

// WriteRaw puts a file into the workspace.
func (w *Workspace) WriteRaw(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// WriteMain puts the given configuration into main.tf, with the provider's requirement before it.
func (w *Workspace) WriteMain(content string) {
	w.t.Helper()
	w.Write("main.tf", "terraform {\n  required_providers {\n    ory = { source = \"d66889dc/ory\" }\n  }\n}\n"+content)
}

// Read returns the content of a file of the workspace.
func (w *Workspace) Read(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(content)
}

// Run runs the command line and fails the test unless it exits with 0. It returns the whole output.
func (w *Workspace) Run(args ...string) string {
	w.t.Helper()
	output, code := w.Try(args...)
	if code != 0 {
		w.t.Fatalf("%s exited with %d:\n%s", strings.Join(args, " "), code, output)
	}
	return output
}

// Try runs the command line and returns the whole output and the exit code.
func (w *Workspace) Try(args ...string) (output string, exitCode int) {
	w.t.Helper()
	var all bytes.Buffer
	exitCode = w.exec(&all, &all, args...)
	return all.String(), exitCode
}

// Output runs the command line, fails the test unless it exits with 0, and returns what it wrote to standard output.
func (w *Workspace) Output(args ...string) string {
	w.t.Helper()
	var out, rest bytes.Buffer
	if code := w.exec(&out, &rest, args...); code != 0 {
		w.t.Fatalf("%s exited with %d:\n%s%s", strings.Join(args, " "), code, out.String(), rest.String())
	}
	return out.String()
}

// commandTimeout ends a command that hangs before go test ends the test binary, which would leave it running.
const commandTimeout = 5 * time.Minute

func (w *Workspace) exec(stdout, stderr io.Writer, args ...string) (exitCode int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), commandTimeout)
	defer cancel()
	cmd := w.Command(ctx, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	var exit *exec.ExitError
	if err := cmd.Run(); ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		w.t.Fatal(errors.Join(err, ctx.Err()))
	}
	return cmd.ProcessState.ExitCode()
}

// ExpectEmptyPlan fails the test unless a plan, which refreshes first, shows no change.
func (w *Workspace) ExpectEmptyPlan() {
	w.t.Helper()
	if output, code := w.Try("plan", "-no-color", "-detailed-exitcode"); code != 0 {
		w.t.Fatalf("expected an empty plan, got exit code %d:\n%s", code, output)
	}
}
