package base

import (
	"crypto/sha256"
	"sync"
)

// Unique is a value that only one identity of a server can have, such as a login identifier of one type of credential.
type Unique struct {
	Kind  string
	Value string
}

// Conflict reports that another resource of the walk declares the same identity or the same unique value.
type Conflict struct {
	// Kind is the Kind of the Unique that both resources declare. It is empty if both declare the identity itself.
	Kind string

	// ID is the id of the other resource's identity. It is empty if that identity is to be created.
	ID string

	// Role is what the plan does with the other object, if both resources declare the identity itself.
	Role Role
}

// Role is what a plan does with an object that has an identity.
type Role int

const (
	// Keeps means that the object is kept, updated, replaced or imported.
	Keeps Role = iota
	// Leaves means that the object is to be destroyed.
	Leaves
	// Undecided means that the object was read and that its plan isn't known.
	Undecided
)

// declarations records what the resources planned in a walk declare. An apply plans only the resources that change, so
// only the plan can detect two resources for one identity.
type declarations struct {
	mu     sync.Mutex
	byID   map[string][]fingerprint
	owners map[fingerprint]string // by unique value: the identity's id, empty for an identity that is to be created

	held     map[string][]fingerprint // by id of the identity: unique values before the plan
	holders  map[fingerprint]string   // the same by unique value
	replaced map[fingerprint]string   // by unique value: the identity whose object is to be replaced

	remaining map[fingerprint]string // by unique value: the identity that stays although its object is to be destroyed
	wanted    map[fingerprint]string // by unique value: the identity that gets it, empty for one that is to be created
	departures
}

// fingerprint is a hash of a Unique. A walk may have tens of thousands of them, and the hash saves memory.
type fingerprint [16]byte

func (u Unique) fingerprint() fingerprint {
	sum := sha256.Sum256([]byte(u.Kind + "\x00" + u.Value))
	return fingerprint(sum[:16])
}

// Declare records that a planned resource has the identity with this id and these unique values. The id is empty for an
// identity that is to be created. If another resource has declared one of the unique values, or the identity itself,
// Declare records nothing and returns the conflict.
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

// shared returns the conflict with another object of the same identity.
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

// keep records that a planned resource has the identity.
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

// Hold records the unique values that the identity of an existing resource has before the plan. It returns the kind of
// one for which a new resource of the walk adopts.
func (w *Walk) Hold(id string, uniques []Unique) (kind string, adopted bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil {
		d.held, d.holders = map[string][]fingerprint{}, map[fingerprint]string{}
	}
	for _, unique := range uniques {
		mark := unique.fingerprint()
		d.held[id], d.holders[mark] = append(d.held[id], mark), id
		if d.arriving[mark] && !adopted {
			kind, adopted = unique.Kind, true
		}
	}
	return kind, adopted
}

// Holder returns an identity, other than own, that a resource of the walk keeps and that has one of the unique values.
func (w *Walk) Holder(own string, uniques []Unique) (id, kind string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, unique := range uniques {
		holder, ok := d.holders[unique.fingerprint()]
		if _, kept := d.byID[holder]; ok && kept && holder != own {
			return holder, unique.Kind
		}
	}
	return "", ""
}

// Withdraw removes the declarations of an identity, because its resource is to be replaced. It reports whether another
// new resource adopts the identity that has one of its unique values.
func (w *Walk) Withdraw(id string) (adopted bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.replaced == nil {
		d.replaced = map[fingerprint]string{}
	}
	for _, mark := range d.byID[id] {
		delete(d.owners, mark)
	}
	for _, mark := range append(d.byID[id], d.held[id]...) {
		d.replaced[mark] = id
		adopted = adopted || d.arriving[mark]
	}
	delete(d.byID, id)
	return adopted
}

// Declared reports whether a resource that was planned in this walk has the identity. During the apply, Terraform plans
// each resource that changes again.
func (w *Walk) Declared(id string) bool {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	_, found := d.byID[id]
	return found
}

// Has reports whether a resource of this walk has the identity, claimed or planned.
func (w *Walk) Has(id string) bool { return w.Claimed(id) || w.Declared(id) }
