//go:build unix

package loadtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// Soak describes a soak test of the provider: it creates, changes and destroys many identities through a network with
// constant faults.
type Soak struct {
	CLI, Provider string // executables
	Dir           string // Run makes it; the caller removes it

	Server  *kratostest.Server
	Network networksim.Options // Run fills in the server's addresses
	Config  Config
	Say     func(format string, args ...any) // reports progress
}

// Figures are the results of a successful soak.
type Figures struct {
	Applies, Updates, Destroys int // how often each command ran before it succeeded
	Wall                       time.Duration
	Counts                     networksim.Counts
	Errors                     Headlines // reported before the commands succeeded
	LogBytes                   int64
}

// Faulty returns the number of requests that met a fault.
func (f Figures) Faulty() int {
	sum := 0
	for _, fault := range networksim.AllFaults {
		sum += f.Counts.Answered(string(fault))
	}
	return sum
}

// mostRuns is how often a command may run: once more than it should need.
const mostRuns = 2

// Run runs the soak test. It returns the first problem as an error: a command that fails again when repeated, a server
// that differs from the state or the configuration, an identity that can't sign in, an object left after the destroy,
// or a secret in the log.
func (s Soak) Run(ctx context.Context) (f Figures, err error) {
	s.Network.Admin, s.Network.Public = s.Server.AdminURL, s.Server.PublicURL
	network, err := networksim.Start(s.Network)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, network.Close()) }()
	runner, err := NewRunner(s.CLI, s.Dir, s.Provider, network.URL())
	if err != nil {
		return f, err
	}
	log := filepath.Join(s.Dir, "trace.log")
	runner.Env = append(runner.Env, "ORY_API_KEY="+networksim.Token)
	direct := *runner.CLI
	direct.Env = append(slices.Clip(direct.Env), "ORY_ADMIN_URL="+s.Server.AdminURL)
	runner.Env = append(slices.Clip(runner.Env), "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+log)
	f.Errors = Headlines{}
	began := time.Now()
	defer func() { f.Wall, f.Counts = time.Since(began), network.Counts() }()

	s.Config.Version = 1
	if f.Applies, err = s.until(ctx, f, "apply", runner.Apply); err == nil {
		err = s.check(ctx, &Runner{&direct})
	}
	if err != nil {
		return f, err
	}
	s.Config.Version = 2
	if f.Updates, err = s.until(ctx, f, "update", runner.Apply); err == nil {
		err = s.check(ctx, &Runner{&direct})
	}
	if err != nil {
		return f, err
	}
	if f.Destroys, err = s.until(ctx, f, "destroy", runner.Destroy); err == nil {
		err = s.checkGone(ctx, &Runner{&direct})
	}
	if err != nil {
		return f, err
	}
	f.LogBytes, err = searchLog(log, []string{networksim.Token, "canary-" + s.Config.Prefix, "$2a$", "$2b$"})
	return f, err
}

// until repeats a command until it succeeds, up to mostRuns times.
func (s Soak) until(ctx context.Context, f Figures, name string,
	run func(context.Context, Config) (Result, error),
) (runs int, err error) {
	for runs = 1; ; runs++ {
		result, err := run(ctx, s.Config)
		if err != nil {
			return runs, err
		}
		s.Say("%s %d: exit code %d after %s, %s of CPU",
			name, runs, result.ExitCode, result.Wall.Round(time.Millisecond), result.CPU.Round(time.Millisecond))
		for headline, n := range result.Errors() {
			f.Errors[headline] += n
			s.Say("  %d x %s", n, headline)
		}
		if result.ExitCode == 0 {
			return runs, nil
		}
		s.Say("%s", result.Tail())
		if runs == mostRuns {
			return runs, fmt.Errorf("%s failed %d times, the last time with\n%s", name, runs, result.Tail())
		}
	}
}

// check requires that the server, the state and the configuration agree, that a plan without faults is empty (the plan
// uses the server directly), and that every identity with a password can sign in.
func (s Soak) check(ctx context.Context, direct *Runner) error {
	onServer, err := s.Config.OnServer(ctx, s.Server.AdminURL)
	if err != nil {
		return err
	}
	inState, err := direct.InState(ctx)
	if err != nil {
		return err
	}
	if err := s.Config.Check(onServer, inState); err != nil {
		return err
	}
	plan, err := direct.Plan(ctx, s.Config)
	if err != nil {
		return err
	}
	if plan.ExitCode != 0 {
		return fmt.Errorf("the plan isn't empty:\n%s", plan.Tail())
	}
	for n := range s.Config.Size {
		if !s.Config.HasPassword(n) {
			continue
		}
		if _, err := kratostest.Login(ctx, s.Server.PublicURL, s.Config.Email(n), s.Config.Password()); err != nil {
			return fmt.Errorf("signing in as %s: %w", s.Config.Email(n), err)
		}
	}
	return nil
}

func (s Soak) checkGone(ctx context.Context, direct *Runner) error {
	onServer, err := s.Config.OnServer(ctx, s.Server.AdminURL)
	if err != nil {
		return err
	}
	inState, err := direct.InState(ctx)
	if err != nil {
		return err
	}
	if len(onServer)+len(inState) > 0 {
		return fmt.Errorf("after the destroy the server has %d identities, and the state %d", len(onServer), len(inState))
	}
	return nil
}

// searchLog fails if a log contains a secret, or isn't a log at the most verbose level.
func searchLog(path string, secrets []string) (size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	verbose := false
	for lines := bufio.NewReader(file); ; {
		line, err := lines.ReadString('\n')
		size += int64(len(line))
		verbose = verbose || strings.Contains(line, "request body")
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				return size, fmt.Errorf("the log has %q: %.300s", secret, line)
			}
		}
		switch {
		case errors.Is(err, io.EOF) && !verbose:
			return size, errors.New("the log has no request bodies: a search in it proves nothing")
		case errors.Is(err, io.EOF):
			return size, nil
		case err != nil:
			return size, err
		}
	}
}
