package base

import (
	"slices"
	"sync"
)

// Key names a part of an identity that one object can own: a top-level key of its metadata, or the metadata as a whole.
type Key struct {
	// Member is the member of the identity, such as "metadata_public".
	Member string

	// Name is the top-level key of the member.
	Name string

	// Whole means the member with all its keys. Name is empty then.
	Whole bool
}

func (k Key) overlaps(other Key) bool {
	return k.Member == other.Member && (k.Whole || other.Whole || k.Name == other.Name)
}

// KeyConflict reports that another object owns a key, too.
type KeyConflict struct {
	// Key is the key of the object for which the conflict is reported.
	Key Key

	// Owner is the resource type of the other object.
	Owner string

	// Role is what the plan does with the other object, Keeps or Leaves.
	Role Role
}

// keyOwner records that one object of the walk keeps a key or gives it up.
type keyOwner struct {
	key   Key
	owner string // the resource type of the object
	role  Role   // Keeps or Leaves
	held  bool   // the object had the key before this plan
}

// keyring records which objects of the walk own which keys of which identities. Like [declarations], it has all objects
// of a plan, and only the changing objects of an apply.
type keyring struct {
	mu   sync.Mutex
	byID map[string][]keyOwner
}

// DeclareKeys records that an object of this resource type keeps or takes these keys of an identity. held are the keys
// that the object has in the state. If another object keeps one of the keys, or is to be destroyed and would remove a
// key that this object holds, DeclareKeys returns the conflict.
func (w *Walk) DeclareKeys(id, owner string, keys, held []Key) *KeyConflict {
	r := &w.keys
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *KeyConflict
	for _, key := range keys {
		holds := slices.ContainsFunc(held, key.overlaps)
		clashes := func(o keyOwner) bool { return o.role == Keeps || holds }
		if other := r.find(id, key, clashes); other != nil && found == nil {
			found = &KeyConflict{Key: key, Owner: other.owner, Role: other.role}
		}
		r.add(id, keyOwner{key: key, owner: owner, role: Keeps, held: holds})
	}
	return found
}

// LeaveKeys records that an object that has these keys of an identity is to be destroyed. It returns a conflict if
// another object of the state keeps one of the keys: the destroy would remove it. An object that takes the key in this
// plan is no conflict, because the destroy leaves the key to that object: see KeepsKey.
func (w *Walk) LeaveKeys(id, owner string, keys []Key) *KeyConflict {
	r := &w.keys
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *KeyConflict
	holds := func(o keyOwner) bool { return o.role == Keeps && o.held }
	for _, key := range keys {
		if other := r.find(id, key, holds); other != nil && found == nil {
			found = &KeyConflict{Key: key, Owner: other.owner, Role: other.role}
		}
		r.add(id, keyOwner{key: key, owner: owner, role: Leaves, held: true})
	}
	return found
}

// WithdrawKeys removes the declarations of an object that is to be replaced. Terraform plans this object first as
// existing and then as new.
func (w *Walk) WithdrawKeys(id, owner string, keys []Key) {
	r := &w.keys
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range keys {
		i := slices.IndexFunc(r.byID[id], func(o keyOwner) bool {
			return o.key == key && o.owner == owner && o.role == Keeps
		})
		if i >= 0 {
			r.byID[id] = slices.Delete(r.byID[id], i, i+1)
		}
	}
}

// KeepsKey reports whether an object that was planned in this walk keeps or takes the key. An object that gives the key
// up must not remove it then.
func (w *Walk) KeepsKey(id string, key Key) bool {
	r := &w.keys
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.find(id, key, func(o keyOwner) bool { return o.role == Keeps }) != nil
}

// find returns a matching owner of an overlapping key. The caller must hold the lock.
func (r *keyring) find(id string, key Key, matches func(keyOwner) bool) *keyOwner {
	for i, o := range r.byID[id] {
		if o.key.overlaps(key) && matches(o) {
			return &r.byID[id][i]
		}
	}
	return nil
}

// add records an owner. The caller must hold the lock.
func (r *keyring) add(id string, o keyOwner) {
	if r.byID == nil {
		r.byID = map[string][]keyOwner{}
	}
	r.byID[id] = append(r.byID[id], o)
}
