package base

import (
	"context"
	"time"
)

const (
	// quiet is how long nothing must be read or planned before a destroy plan takes it that no other resource of the plan
	// is about to ask for the identity.
	quiet = 250 * time.Millisecond

	// longestWait bounds how long all destroy plans of a walk wait.
	longestWait = 2 * time.Second

	// lookAgain is how often what waits looks what happened meanwhile.
	lookAgain = 20 * time.Millisecond
)

// departures are what the walk knows of the objects that go, and of the new resources that could be the same persons.
type departures struct {
	leaving   map[string]bool        // ids whose objects are to be destroyed
	leavers   map[fingerprint]string // the id of the object that goes, by what its identity has for itself
	arriving  map[fingerprint]bool   // what a new resource will have for itself, and whether that resource adopts
	newcomers int                    // resources that were planned as new
	readings  map[string]int         // how many objects of the state were read, by the id of their identity
	verdicts  map[string]verdict     // on the objects whose destroy was planned while nobody could know
	calls     int                    // reads and plans under way
	waiting   int                    // destroy plans that wait
	last      time.Time              // when the last of the calls began or ended
	deadline  time.Time              // when destroy plans stop waiting
}

// Departure is what the walk knows of an identity whose object is to be destroyed.
type Departure struct {
	// Kept tells that another resource of the plan has the same identity.
	Kept bool

	// Successor tells that a new resource of the plan will have something of Kind that the identity has for itself, and
	// Adopts whether that resource takes over who has it.
	Successor, Adopts bool
	Kind              string

	// Unsure tells that the destroy has to wait for the verdict of another one.
	Unsure bool

	// Verdicts are on the identities whose destroys are unsure.
	Verdicts Verdicts
}

// Leaver is an identity that goes while a new resource asks for something of Kind that the identity has for itself.
type Leaver struct {
	ID, Kind string

	// Spared tells that the destroy does nothing to the identity if the new resource adopts.
	Spared bool
}

// Begin records that a read or a plan of a resource begins. The caller must call the function that it returns when that
// ends.
func (w *Walk) Begin() (end func()) {
	d := &w.declared
	count := func(n int) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.calls += n
		d.last = time.Now()
	}
	count(1)
	return func() { count(-1) }
}

// ReadIdentity records that an object of the state with this identity was read.
func (w *Walk) ReadIdentity(id string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.readings == nil {
		d.readings = map[string]int{}
	}
	d.readings[id]++
}

// Newcomer records that a resource is planned as new. It returns an identity that one object keeps and that was read for
// two objects, empty for none: the new resource may be the second object. Terraform plans a tainted object as new, without
// its state and private state, and then deletes its identity; only the read of the object shows the id. Without a new
// resource, a second read is no reason to refuse: OpenTofu reads objects that it will only forget.
func (w *Walk) Newcomer() (shared string) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	d.newcomers++
	for id, count := range d.readings {
		if _, kept := d.byID[id]; kept && count > 1 {
			return id
		}
	}
	return ""
}

// Arrive records what a new resource will have for itself, and whether it takes over who has that. It returns an
// identity that goes and has some of it.
func (w *Walk) Arrive(uniques []Unique, adopts bool) *Leaver {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.arriving == nil {
		d.arriving = map[fingerprint]bool{}
	}
	var found *Leaver
	for _, unique := range uniques {
		mark := unique.fingerprint()
		d.arriving[mark] = adopts
		if id, ok := d.leavers[mark]; ok && found == nil {
			found = &Leaver{ID: id, Kind: unique.Kind, Spared: adopts && d.spare(id)}
		}
	}
	return found
}

// Depart records that the object with this identity is to be destroyed, and tells what else the plan has to do with
// that identity. Terraform plans in any order, so Depart waits a moment for what is planned at the same time.
func (w *Walk) Depart(ctx context.Context, id string, uniques []Unique) Departure {
	w.countWaiting(1)
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		departure, settled := w.depart(id, uniques)
		if settled {
			return departure
		}
		select {
		case <-ctx.Done(): // nothing is applied of a plan that was stopped
			w.countWaiting(-1)
			return departure
		case <-ticker.C:
		}
	}
}

func (w *Walk) countWaiting(n int) {
	w.declared.mu.Lock()
	defer w.declared.mu.Unlock()
	w.declared.waiting += n
}

// depart does what Depart does without waiting. It tells whether the answer is final, and records the departure only
// then: who is planned during the wait doesn't have to know.
func (w *Walk) depart(id string, uniques []Unique) (departure Departure, settled bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.deadline.IsZero() {
		d.deadline, d.last = now.Add(longestWait), now
	}
	departure = d.departure(id, uniques)
	isQuiet := d.calls == 0 && now.Sub(d.last) >= quiet
	isOver := isQuiet || now.After(d.deadline)
	switch {
	case departure.Kept || len(uniques) == 0:
		settled = true
	case departure.Successor:
		settled = isOver || !d.hasOpen()
	case isQuiet && d.waiting >= crowd && len(d.verdicts) < mostUnsure:
		settled, departure.Unsure = true, true
		d.last = now // the others wait for what is planned in its place
	default:
		settled = isOver
	}
	if settled {
		d.waiting--
		d.leave(id, uniques, departure.Unsure)
		departure.Verdicts = d.decide(isOver && !departure.Unsure)
	}
	return departure, settled
}

// departure looks up what else the plan has to do with the identity.
func (d *declarations) departure(id string, uniques []Unique) Departure {
	if _, kept := d.byID[id]; kept {
		return Departure{Kept: true}
	}
	var found Departure
	for _, unique := range uniques {
		if adopts, ok := d.arriving[unique.fingerprint()]; ok && (!found.Successor || adopts) {
			found = Departure{Successor: true, Adopts: adopts, Kind: unique.Kind}
		}
	}
	// Two objects of the state with one identity were read, and what replaces the one adopts: the other is a deposed
	// object, or another resource with the same identity.
	if found.Adopts && d.readings[id] > 1 {
		return Departure{Kept: true}
	}
	return found
}

// leave records that the object of the identity goes.
func (d *declarations) leave(id string, uniques []Unique, unsure bool) {
	if d.leaving == nil {
		d.leaving, d.leavers = map[string]bool{}, map[fingerprint]string{}
	}
	d.leaving[id] = true
	for _, unique := range uniques {
		d.leavers[unique.fingerprint()] = id
	}
	if unsure {
		d.judge([]string{id}, open)
	}
}

// HasAdopter tells whether a new resource of the walk takes over who has one of these.
func (w *Walk) HasAdopter(uniques []Unique) bool {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, unique := range uniques {
		if d.arriving[unique.fingerprint()] {
			return true
		}
	}
	return false
}
