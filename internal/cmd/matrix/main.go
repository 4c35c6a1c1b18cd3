//go:build unix

// Command matrix runs the acceptance tests on each command line in tools/clis.txt and prints a Markdown table: how many
// tests ran, how many failed, and which were left out and why.
//
// The environment sets ONLY (a comma list such as terraform-1.5.7,opentofu-1.6.3; all), PACKAGES (./internal/...), RUN
// (a regular expression for the tests; TestAcc), and KRATOS_BINARY and KRATOS_DSN as for the tests. What the tests print
// is kept in .cache/matrix.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

// commandLine is a version of Terraform or OpenTofu.
type commandLine struct{ name, version string }

func (c commandLine) String() string {
	return map[string]string{"terraform": "Terraform", "opentofu": "OpenTofu"}[c.name] + " " + c.version
}

// matrix is what all runs share.
type matrix struct {
	root     string
	packages []string
	pattern  string
}

func run(ctx context.Context) error {
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return err
	}
	m := matrix{
		root:     root,
		packages: strings.Fields(cmp.Or(os.Getenv("PACKAGES"), "./internal/...")),
		pattern:  cmp.Or(os.Getenv("RUN"), "TestAcc"),
	}
	chosen, err := m.chosen(os.Getenv("ONLY"))
	if err != nil {
		return err
	}
	var rows []row
	for _, c := range chosen {
		r := m.test(ctx, c)
		rows = append(rows, r)
		if ctx.Err() != nil {
			break
		}
	}
	fmt.Printf("%s. `go test %s -run '%s'` on each command line.\n\n", time.Now().Format(time.DateOnly),
		strings.Join(m.packages, " "), m.pattern)
	return errors.Join(printTable(os.Stdout, rows), ctx.Err())
}

// chosen reads the list of command lines and returns those that were asked for.
func (m matrix) chosen(only string) ([]commandLine, error) {
	list, err := os.ReadFile(filepath.Join(m.root, "tools", "clis.txt"))
	if err != nil {
		return nil, err
	}
	var all []commandLine
	var known []string
	for line := range strings.Lines(string(list)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "#" {
			all = append(all, commandLine{words[0], words[1]})
			known = append(known, words[0]+"-"+words[1])
		}
	}
	if only == "" {
		return all, nil
	}
	var chosen []commandLine
	for name := range strings.SplitSeq(only, ",") {
		i := slices.Index(known, name)
		if i < 0 {
			return nil, fmt.Errorf("ONLY: %q is none of %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// test builds one command line and runs the tests on it.
func (m matrix) test(ctx context.Context, c commandLine) row {
	build := exec.CommandContext(ctx, filepath.Join(m.root, "tools", "build-cli.sh"), c.name, c.version)
	build.Stderr = os.Stderr
	path, err := build.Output()
	if err != nil {
		return row{cli: c, broken: fmt.Sprintf("not built: %v", err)}
	}
	folder := filepath.Join(m.root, ".cache", "matrix")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return row{cli: c, broken: err.Error()}
	}
	file, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%s.json", c.name, c.version)))
	if err != nil {
		return row{cli: c, broken: err.Error()}
	}
	defer file.Close()
	fmt.Fprintf(os.Stderr, "%s: testing\n", c)
	started := time.Now()
	args := append([]string{"go", "test", "-json", "-count=1", "-timeout=90m", "-run", m.pattern}, m.packages...)
	tests := exec.CommandContext(ctx, filepath.Join(m.root, "tools", "with-cli.sh"), args...)
	tests.Dir, tests.Stdout, tests.Stderr = m.root, file, os.Stderr
	tests.Env = append(os.Environ(), "TF_ACC=1", "TF_ACC_TERRAFORM_PATH="+strings.TrimSpace(string(path)))
	// Interrupted, the tests stop the servers that they have started.
	tests.Cancel = func() error { return tests.Process.Signal(os.Interrupt) }
	tests.WaitDelay = time.Minute
	failure := tests.Run()
	r, err := readResults(file.Name())
	r.cli, r.took = c, time.Since(started).Round(time.Second)
	switch {
	case err != nil:
		r.broken = err.Error()
	case failure != nil && len(r.failed) == 0:
		r.broken = fmt.Sprintf("the run failed: %v (see %s)", failure, file.Name())
	}
	fmt.Fprintf(os.Stderr, "%s: %d passed, %d failed, %d left out, in %s\n", c, r.passed, len(r.failed), r.leftOut(), r.took)
	return r
}
