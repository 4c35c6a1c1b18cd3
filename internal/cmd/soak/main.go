//go:build unix

// Command soak creates, changes and destroys many identities through a network with constant faults, with one seed
// after another. It prints the result of each seed, and fails if a result is wrong: see loadtest.Soak.
//
// The environment sets N (identities, 500), SEEDS (how many, 20), FIRST (the first seed, 1), ONLY (identity for one
// ory_identity each, or identities for one ory_identities; both), RATE (how many requests meet each kind of fault,
// 0.05, which makes 35 % of all requests meet one), SCALE (of the simulator's time, 10), TIMEOUT (of everything, 12h),
// and TF_ACC_TERRAFORM_PATH and KRATOS_BINARY as for the tests.
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
	inOne              []bool // the forms of the configuration: see loadtest.Config
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
	switch only := os.Getenv("ONLY"); only {
	case "identity":
		s.inOne = []bool{false}
	case "identities":
		s.inOne = []bool{true}
	case "":
		s.inOne = []bool{false, true}
	default:
		return s, fmt.Errorf("ONLY is %q, and must be identity or identities", only)
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
	fmt.Println("| Resource | Seed | Requests | Faulty | Applies | Updates | Destroys | Errors on the way | Log searched | " +
		"Wall |  |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
	var failed []error
	for seed := s.first; seed < s.first+s.seeds && ctx.Err() == nil; seed++ {
		for _, inOne := range s.inOne {
			name := resourceName(inOne)
			soak := loadtest.Soak{CLI: cli, Provider: provider, Dir: filepath.Join(dir, fmt.Sprint(name, seed))}
			soak.Config.InOne = inOne
			f, err := s.soak(ctx, uint64(seed), soak)
			end := "converged"
			if err != nil {
				end = "**failed**"
				failed = append(failed, fmt.Errorf("%s, seed %d: %w", name, seed, err))
			}
			printFigures(name, seed, f, end)
		}
	}
	return errors.Join(append(failed, ctx.Err())...)
}

func resourceName(inOne bool) string {
	if inOne {
		return "ory_identities"
	}
	return "ory_identity"
}

func printFigures(name string, seed int, f loadtest.Figures, end string) {
	fmt.Printf("| `%s` | %d | %d | %d | %d | %d | %d | %d | %d MB | %s | %s |\n", name, seed, f.Counts.Requests(),
		f.Faulty(), f.Applies, f.Updates, f.Destroys, f.Errors.Total(), f.LogBytes>>20, f.Wall.Round(time.Second), end)
}

// soak runs the soak test with one seed, on its own Kratos.
func (s settings) soak(ctx context.Context, seed uint64, soak loadtest.Soak) (f loadtest.Figures, err error) {
	if soak.Server, err = kratostest.Start(ctx, kratostest.Options{}); err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, soak.Server.Stop(), os.RemoveAll(soak.Dir)) }()
	soak.Network = networksim.Network(networksim.Production)
	soak.Network.Scale, soak.Network.Seed, soak.Network.Faults = s.scale, seed, networksim.Each(s.rate)
	soak.Config.Prefix, soak.Config.Size, soak.Config.Passwords = fmt.Sprintf("soak-%d", seed), s.size, true
	soak.Say = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%s  %s, seed %d: %s\n", time.Now().Format(time.TimeOnly), resourceName(soak.Config.InOne),
			seed, fmt.Sprintf(format, args...))
	}
	f, err = soak.Run(ctx)
	for line := range strings.Lines(f.Counts.String()) {
		soak.Say("%s", strings.TrimSpace(line))
	}
	return f, err
}
