//go:build unix

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// place is what the provider talks to, and where Terraform keeps its state.
type place struct {
	name, title string
	options     networksim.Options
	remote      bool // the state is in an HTTP backend, not in a local file
	postgres    bool // Kratos keeps its data in a PostgreSQL, not in an SQLite file
}

// places are those that were asked for. The simulator is before Kratos in all of them: it counts. Not everybody has a
// PostgreSQL: it must be asked for by name.
func (b *bench) places() []place {
	network := networksim.Network(networksim.Production)
	network.Scale, network.Latency = b.scale, 50*time.Millisecond
	far := networksim.Options{Latency: 50 * time.Millisecond}
	all := []place{
		{"local", "Kratos", networksim.Options{}, false, false},
		{"remote", "Kratos, remote state", networksim.Options{}, true, false},
		{"latency", "Kratos 50 ms away", far, false, false},
		{"far", "Kratos 50 ms away, remote state", far, true, false},
		{"network", fmt.Sprintf("Ory Network, Production plan, 50 ms away, time x%g, remote state", b.scale), network, true, false},
		{"postgres", "Kratos on PostgreSQL, remote state", networksim.Options{}, true, true},
	}
	return slices.DeleteFunc(all, func(p place) bool { return !b.wants(p.name) || p.postgres && b.only == nil })
}

// mode is a way of configuring the provider.
type mode struct {
	name, provider string
}

var modes = []mode{
	{"on", "  batching = { enabled = true }\n"},
	{"off", "  batching = { enabled = false }\n"},
}

// chosen are the modes that were asked for.
func (b *bench) chosen() []mode {
	return slices.DeleteFunc(slices.Clone(modes), func(m mode) bool {
		return b.modes != nil && !slices.Contains(b.modes, m.name)
	})
}

// figures are those of one step in one mode.
type figures struct {
	loadtest.Result
	counts networksim.Counts
}

// row is one step at one place.
type row struct {
	place place
	step  string
	modes []sample
}

// sample is the median of what was measured in one mode.
type sample struct {
	mode
	figures
}

// step is one command.
type step struct {
	name    string
	version int // of the configuration
	run     func(*loadtest.Runner, context.Context, loadtest.Config) (loadtest.Result, error)
}

var (
	applyStep    = step{"apply", 1, (*loadtest.Runner).Apply}
	planStep     = step{"plan without changes", 1, planAt(10)}
	widePlanStep = step{"the same, `-parallelism=100`", 1, planAt(100)}
	updateStep   = step{"update of one trait each", 2, (*loadtest.Runner).Apply}
	destroyStep  = step{"destroy", 2, (*loadtest.Runner).Destroy}

	steps = []step{applyStep, planStep, widePlanStep, updateStep, destroyStep}
)

func planAt(parallelism int) func(*loadtest.Runner, context.Context, loadtest.Config) (loadtest.Result, error) {
	return func(r *loadtest.Runner, ctx context.Context, c loadtest.Config) (loadtest.Result, error) {
		return r.Plan(ctx, c, fmt.Sprintf("-parallelism=%d", parallelism))
	}
}

// measure takes all steps, as often as they are to run, and returns medians of what it could measure.
func (b *bench) measure(ctx context.Context, p place) ([]row, error) {
	modes := b.chosen()
	measured := make([][][]figures, len(steps)) // by step, mode and run
	for i := range measured {
		measured[i] = make([][]figures, len(modes))
	}
	var err error
	for run := 0; run < b.runs && err == nil; run++ {
		err = b.measureOnce(ctx, p, run, measured)
	}
	var rows []row
	for i, s := range steps {
		r := row{place: p, step: s.name}
		for m, runs := range measured[i] {
			if len(runs) > 0 {
				slices.SortFunc(runs, func(a, b figures) int { return cmp.Compare(a.Wall, b.Wall) })
				r.modes = append(r.modes, sample{modes[m], runs[len(runs)/2]})
			}
		}
		rows = append(rows, r)
	}
	return rows, err
}

// measureOnce takes every step in one mode after the other, on one Kratos, so that what else the machine does disturbs
// all alike.
func (b *bench) measureOnce(ctx context.Context, p place, run int, measured [][][]figures) (err error) {
	options, stop, err := p.startDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	server, err := kratostest.Start(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	p.options.Admin, p.options.Public = server.AdminURL, server.PublicURL
	modes := b.chosen()
	sides := make([]*side, len(modes))
	for i, m := range modes {
		if sides[i], err = b.newSide(ctx, p, m, run); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, sides[i].network.Close()) }()
	}
	for i, s := range steps {
		for n := range modes {
			m := (n + run + i) % len(modes) // each goes first in turn
			b.say("%s, run %d of %d: %s, batching %s", p.title, run+1, b.runs, s.name, modes[m].name)
			result, err := sides[m].take(ctx, s)
			if err != nil {
				return err
			}
			b.say("  %s, %d requests, exit code %d",
				result.Wall.Round(time.Millisecond), result.counts.Requests(), result.ExitCode)
			measured[i][m] = append(measured[i][m], result)
		}
	}
	return nil
}

// side is one mode at work.
type side struct {
	network *networksim.Server
	runner  *loadtest.Runner
	config  loadtest.Config
}

func (b *bench) newSide(ctx context.Context, p place, m mode, run int) (*side, error) {
	network, err := networksim.Start(p.options)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%s-%d", p.name, m.name, run)
	runner, err := loadtest.NewRunner(b.cli, b.folder(name), b.provider, network.URL())
	if err != nil {
		return nil, errors.Join(err, network.Close())
	}
	runner.Env = append(runner.Env, "ORY_API_KEY="+networksim.Token)
	people := loadtest.Config{Prefix: m.name, Size: b.size, Provider: m.provider}
	if p.remote {
		people.Backend = b.states.URL(name)
		if err := runner.Init(ctx, people); err != nil {
			return nil, errors.Join(err, network.Close())
		}
	}
	return &side{network, runner, people}, nil
}

// take measures a step. What it failed to do is then done without being measured, so that the next one has what it
// needs.
func (s *side) take(ctx context.Context, what step) (figures, error) {
	s.config.Version = what.version
	s.network.Reset()
	result, err := what.run(s.runner, ctx, s.config)
	f := figures{result, s.network.Counts()}
	const mostRepairs = 5
	for repair := 1; err == nil && result.ExitCode != 0; repair++ {
		if repair > mostRepairs {
			return f, fmt.Errorf("%s failed %d times, the last time with\n%s", what.name, repair, result.Tail())
		}
		result, err = what.run(s.runner, ctx, s.config)
	}
	return f, err
}
