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

// credential is a way of giving everybody a password.
type credential struct{ name, title, attributes string }

var credentials = []credential{
	{"none", "no password", ""},
	{"hash", "a bcrypt hash that is there already", "  credentials = { password = { hash_wo = " +
		"\"$2a$08$CauZBBElPKcBcq2JZTJZ5OV1vG1sM0CLFBBZWMVx2YZqNKnVtfI4m\", wo_version = 1 } }\n"},
	{"function", "`password_hash(...)`", "  credentials = { password = { hash_wo = " +
		"provider::ory::password_hash(\"analytical-engine\", each.key), wo_version = 1 } }\n"},
	{"plain", "plain text, hashed by the server", "  credentials = { password = { value_wo = \"analytical-engine\", " +
		"wo_version = 1 } }\n"},
}

// passwordRow is what one of them costs with one of the server's settings.
type passwordRow struct {
	title string
	cost  int // of the server's bcrypt
	apply loadtest.Result
	plan  loadtest.Result // without changes
}

// measurePasswords applies and plans with each credential, where the server's hasher is as cheap as in a test
// environment, and as costly as it is by default.
func (b *bench) measurePasswords(ctx context.Context) (rows []passwordRow, err error) {
	for _, cost := range []int{kratostest.CheapBcrypt, kratostest.DefaultBcrypt} {
		server, err := kratostest.Start(ctx, kratostest.Options{BcryptCost: cost})
		if err != nil {
			return rows, err
		}
		for _, c := range credentials {
			b.say("%d with %s, the server's bcrypt cost being %d", b.passwords, c.title, cost)
			row, err := b.measureCredential(ctx, server.AdminURL, fmt.Sprintf("%s-%d", c.name, cost), c)
			if err != nil {
				return rows, errors.Join(err, server.Stop())
			}
			row.cost = cost
			b.say("  %s, then %s", row.apply.Wall.Round(time.Millisecond), row.plan.Wall.Round(time.Millisecond))
			rows = append(rows, row)
		}
		if err := server.Stop(); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

func (b *bench) measureCredential(ctx context.Context, adminURL, name string, c credential) (passwordRow, error) {
	row := passwordRow{title: c.title}
	runner, err := loadtest.NewRunner(b.cli, b.folder("passwords", name), b.provider, adminURL)
	if err != nil {
		return row, err
	}
	people := loadtest.Config{
		Prefix: name, Size: b.passwords, Version: 1, Attributes: c.attributes, Backend: b.states.URL("passwords-" + name),
	}
	if err := runner.Init(ctx, people); err != nil {
		return row, err
	}
	if row.apply, err = runner.Apply(ctx, people); err == nil && row.apply.ExitCode == 0 {
		row.plan, err = runner.Plan(ctx, people)
	}
	if failed := row.apply.ExitCode != 0 || row.plan.ExitCode != 0; err == nil && failed {
		err = fmt.Errorf("%s failed:\n%s%s", c.title, row.apply.Tail(), row.plan.Tail())
	}
	return row, err
}
