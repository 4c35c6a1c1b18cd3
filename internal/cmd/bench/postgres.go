//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

// startDatabase starts the PostgreSQL of a place that has one, and returns the options of a Kratos on its database and
// what stops the database.
func (p place) startDatabase(ctx context.Context) (options kratostest.Options, stop func() error, err error) {
	options.Quickstart = true
	if !p.postgres {
		return options, func() error { return nil }, nil
	}
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return options, nil, err
	}
	script := func(ctx context.Context, verb string) (string, error) {
		cmd := exec.CommandContext(ctx, filepath.Join(root, "tools", "postgres.sh"), verb)
		cmd.Stderr = os.Stderr
		output, err := cmd.Output()
		if err != nil {
			err = fmt.Errorf("tools/postgres.sh %s: %w", verb, err)
		}
		return strings.TrimSpace(string(output)), err
	}
	options.Postgres, err = script(ctx, "start")
	return options, func() error {
		_, err := script(context.WithoutCancel(ctx), "stop")
		return err
	}, err
}
