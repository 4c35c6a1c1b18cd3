//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
)

// memoryRow is a first plan of very many.
type memoryRow struct {
	title string
	loadtest.Result
}

// planHasChanges is the exit code of a plan that isn't empty.
const planHasChanges = 2

// measureMemory plans very many, with the provider as shipped and with the framework's server as it comes.
func (b *bench) measureMemory(ctx context.Context) (rows []memoryRow, err error) {
	server, err := kratostest.Start(ctx, kratostest.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	for _, variant := range []struct{ name, title, provider string }{
		{"shipped", "as shipped", b.provider},
		{"unwrapped", "on the framework's server as it comes", b.unwrapped},
	} {
		b.say("first plan of %d, %s", b.memorySize, variant.title)
		runner, err := loadtest.NewRunner(b.cli, b.folder("memory", variant.name), variant.provider, server.AdminURL)
		if err != nil {
			return nil, err
		}
		result, err := runner.Plan(ctx, loadtest.Config{Prefix: "memory", Size: b.memorySize, Version: 1})
		if err != nil {
			return nil, err
		}
		if result.ExitCode != planHasChanges {
			return nil, fmt.Errorf("the first plan of %d failed:\n%s", b.memorySize, result.Tail())
		}
		b.say("  %s, %s", result.Wall.Round(time.Millisecond), megabytes(result.PeakRSS))
		rows = append(rows, memoryRow{variant.title, result})
	}
	return rows, nil
}
