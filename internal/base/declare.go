package base

import "sync"

// Unique is something that only one identity of a server can have, such as a login identifier of one type of credential.
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
}

// declarations are what the resources planned in a walk declare. Terraform applies only what changes, so the plan is where two
// resources with one person can be told.
type declarations struct {
	mu     sync.Mutex
	byID   map[string][]Unique
	owners map[Unique]string // the identity's id, empty for one that is to be created
}

// Declare records that a resource of the plan has the identity with this id, empty for one that is to be created, and what that
// identity has for itself alone. Where another resource has declared some of it, or the identity itself, it records nothing and
// returns the conflict.
func (w *Walk) Declare(id string, uniques []Unique) *Conflict {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, twice := d.byID[id]; twice && id != "" {
		return &Conflict{ID: id}
	}
	for _, unique := range uniques {
		if owner, taken := d.owners[unique]; taken {
			return &Conflict{Kind: unique.Kind, ID: owner}
		}
	}
	if d.owners == nil {
		d.byID, d.owners = map[string][]Unique{}, map[Unique]string{}
	}
	if id != "" {
		d.byID[id] = uniques
	}
	for _, unique := range uniques {
		d.owners[unique] = id
	}
	return nil
}

// Withdraw takes back what was declared for an identity: its resource turned out to be replaced.
func (w *Walk) Withdraw(id string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, unique := range d.byID[id] {
		delete(d.owners, unique)
	}
	delete(d.byID, id)
}
