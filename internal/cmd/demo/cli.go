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

// cli is the command line, with what it prints cut down to what tells the story.
type cli struct {
	*terraformcli.CLI
	config string // the CLI's own configuration file
}

// name is the command as users type it: one that was built bears its project's name and version.
func (c *cli) name() string {
	name, _, _ := strings.Cut(filepath.Base(c.Path), "-")
	return strings.TrimPrefix(name, "open")
}

// run shows the command and the gist of what it prints, and returns its exit code. Unless that is 0, it shows
// everything.
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
	content, err := c.Command(ctx, "output", "-json", name).Output()
	if err != nil {
		return fmt.Errorf("reading the output %q: %w", name, err)
	}
	return json.Unmarshal(content, into)
}
