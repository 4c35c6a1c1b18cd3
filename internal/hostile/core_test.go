package hostile_test

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

type object = map[string]any

// configuration is what a user has written.
type configuration struct {
	provider  object
	resources map[string]object // by address, as the following
	data      map[string]object
	ephemeral map[string]object // opened by every walk
	actions   map[string]object // invoked at the end of every apply
	imports   map[string]string // ids
}

// result is what a user sees of a command.
type result struct {
	text   string // all diagnostics
	failed bool
	empty  bool // of a plan: nothing would change
	took   time.Duration
	panics []string
}

// terraform plans and applies configurations and keeps the state.
type terraform interface {
	plan(c configuration) result
	apply(c configuration) result
	// ids returns the id of each resource in the state, by address, and those of rows: see rowAddress.
	ids() map[string]string
	// dump returns everything that is kept or logged.
	dump() (state, log string)
}

// core is a small Terraform within this process. It makes the calls that Terraform makes, in the order in which
// Terraform makes them, at a fraction of its cost.
type core struct {
	t   *testing.T
	log *buffer

	mu    sync.Mutex
	state map[string]*instance
}

// instance is a resource in the state.
type instance struct {
	state    *tfprotov6.DynamicValue
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

func newCore(t *testing.T) *core {
	return &core{t: t, log: &buffer{}, state: map[string]*instance{}}
}

// buffer collects log lines of several goroutines, without the long lines of endless answers.
type buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *buffer) Write(line []byte) (int, error) {
	const (
		longest = 64 << 10
		most    = 16 << 20
	)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(line) > longest || b.text.Len() > most {
		return len(line), nil
	}
	return b.text.Write(line)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// walk is one walk of the graph.
type walk struct {
	*acctest.Walk
	core   *core
	ctx    context.Context
	config configuration

	mu     sync.Mutex
	result result
}

// run makes a walk.
func (c *core) run(config configuration, do func(w *walk)) result {
	began := time.Now()
	ctx := tflogtest.RootLogger(c.t.Context(), c.log)
	w := &walk{core: c, ctx: ctx, config: config}
	var err error
	if w.Walk, err = acctest.NewWalk(ctx, config.provider); err != nil {
		w.result.failed, w.result.text = true, err.Error()
	} else {
		do(w)
	}
	w.result.took = time.Since(began)
	return w.result
}

// each makes calls at the same time, as Terraform does, and keeps the panics of all.
func each[V any](w *walk, over map[string]V, call func(address string, value V)) {
	var group sync.WaitGroup
	for address, value := range over {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					w.mu.Lock()
					defer w.mu.Unlock()
					w.result.panics = append(w.result.panics, fmt.Sprintf("%s: %v\n%s", address, p, debug.Stack()))
				}
			}()
			call(address, value)
		})
	}
	group.Wait()
}

// heard notes diagnostics. It reports whether none of them is an error.
func (w *walk) heard(address string, err error, diagnostics []*tfprotov6.Diagnostic) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	ok := err == nil
	if err != nil {
		w.result.text += fmt.Sprintf("%s: %v\n", address, err)
	}
	for _, d := range diagnostics {
		w.result.text += fmt.Sprintf("%s: %s\n", address, acctest.DiagnosticText(d))
		ok = ok && d.Severity != tfprotov6.DiagnosticSeverityError
	}
	w.result.failed = w.result.failed || !ok
	return ok
}

// typeOf is the type in an address such as ory_identity.ada.
func typeOf(address string) string {
	kind, _, _ := strings.Cut(address, ".")
	return kind
}

// change is the planned change of one resource.
type change struct {
	config, prior, planned *tfprotov6.DynamicValue
	private                []byte
	identity               *tfprotov6.ResourceIdentityData
}

func (c *core) plan(config configuration) result {
	return c.run(config, func(w *walk) {
		changes := w.plan()
		w.result.empty = !w.result.failed && len(changes) == 0
	})
}

func (c *core) apply(config configuration) result {
	var changes map[string][]change
	planned := c.run(config, func(w *walk) { changes = w.plan() })
	if planned.failed {
		return planned
	}
	applied := c.run(config, func(w *walk) {
		each(w, changes, func(address string, steps []change) {
			for _, step := range steps {
				if !w.apply(address, step) {
					return
				}
			}
		})
		each(w, config.ephemeral, w.open)
		each(w, config.actions, w.invoke)
	})
	applied.text = planned.text + applied.text
	applied.took += planned.took
	applied.panics = append(planned.panics, applied.panics...)
	return applied
}

func (c *core) ids() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids := map[string]string{}
	walk, err := acctest.NewWalk(c.t.Context(), object{"admin_url": "http://127.0.0.1:9"})
	if err != nil {
		c.t.Fatal(err)
	}
	for address, instance := range c.state {
		var members map[string]tftypes.Value
		var id, rows string
		value, err := instance.state.Unmarshal(walk.Schemas.ResourceSchemas[typeOf(address)].ValueType())
		if err == nil {
			err = value.As(&members)
		}
		if err == nil {
			err = members["id"].As(&id)
		}
		if err == nil && typeOf(address) == rowsType {
			err = members["ids"].As(&rows)
		}
		if err == nil {
			err = addIDs(ids, address, id, rows)
		}
		if err != nil {
			c.t.Errorf("the state of %s: %v", address, err)
		}
	}
	return ids
}

func (c *core) dump() (state, log string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all strings.Builder
	for _, address := range slices.Sorted(maps.Keys(c.state)) {
		all.Write(c.state[address].state.MsgPack)
		all.Write(c.state[address].private)
	}
	return all.String(), c.log.String()
}

// instances returns a copy of the state.
func (c *core) instances() map[string]*instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.state)
}

// keep changes the state. It forgets a resource whose state is null.
func (w *walk) keep(address string, kept *instance) {
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	if kept.state == nil || w.isNull(address, kept.state) {
		delete(w.core.state, address)
		return
	}
	w.core.state[address] = kept
}

func (w *walk) schema(address string) *tfprotov6.Schema {
	return w.Schemas.ResourceSchemas[typeOf(address)]
}

func (w *walk) isNull(address string, value *tfprotov6.DynamicValue) bool {
	decoded, err := value.Unmarshal(w.schema(address).ValueType())
	return w.heard(address, err, nil) && decoded.IsNull()
}
