//go:build unix

// Command demo shows the provider on one machine: it starts a real Kratos, applies examples/quickstart to it, signs one
// person in, plans again, destroys, and stops Kratos. With KEEP=1 Kratos and the people stay.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

func main() {
	// Ctrl-C ends the current step. The started processes are then stopped as after any other failure.
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if err := run(ctx, os.Getenv("KEEP") == "1"); err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

// demo has the data that the steps share.
type demo struct {
	dir    string // everything that the demo writes
	server *kratostest.Server
	cli    *cli
}

// run runs all steps. It always cleans up, unless it succeeds and keep is set.
func run(ctx context.Context, keep bool) (err error) {
	dir, err := os.MkdirTemp("", "ory-demo-")
	if err != nil {
		return err
	}
	d := &demo{dir: dir}
	defer func() {
		if !keep || err != nil {
			err = errors.Join(err, d.clean())
		}
	}()
	if err := d.prepare(ctx, keep); err != nil {
		return err
	}
	steps := []func(context.Context) error{d.apply, d.showPeople, d.signIn, d.planAgain}
	if !keep {
		steps = append(steps, d.destroy)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if keep {
		d.explain()
		return nil
	}
	say("Done: Kratos is stopped, nothing is left running")
	return nil
}

// prepare builds the programs and starts the server.
func (d *demo) prepare(ctx context.Context, keep bool) error {
	root, err := kratostest.RepositoryRoot()
	if err != nil {
		return err
	}
	say("Building the provider, and Kratos if this is the first time")
	provider, err := terraformcli.BuildProvider(ctx)
	if err != nil {
		return err
	}
	kratos, err := kratostest.Binary(ctx)
	if err != nil {
		return err
	}
	example := filepath.Join(d.dir, "quickstart")
	if err := os.CopyFS(example, os.DirFS(filepath.Join(root, "examples", "quickstart"))); err != nil {
		return err
	}
	say("Starting Kratos")
	serverDir := filepath.Join(d.dir, "kratos")
	if err := os.Mkdir(serverDir, 0o700); err != nil {
		return err
	}
	d.server, err = kratostest.Start(ctx, kratostest.Options{Binary: kratos, Dir: serverDir, Detach: keep})
	if err != nil {
		return err
	}
	fmt.Printf("    admin API %s, public API %s\n", d.server.AdminURL, d.server.PublicURL)
	path, err := terraformcli.Find(ctx)
	if err != nil {
		return err
	}
	config := filepath.Join(d.dir, "cli.tfrc")
	line, err := terraformcli.New(path, example, config, provider, d.server.AdminURL)
	if err != nil {
		return err
	}
	line.Env = append(line.Env, "TF_VAR_initial_password="+initialPassword)
	d.cli = &cli{CLI: line, config: config}
	return nil
}

// clean stops the server and removes the folder.
func (d *demo) clean() error {
	var err error
	if d.server != nil {
		err = d.server.Stop()
	}
	return errors.Join(err, os.RemoveAll(d.dir))
}
