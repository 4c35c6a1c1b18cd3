package base

import (
	"crypto/sha256"
	"sync"
)

// Unique is something that only one identity of a server can have, such as a login identifier of one type of
// credential.
type Unique struct {
	Kind  string
	Value string
}

// Conflict tells that another resource of the walk declares the same identity.
type Conflict struct {
	// Kind is that of the Unique that both have; empty where both have the identity itself.
	Kind string

	// ID is the identity that the other resource has, empty if it is to be created.
	ID string

	// Role tells what the plan does with the other object where both have the identity itself.
	Role Role
}

// Role is what a plan does with an object that has an identity.
type Role int

const (
	// Keeps: the object stays, is updated, replaced or imported.
	Keeps Role = iota
	// Leaves: the object is to be destroyed.
	Leaves
	// Undecided: the object was read, and its plan isn't known.
	Undecided
)

// declarations are what the resources planned in a walk declare. Terraform applies only what changes, so the plan is
// where two resources with one person can be told.
type declarations struct {
	mu     sync.Mutex
	byID   map[string][]fingerprint
	owners map[fingerprint]string // the identity's id, empty for one that is to be created
	departures
}

// fingerprint stands for a Unique. A walk may have tens of thousands of them, and the provider is to stay small.
type fingerprint [16]byte

func (u Unique) fingerprint() fingerprint {
	sum := sha256.Sum256([]byte(u.Kind + "\x00" + u.Value))
	return fingerprint(sum[:16])
}

// Declare records that a resource of the plan has the identity with this id, empty for one that is to be created, and
// what that identity has for itself alone. Where another resource has declared some of it, or the identity itself, it
// records nothing and returns the conflict.
func (w *Walk) Declare(id string, uniques []Unique) *Conflict {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if conflict := d.shared(id); conflict != nil {
		return conflict
	}
	marks := make([]fingerprint, 0, len(uniques))
	for _, unique := range uniques {
		mark := unique.fingerprint()
		if owner, taken := d.owners[mark]; taken {
			return &Conflict{Kind: unique.Kind, ID: owner}
		}
		marks = append(marks, mark)
	}
	d.keep(id, marks)
	return nil
}

// shared returns the conflict with another object that has the identity itself.
func (d *declarations) shared(id string) *Conflict {
	if id == "" {
		return nil
	}
	_, twice := d.byID[id]
	switch {
	case twice:
		return &Conflict{ID: id, Role: Keeps}
	case d.leaving[id]:
		return &Conflict{ID: id, Role: Leaves}
	case d.readings[id] > 1 && d.newcomers > 0: // see Newcomer
		d.keep(id, nil) // whoever is planned next has to know
		return &Conflict{ID: id, Role: Undecided}
	}
	return nil
}

// keep records that a resource of the plan has the identity.
func (d *declarations) keep(id string, marks []fingerprint) {
	if d.owners == nil {
		d.byID, d.owners = map[string][]fingerprint{}, map[fingerprint]string{}
	}
	if id != "" {
		d.byID[id] = marks
	}
	for _, mark := range marks {
		d.owners[mark] = id
	}
}

// Withdraw takes back what was declared for an identity: its resource turned out to be replaced.
func (w *Walk) Withdraw(id string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, mark := range d.byID[id] {
		delete(d.owners, mark)
	}
	delete(d.byID, id)
}

// Declared says whether a resource that was planned in this walk has the identity. While applying, Terraform plans each
// resource that changes again.
func (w *Walk) Declared(id string) bool {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	_, found := d.byID[id]
	return found
}
