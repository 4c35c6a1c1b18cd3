//go:build unix

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
)

// comparison is a place where both providers do the same, directly on Kratos.
type comparison struct {
	name, title string
	remote      bool // the state is in an HTTP backend, not in a local file
}

var comparisons = []comparison{
	{"plain", "remote", true},
	{"plain-local", "local file", false},
}

// comparedSteps are those of both providers.
var comparedSteps = []step{applyStep, planStep, updateStep, destroyStep}

// pair has the value of this provider and that of the plain one.
type pair[T cmp.Ordered] struct{ ours, plain T }

// compared is what one step took in each run.
type compared struct {
	comparison
	step      string
	wall, cpu []pair[time.Duration]
	state     pair[int] // bytes per instance after the step, in the last run
}

// compare takes all steps with both providers in turn, as often as they are to run.
func (b *bench) compare(ctx context.Context, c comparison) ([]compared, error) {
	rows := make([]compared, len(comparedSteps))
	for i, s := range comparedSteps {
		rows[i] = compared{comparison: c, step: s.name}
	}
	for run := range b.comparedRuns {
		if err := b.compareOnce(ctx, c, run, rows); err != nil {
			return slices.DeleteFunc(rows, func(r compared) bool { return len(r.wall) == 0 }), err
		}
	}
	return rows, nil
}

// compareOnce takes each step with one provider right after the other. Each provider has a Kratos of its own, because a
// delete takes longer the more identities the database has. The provider that goes first changes from run to run.
func (b *bench) compareOnce(ctx context.Context, c comparison, run int, rows []compared) (err error) {
	name := fmt.Sprintf("%s-%d", c.name, run)
	ours, err := b.newContender(ctx, c, "ours-"+name, b.provider)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.server.Stop()) }()
	plain, err := b.newContender(ctx, c, "theirs-"+name, b.plain)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plain.server.Stop()) }()
	plain.config.TraitsAsJSON = true
	for i, s := range comparedSteps {
		var our, their loadtest.Result
		take := func(who string, by *contender, into *loadtest.Result) {
			if err == nil {
				*into, err = by.take(ctx, s)
				b.say("%s state, run %d of %d: %s, %s provider: %s, %s of CPU", c.title, run+1, b.comparedRuns, s.name, who,
					into.Wall.Round(time.Millisecond), into.CPU.Round(time.Millisecond))
			}
		}
		if run%2 == 0 {
			take("this", ours, &our)
			take("plain", plain, &their)
		} else {
			take("plain", plain, &their)
			take("this", ours, &our)
		}
		if err != nil {
			return err
		}
		rows[i].wall = append(rows[i].wall, pair[time.Duration]{our.Wall, their.Wall})
		rows[i].cpu = append(rows[i].cpu, pair[time.Duration]{our.CPU, their.CPU})
		rows[i].state = pair[int]{ours.stateSize() / b.comparedSize, plain.stateSize() / b.comparedSize}
	}
	return nil
}

// contender is one of the two providers at work.
type contender struct {
	server    *kratostest.Server
	runner    *loadtest.Runner
	config    loadtest.Config
	stateSize func() int
}

func (b *bench) newContender(ctx context.Context, c comparison, name, provider string) (*contender, error) {
	server, err := kratostest.Start(ctx, kratostest.Options{})
	if err != nil {
		return nil, err
	}
	runner, err := loadtest.NewRunner(b.cli, b.folder(name), provider, server.AdminURL)
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	contender := &contender{server: server, runner: runner, config: loadtest.Config{Prefix: name, Size: b.comparedSize}}
	contender.stateSize = func() int {
		file, err := os.Stat(filepath.Join(runner.Dir, "terraform.tfstate"))
		if err != nil {
			return 0
		}
		return int(file.Size())
	}
	if c.remote {
		contender.stateSize = func() int { return b.states.Size(name) }
		contender.config.Backend = b.states.URL(name)
		if err := runner.Init(ctx, contender.config); err != nil {
			return nil, errors.Join(err, server.Stop())
		}
	}
	return contender, nil
}

// take measures a step, which must succeed.
func (c *contender) take(ctx context.Context, s step) (loadtest.Result, error) {
	c.config.Version = s.version
	result, err := s.run(c.runner, ctx, c.config)
	if err == nil && result.ExitCode != 0 {
		err = fmt.Errorf("%s failed:\n%s", s.name, result.Tail())
	}
	return result, err
}

// medianOf is the median of what a function makes of each value.
func medianOf[T any, R cmp.Ordered](values []T, of func(T) R) R {
	all := make([]R, 0, len(values))
	for _, value := range values {
		all = append(all, of(value))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
