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

// comparison is a place where this provider and a rival do the same, directly on Kratos.
type comparison struct {
	name, title string
	remote      bool // the state is in an HTTP backend, not in a local file
	inOne       bool // one ory_identities beside one ory_identity each, rather than this provider beside the plain one
	steps       []step
}

// With a local state and one instance each, Terraform writes the whole state after each instance, and a run takes
// minutes: it has the steps that a first user sees.
var comparisons = []comparison{
	{name: "plain", title: "remote", remote: true, steps: []step{applyStep, planStep, updateStep, destroyStep}},
	{name: "plain-local", title: "local file", steps: []step{applyStep, planStep}},
	{name: "identities-local", title: "local file", inOne: true, steps: []step{applyStep, planStep}},
}

func (b *bench) sizeOf(c comparison) int {
	if c.inOne {
		return b.size
	}
	return b.comparedSize
}

func (b *bench) runsOf(c comparison) int {
	if c.inOne {
		return b.runs
	}
	return b.comparedRuns
}

// pair has our value and that of the rival.
type pair[T cmp.Ordered] struct{ ours, rival T }

// compared is what one step took in each run.
type compared struct {
	comparison
	step      string
	wall, cpu []pair[time.Duration]
	state     pair[int] // bytes per instance after the step, in the last run
}

// compare takes all steps with both in turn, as often as they are to run.
func (b *bench) compare(ctx context.Context, c comparison) ([]compared, error) {
	rows := make([]compared, len(c.steps))
	for i, s := range c.steps {
		rows[i] = compared{comparison: c, step: s.name}
	}
	for run := range b.runsOf(c) {
		if err := b.compareOnce(ctx, c, run, rows); err != nil {
			return slices.DeleteFunc(rows, func(r compared) bool { return len(r.wall) == 0 }), err
		}
	}
	return rows, nil
}

// compareOnce takes each step with one of the two right after the other. Each has a Kratos of its own, because a delete
// takes longer the more identities the database has. The one that goes first changes from run to run.
func (b *bench) compareOnce(ctx context.Context, c comparison, run int, rows []compared) (err error) {
	name := fmt.Sprintf("%s-%d", c.name, run)
	ours, err := b.newContender(ctx, c, "ours-"+name, b.provider)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.server.Stop()) }()
	rivalProvider := b.plain
	if c.inOne {
		rivalProvider = b.provider
	}
	rival, err := b.newContender(ctx, c, "theirs-"+name, rivalProvider)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rival.server.Stop()) }()
	ours.config.InOne, rival.config.TraitsAsJSON = c.inOne, !c.inOne
	for i, s := range c.steps {
		var our, their loadtest.Result
		take := func(who string, by *contender, into *loadtest.Result) {
			if err == nil {
				*into, err = by.take(ctx, s)
				b.say("%s, run %d of %d: %s, %s: %s, %s of CPU", c.name, run+1, b.runsOf(c), s.name, who,
					into.Wall.Round(time.Millisecond), into.CPU.Round(time.Millisecond))
			}
		}
		if run%2 == 0 {
			take("ours", ours, &our)
			take("rival", rival, &their)
		} else {
			take("rival", rival, &their)
			take("ours", ours, &our)
		}
		if err != nil {
			return err
		}
		rows[i].wall = append(rows[i].wall, pair[time.Duration]{our.Wall, their.Wall})
		rows[i].cpu = append(rows[i].cpu, pair[time.Duration]{our.CPU, their.CPU})
		rows[i].state = pair[int]{ours.stateSize() / ours.config.Size, rival.stateSize() / rival.config.Size}
	}
	return nil
}

// contender is one of the two at work.
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
	contender := &contender{server: server, runner: runner, config: loadtest.Config{Prefix: name, Size: b.sizeOf(c)}}
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
