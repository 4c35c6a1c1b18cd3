// Package base holds what every resource, data source and action of the provider shares: the configured connection, the
// way to get at it, and how the server's errors become diagnostics.
package base

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Data is what the provider's Configure hands to resources. Terraform plans and applies in two walks, each with a
// Configure of its own, so nothing in it outlives a walk.
type Data struct {
	// Client is nil while the provider's configuration holds values that aren't known yet.
	Client *batch.Client

	// Unknown names the provider arguments that weren't known when the provider was configured.
	Unknown []string

	// Schemas remembers the identity schemas fetched in this walk.
	Schemas *traitschema.Cache

	// SkipValidation leaves it to the server to validate traits.
	SkipValidation bool

	// Walk remembers what happened in this walk.
	Walk *Walk

	// Locks serialises the writes of one identity: the server has no optimistic locking, and concurrent writes to one
	// identity silently undo each other.
	Locks *Locks

	schemaIDs schemaIDs
}

// NewData returns the Data of one walk; client may be nil, then unknown says why.
func NewData(client *batch.Client, unknown []string) *Data {
	data := &Data{Client: client, Unknown: unknown, Walk: &Walk{}, Locks: &Locks{}}
	if client != nil {
		data.Schemas = traitschema.NewCache(client)
	}
	return data
}

// RequireClient adds an error and returns false where the provider's configuration isn't known yet.
func (d *Data) RequireClient(diags *diag.Diagnostics) bool {
	return d.requireClient("Give these arguments values that are known before the apply, or apply what they come from "+
		"first, for example with -target.", diags)
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
	return fmt.Sprintf("The provider \"ory\" can't talk to a server, because its configuration holds values that aren't "+
		"known yet: %s. ", strings.Join(d.Unknown, ", "))
}

// WarnNotRefreshed tells that an object couldn't be read because the provider's configuration isn't known yet.
func (d *Data) WarnNotRefreshed(diags *diag.Diagnostics) {
	diags.AddWarning("Not refreshed", d.whyUnknown()+
		"The plan uses what the state has, and the apply reads nothing again.")
}

// Walk remembers which objects were read since Configure. Only a plan walk reads objects before it plans them, so a
// plan that follows a read is the plan the user sees, while one without is the repetition of it during apply (or a plan
// with -refresh=false).
type Walk struct {
	read, claimed, deleted sync.Map
	declared               declarations

	mu       sync.Mutex
	mistakes map[string]int
}

// Mistake returns how often this text about a mistake has come up in this walk, this time included.
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

// WasRead says whether the object was read in this walk.
func (w *Walk) WasRead(id string) bool {
	_, ok := w.read.Load(id)
	return ok
}

// Claim takes an identity for one resource, and says whether none had it before in this walk: two resources must never
// hold the same person.
func (w *Walk) Claim(id string) bool {
	_, taken := w.claimed.LoadOrStore(id, true)
	return !taken
}

// Claimed says whether a resource has claimed the identity in this walk.
func (w *Walk) Claimed(id string) bool {
	_, taken := w.claimed.Load(id)
	return taken
}

// MarkDeleted records that the identity was deleted in this walk.
func (w *Walk) MarkDeleted(id string) { w.deleted.Store(id, true) }

// WasDeleted says whether the identity was deleted in this walk.
func (w *Walk) WasDeleted(id string) bool {
	_, ok := w.deleted.Load(id)
	return ok
}

// Locks is a set of mutexes by key; the zero value is ready to use.
type Locks struct {
	mu    sync.Mutex
	byKey map[string]*sync.Mutex
}

// Lock waits for the mutex of key and returns the function that gives it back.
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
