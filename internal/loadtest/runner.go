//go:build unix

package loadtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

// Runner runs the command line on a configuration, in a separate folder.
type Runner struct {
	*terraformcli.CLI
}

// Result is the result of a command.
type Result struct {
	Output   string // the complete output
	ExitCode int
	Wall     time.Duration
	CPU      time.Duration // of the command line and the provider
	PeakRSS  int64         // the largest resident memory of a provider process in bytes; 0 if it can't be measured
}

// NewRunner makes the folder dir, which must not exist. The provider and its server have the same meaning as for
// terraformcli.New.
func NewRunner(path, dir, provider, adminURL string) (*Runner, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	cli, err := terraformcli.New(path, dir, filepath.Join(dir, "cli.tfrc"), provider, adminURL)
	return &Runner{cli}, err
}

// Init prepares the backend of a configuration. It leaves out the provider: with dev_overrides Terraform needs no init
// for it, and Terraform 1.11 would look for it in the registry, which doesn't have it.
func (r *Runner) Init(ctx context.Context, c Config) error {
	content := "terraform {\n" + c.backend() + "}\n"
	if err := os.WriteFile(filepath.Join(r.Dir, "main.tf"), []byte(content), 0o600); err != nil {
		return err
	}
	result, err := r.Run(ctx, "init", "-no-color", "-input=false")
	if err == nil && result.ExitCode != 0 {
		err = fmt.Errorf("init failed:\n%s", result.Tail())
	}
	return err
}

// Apply writes a configuration and applies it.
func (r *Runner) Apply(ctx context.Context, c Config) (Result, error) {
	return r.on(ctx, c, "apply", "-auto-approve")
}

// Plan writes a configuration and plans it, with further options. If the plan isn't empty, the exit code is 2.
func (r *Runner) Plan(ctx context.Context, c Config, options ...string) (Result, error) {
	return r.on(ctx, c, append([]string{"plan", "-detailed-exitcode", "-out=" + os.DevNull}, options...)...)
}

// Destroy writes a configuration and destroys everything in the state.
func (r *Runner) Destroy(ctx context.Context, c Config) (Result, error) {
	return r.on(ctx, c, "destroy", "-auto-approve")
}

func (r *Runner) on(ctx context.Context, c Config, args ...string) (Result, error) {
	if err := c.Write(r.Dir); err != nil {
		return Result{}, err
	}
	return r.Run(ctx, append(args, "-no-color", "-input=false")...)
}

// Run runs the command line. A failed command is a result, not an error.
func (r *Runner) Run(ctx context.Context, args ...string) (Result, error) {
	cmd := r.Command(ctx, args...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	peak := watchPeak(cmd.Process.Pid, r.Provider)
	err := cmd.Wait()
	result := Result{
		Output: output.String(), ExitCode: cmd.ProcessState.ExitCode(),
		Wall: time.Since(began), CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), PeakRSS: peak(),
	}
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		return result, fmt.Errorf("%s: %w", strings.Join(args, " "), errors.Join(err, ctx.Err()))
	}
	return result, nil
}

// Errors returns the headlines of the errors that a command printed, and how often each occurred.
func (r Result) Errors() Headlines {
	headlines := Headlines{}
	for line := range strings.Lines(r.Output) {
		if frame, headline, ok := strings.Cut(line, "Error: "); ok && strings.Trim(frame, "│ ") == "" {
			headlines[strings.TrimSpace(headline)]++
		}
	}
	return headlines
}

// Headlines maps the headlines of errors to how often each occurred.
type Headlines map[string]int

// Total returns the number of errors.
func (h Headlines) Total() int {
	sum := 0
	for _, n := range h {
		sum += n
	}
	return sum
}

// Tail returns the end of the output, for messages.
func (r Result) Tail() string {
	const most = 4000
	return r.Output[max(0, len(r.Output)-most):]
}
