//go:build unix

// Command soak creates, changes and destroys many identities through a network with constant faults, with one seed
// after another. It prints the result of each seed, and fails if a result is wrong: see loadtest.Soak.
//
// The environment sets N (identities, 500), SEEDS (how many, 20), FIRST (the first seed, 1), RATE (how many requests
// meet each kind of fault, 0.05, which makes 35 % of all requests meet one), SCALE (of the simulator's time, 10),
// TIMEOUT (of everything, 12h), and TF_ACC_TERRAFORM_PATH and KRATOS_BINARY as for the tests.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
	"github.com/d66889dc/terraform-provider-ory/internal/terraformcli"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// settings are the values of the environment variables.
type settings struct {
	size, seeds, first int
	rate, scale        float64
	timeout            time.Duration
}

func readSettings() (settings, error) {
	var env loadtest.Settings
	s := settings{
		size:    env.Int("N", 500, 1),
		seeds:   env.Int("SEEDS", 20, 1),
		first:   env.Int("FIRST", 1, 0),
		rate:    env.Float("RATE", 0.05, 0),
		scale:   env.Float("SCALE", 10, 1),
		timeout: env.Duration("TIMEOUT", 12*time.Hour),
	}
	return s, env.Err()
}

// run runs the soak test with every seed. It always cleans up.
func run(ctx context.Context) (err error) {
	s, err := readSettings()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	dir, err := os.MkdirTemp("", "ory-soak-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	provider, err := terraformcli.BuildProvider(ctx)
	if err != nil {
		return err
	}
	cli, err := terraformcli.Find(ctx)
	if err != nil {
		return err
	}
	fmt.Println("| Seed | Requests | Faulty | Applies | Updates | Destroys | Errors on the way | Log searched | Wall |  |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	var failed []error
	for seed := s.first; seed < s.first+s.seeds && ctx.Err() == nil; seed++ {
		soak := loadtest.Soak{CLI: cli, Provider: provider, Dir: filepath.Join(dir, fmt.Sprint(seed))}
		f, err := s.soak(ctx, uint64(seed), soak)
		end := "converged"
		if err != nil {
			end = "**failed**"
			failed = append(failed, fmt.Errorf("seed %d: %w", seed, err))
		}
		fmt.Printf(
			"| %d | %d | %d | %d | %d | %d | %d | %d MB | %s | %s |\n",
			seed,
			f.Counts.Requests(),
			f.Faulty(),
			f.Applies,
			f.Updates,
			f.Destroys,
			f.Errors.Total(),
			f.LogBytes>>20,
			f.Wall.Round(time.Second),
			end,
		)
	}
	return errors.Join(append(failed, ctx.Err())...)
}

// soak runs the soak test with one seed, on its own Kratos.
func (s settings) soak(ctx context.Context, seed uint64, soak loadtest.Soak) (f loadtest.Figures, err error) {
	if soak.Server, err = kratostest.Start(ctx, kratostest.Options{}); err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, soak.Server.Stop(), os.RemoveAll(soak.Dir)) }()
	soak.Network = networksim.Network(networksim.Production)
	soak.Network.Scale, soak.Network.Seed, soak.Network.Faults = s.scale, seed, networksim.Each(s.rate)
	soak.Config = loadtest.Config{Prefix: fmt.Sprintf("soak-%d", seed), Size: s.size, Passwords: true}
	soak.Say = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%s  seed %d: %s\n", time.Now().Format(time.TimeOnly), seed, fmt.Sprintf(format, args...))
	}
	f, err = soak.Run(ctx)
	for line := range strings.Lines(f.Counts.String()) {
		soak.Say("%s", strings.TrimSpace(line))
	}
	return f, err
}
