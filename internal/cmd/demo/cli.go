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

	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

// cli runs the command line and shows a summary of its output.
type cli struct {
	*terraformcli.CLI
	config string // the CLI's own configuration file
}

// name returns the command as users type it. The file name of a built command also has its version.
func (c *cli) name() string {
	name, _, _ := strings.Cut(filepath.Base(c.Path), "-")
	return strings.TrimPrefix(name, "open")
}

// run shows the command and a summary of its output, and returns its exit code. If the exit code isn't 0, it shows the
// whole output.
func (c *cli) run(ctx context.Context, args ...string) (int, error) {
	fmt.Printf("    $ %s %s\n", c.name(), strings.Join(args, " "))
	cmd := c.Command(ctx, append(args, "-no-color")...)
	cmd.Stderr = os.Stderr
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

// gist selects the lines that show what happens, from a plan that shows every attribute of every person.
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
	content, err := c.Command(ctx, "output", "-json", name).Output()
	if err != nil {
		return fmt.Errorf("reading the output %q: %w", name, err)
	}
	return json.Unmarshal(content, into)
}
