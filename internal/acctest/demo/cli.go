//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// cli runs Terraform or OpenTofu in the folder of the example.
type cli struct {
	path   string
	dir    string
	config string // the CLI's own configuration file
	env    []string
}

// newCLI finds the command line and tells it to use the provider in providerDir, as built, without installing it.
func newCLI(ctx context.Context, root, dir, config, providerDir, adminURL string) (*cli, error) {
	path, err := output(ctx, root, filepath.Join("tools", "find-cli.sh"))
	if err != nil {
		return nil, fmt.Errorf("finding Terraform or OpenTofu: %w", err)
	}
	var overrides strings.Builder
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		fmt.Fprintf(&overrides, "    %q = %q\n", host+"/d66889dc/ory", providerDir)
	}
	content := fmt.Sprintf("provider_installation {\n  dev_overrides {\n%s  }\n}\n", overrides.String())
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	return &cli{path: path, dir: dir, config: config, env: append(neutralEnv(),
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

// name is the command as users type it: one that was built bears its project's name and version.
func (c *cli) name() string {
	name, _, _ := strings.Cut(filepath.Base(c.path), "-")
	return strings.TrimPrefix(name, "open")
}

// command prepares a run. Its process group is its own, so that Ctrl-C reaches it once, from us: a second one would make
// it give up without saving its state.
func (c *cli) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = c.dir, c.env, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// run shows the command and the gist of what it prints, and returns its exit code. Unless that is 0, it shows everything.
func (c *cli) run(ctx context.Context, args ...string) (int, error) {
	fmt.Printf("    $ %s %s\n", c.name(), strings.Join(args, " "))
	cmd := c.command(ctx, append(args, "-no-color")...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var all strings.Builder
	for lines := bufio.NewScanner(io.TeeReader(stdout, &all)); lines.Scan(); {
		if gist.MatchString(lines.Text()) {
			fmt.Println("    " + strings.TrimSpace(lines.Text()))
		}
	}
	_, _ = io.Copy(&all, stdout) // the rest, should a line be longer than a Scanner takes
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		fmt.Println(all.String())
		return exit.ExitCode(), nil
	}
	return 0, err
}

// gist picks the lines that tell what happens, from a plan that shows every attribute of every person.
var gist = regexp.MustCompile(`: (Creating|Creation|Refreshing|Destroying|Destruction)|` +
	`^(Plan:|No changes|Apply complete|Destroy complete)`)

// must is run for commands that have to succeed.
func (c *cli) must(ctx context.Context, args ...string) error {
	code, err := c.run(ctx, args...)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s %s exited with %d", c.name(), args[0], code)
	}
	return err
}

// readOutput decodes an output of the configuration.
func (c *cli) readOutput(ctx context.Context, name string, into any) error {
	content, err := c.command(ctx, "output", "-json", name).Output()
	if err != nil {
		return fmt.Errorf("reading the output %q: %w", name, err)
	}
	return json.Unmarshal(content, into)
}

// output runs a program of the repository and returns what it prints, without the line's end.
func output(ctx context.Context, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	content, err := cmd.Output()
	return strings.TrimSpace(string(content)), err
}
