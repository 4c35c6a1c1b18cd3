//go:build unix

// Command bench measures the provider on many identities and prints Markdown tables. With and without batching, it
// measures the time of apply, plan, update and destroy, their requests, and the memory of the provider. Compared with a
// plain provider (see the folder plain), and for one ory_identities compared with one ory_identity each, it measures the
// time and CPU time of each step and the size of the state.
//
// The environment sets N (identities; 1000, and 500 beside the plain provider), M (identities of the memory rows,
// 10000; 0 leaves them out), B (people in one resource, 10000), P (identities of the rows with passwords, 200; 0 leaves
// them out), RUNS (1, and 3 beside the plain provider; the tables have medians), SCALE (of the simulator's time, 10),
// ONLY (a comma list of local, remote, latency, far, network, postgres, plain, plain-local, identities,
// identities-local, passwords, memory; all but postgres), MODES (a comma list of on, off; both), TIMEOUT (of everything,
// 4h), and TF_ACC_TERRAFORM_PATH and KRATOS_BINARY as for the tests.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the values of the environment variables.
type settings struct {
	size, memorySize, passwords, runs int
	bulkSize                          int // people in one resource
	comparedSize, comparedRuns        int // beside the plain provider
	scale                             float64
	only, modes                       []string // nil for all
	timeout                           time.Duration
}

func readSettings() (settings, error) {
	var env loadtest.Settings
	s := settings{
		size:         env.Int("N", 1000, 1),
		memorySize:   env.Int("M", 10000, 0),
		passwords:    env.Int("P", 200, 0),
		bulkSize:     env.Int("B", 10000, 1),
		runs:         env.Int("RUNS", 1, 1),
		comparedSize: env.Int("N", 500, 1),
		comparedRuns: env.Int("RUNS", 3, 1),
		scale:        env.Float("SCALE", 10, 1),
		timeout:      env.Duration("TIMEOUT", 4*time.Hour),
	}
	s.only, s.modes = list("ONLY"), list("MODES")
	return s, env.Err()
}

// list reads a list with commas, nil if the variable is not set.
func list(name string) []string {
	if value := os.Getenv(name); value != "" {
		return strings.Split(value, ",")
	}
	return nil
}

// wants reports whether a measurement was requested.
func (s settings) wants(name string) bool {
	return s.only == nil || slices.Contains(s.only, name)
}

// bench has the data that all measurements share.
type bench struct {
	settings
	machine
	dir     string // everything that is written
	states  *loadtest.StateServer
	started time.Time
}

// run measures and prints. It always cleans up.
func run(ctx context.Context) (err error) {
	s, err := readSettings()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	dir, err := os.MkdirTemp("", "ory-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{settings: s, dir: dir, started: time.Now()}
	b.say("building the provider, and Kratos and Terraform if they aren't there")
	if b.machine, err = prepare(ctx); err != nil {
		return err
	}
	if b.states, err = loadtest.StartStateServer(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.states.Close()) }()
	return b.measureAll(ctx)
}

func (b *bench) measureAll(ctx context.Context) (err error) {
	var t tables
	defer func() { b.print(os.Stdout, t) }() // what there is, also after an error
	for _, p := range b.places() {
		measured, err := b.measure(ctx, p)
		t.rows = append(t.rows, measured...)
		if err != nil {
			return err
		}
	}
	for _, c := range comparisons {
		if !b.wants(c.name) {
			continue
		}
		measured, err := b.compare(ctx, c)
		t.compared = append(t.compared, measured...)
		if err != nil {
			return err
		}
	}
	if b.wants("identities") {
		if t.bulk, err = b.measureBulk(ctx); err != nil {
			return err
		}
	}
	if b.passwords > 0 && b.wants("passwords") {
		if t.passwords, err = b.measurePasswords(ctx); err != nil {
			return err
		}
	}
	if b.memorySize > 0 && b.wants("memory") {
		t.memory, err = b.measureMemory(ctx)
	}
	return err
}

// say prints progress.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%6s  %s\n", time.Since(b.started).Round(time.Second), fmt.Sprintf(format, args...))
}

// folder returns a path for a runner's folder.
func (b *bench) folder(parts ...string) string {
	return filepath.Join(b.dir, strings.Join(parts, "-"))
}
