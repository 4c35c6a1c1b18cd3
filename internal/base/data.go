// Package base holds what every resource, data source and action of the provider shares: the configured connection,
// access to it, and the conversion of the server's errors to diagnostics.
package base

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Data is what the provider's Configure passes to resources. Terraform plans and applies in two walks and calls
// Configure in each walk, so Data doesn't outlive a walk.
type Data struct {
	// Client is nil while the provider's configuration holds values that aren't known yet.
	Client *batch.Client

	// Unknown names the provider arguments that weren't known when the provider was configured.
	Unknown []string

	// Schemas remembers the identity schemas fetched in this walk.
	Schemas *traitschema.Cache

	// SkipValidation leaves the validation of traits to the server.
	SkipValidation bool

	// Walk records what happened in this walk.
	Walk *Walk

	// Locks serialises the writes of one identity: the server has no optimistic locking, and concurrent writes to one
	// identity silently undo each other.
	Locks *Locks

	// Facts remembers what the server can do.
	Facts Facts

	schemaIDs schemaIDs
}

// NewData returns the Data of one walk. If client is nil, unknown names the arguments that aren't known yet.
func NewData(client *batch.Client, unknown []string) *Data {
	data := &Data{Client: client, Unknown: unknown, Walk: &Walk{}, Locks: &Locks{}}
	if client != nil {
		data.Schemas = traitschema.NewCache(client)
	}
	return data
}

// RequireClient adds an error and returns false if the provider's configuration isn't known yet.
func (d *Data) RequireClient(diags *diag.Diagnostics) bool {
	return d.requireClient("Give these arguments values that are known before the apply. Or apply the resources that "+
		"the values come from first, for example with -target.", diags)
}

func (d *Data) requireClient(advice string, diags *diag.Diagnostics) bool {
	if d != nil && d.Client != nil {
		return true
	}
	diags.AddError("Provider not configured", d.whyUnknown()+advice)
	return false
}

func (d *Data) whyUnknown() string {
	if d == nil || len(d.Unknown) == 0 {
		return "The provider \"ory\" was not configured. "
	}
	return fmt.Sprintf("The provider \"ory\" cannot connect to a server, because these arguments of its configuration "+
		"are not known yet: %s. ", strings.Join(d.Unknown, ", "))
}

// WarnNotRefreshed warns that an object couldn't be read because the provider's configuration isn't known yet.
func (d *Data) WarnNotRefreshed(diags *diag.Diagnostics) {
	diags.AddWarning("Identities not refreshed", d.whyUnknown()+
		"The plan uses the values in the state, and the apply does not read them again.")
}

// Walk records which objects were read since Configure. Only a plan walk reads an object before it plans the object. A
// plan after a read is therefore the plan that the user sees. A plan without a read is Terraform's repeated plan during
// the apply, or a plan with -refresh=false.
type Walk struct {
	read, claimed, deleted sync.Map
	declared               declarations
	keys                   keyring

	mu       sync.Mutex
	mistakes map[string]int
}

// Mistake returns how often this text about a mistake has come up in this walk, including this time.
func (w *Walk) Mistake(text string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mistakes == nil {
		w.mistakes = map[string]int{}
	}
	w.mistakes[text]++
	return w.mistakes[text]
}

// MarkRead records that the object was read in this walk.
func (w *Walk) MarkRead(id string) { w.read.Store(id, true) }

// WasRead reports whether the object was read in this walk.
func (w *Walk) WasRead(id string) bool {
	_, ok := w.read.Load(id)
	return ok
}

// Claim claims an identity for one resource. It reports whether the identity was unclaimed in this walk: two resources
// must never manage the same identity.
func (w *Walk) Claim(id string) bool {
	_, taken := w.claimed.LoadOrStore(id, true)
	return !taken
}

// Claimed reports whether a resource has claimed the identity in this walk.
func (w *Walk) Claimed(id string) bool {
	_, taken := w.claimed.Load(id)
	return taken
}

// MarkDeleted records that the identity was deleted in this walk.
func (w *Walk) MarkDeleted(id string) { w.deleted.Store(id, true) }

// WasDeleted reports whether the identity was deleted in this walk.
func (w *Walk) WasDeleted(id string) bool {
	_, ok := w.deleted.Load(id)
	return ok
}

// Locks is a set of mutexes by key. The zero value is ready to use.
type Locks struct {
	mu    sync.Mutex
	byKey map[string]*sync.Mutex
}

// Lock waits for the mutex of key and returns the function that unlocks it.
func (l *Locks) Lock(key string) (unlock func()) {
	l.mu.Lock()
	if l.byKey == nil {
		l.byKey = map[string]*sync.Mutex{}
	}
	mutex, ok := l.byKey[key]
	if !ok {
		mutex = &sync.Mutex{}
		l.byKey[key] = mutex
	}
	l.mu.Unlock()
	mutex.Lock()
	return mutex.Unlock
}
