package base

import (
	"context"
	"time"
)

const (
	// quiet is how long the walk must go without a read or a plan before a destroy plan concludes that no other
	// resource of the plan will ask for the identity.
	quiet = 250 * time.Millisecond

	// quietCrowd is how long a crowd must go without a read or a plan before one of its destroy plans ends.
	quietCrowd = 50 * time.Millisecond

	// longestWait bounds how long all destroy plans of a walk wait after the latest new resource that adopts.
	longestWait = 2 * time.Second

	// lookAgain is the interval at which a waiting call checks what happened meanwhile.
	lookAgain = 20 * time.Millisecond
)

// departures records the objects of the walk that are to be destroyed, and the new resources that could have the same
// identities.
type departures struct {
	leaving   map[string]bool        // ids whose objects are to be destroyed
	leavers   map[fingerprint]string // by unique value: the id of the identity whose object is to be destroyed
	arriving  map[fingerprint]bool   // by unique value of a new resource: whether that resource adopts
	adopters  int                    // new resources that adopt
	newcomers int                    // resources that were planned as new
	readings  map[string]int         // by id of the identity: how many objects of the state were read
	verdicts  map[string]verdict     // by id of the identity: the verdict on an unsure destroy
	undecided map[string]bool        // ids of the identities whose destroys ended without a verdict
	awaiting  int                    // destroys of the apply that wait for a verdict
	calls     int                    // reads and plans under way
	waiting   int                    // destroy plans that wait
	last      time.Time              // when the latest call began or ended
	deadline  time.Time              // when destroy plans stop waiting
}

// Departure is what the walk knows about an identity whose object is to be destroyed.
type Departure struct {
	// Kept reports that another resource of the plan has the same identity.
	Kept bool

	// Successor reports that a new resource of the plan will have a unique value of this Kind that the identity has.
	// Adopts reports whether that resource adopts the identity that has the value.
	Successor, Adopts bool
	Kind              string

	// Unsure reports that the destroy has to wait for the verdict of another destroy.
	Unsure bool

	// Verdicts are the verdicts on the identities whose destroys are unsure.
	Verdicts Verdicts
}

// Leaver is an identity whose object is to be destroyed while a new resource asks for a unique value of this Kind that
// the identity has.
type Leaver struct {
	ID, Kind string

	// Replaced reports that the object is to be replaced.
	Replaced bool

	// Spared reports that the destroy leaves the identity on the server if the new resource adopts.
	Spared bool
}

// Begin records that a read or a plan of a resource begins. The caller must call the returned function when the read or
// the plan ends.
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

// Newcomer records that a resource is planned as new. It returns an identity that one object keeps and that was read
// for two objects, empty for none: the new resource may be the second object. Terraform plans a tainted object as new,
// without its state and private state, and then deletes its identity; only the read of the object shows the id. Without
// a new resource, a second read is no reason to refuse: OpenTofu reads objects that it will only forget.
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

// Arrive records the unique values of a new resource, and whether the resource adopts. It returns an identity that has
// one of the values and whose object is to be destroyed, or nil. For a resource that adopts, it also returns an
// identity whose object is to be replaced, unless this resource is the replacement: then own is the id of the identity.
func (w *Walk) Arrive(own string, uniques []Unique, adopts bool) *Leaver {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.arriving == nil {
		d.arriving = map[fingerprint]bool{}
	}
	if adopts {
		d.adopters++
		if !d.deadline.IsZero() {
			d.deadline = time.Now().Add(longestWait)
		}
	}
	var found *Leaver
	for _, unique := range uniques {
		mark := unique.fingerprint()
		d.arriving[mark] = adopts
		if id, ok := d.leavers[mark]; ok && found == nil {
			found = &Leaver{ID: id, Kind: unique.Kind, Spared: adopts && d.spare(id)}
		}
		if id, ok := d.replaced[mark]; ok && adopts && id != own && found == nil {
			found = &Leaver{ID: id, Kind: unique.Kind, Replaced: true}
		}
	}
	return found
}

// Depart records that the object with this identity is to be destroyed, and returns what else the plan does with the
// identity. Terraform plans in any order, so Depart waits a moment for the plans that run at the same time.
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
		case <-ctx.Done(): // a stopped plan is never applied
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

// depart does the work of Depart without waiting. It reports whether the answer is final, and records the departure
// only then: a plan made during the wait doesn't need to know of the departure.
func (w *Walk) depart(id string, uniques []Unique) (departure Departure, settled bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.deadline.IsZero() {
		d.deadline = now.Add(longestWait)
	}
	if d.last.IsZero() {
		d.last = now
	}
	departure = d.departure(id, uniques)
	isCrowd := d.waiting >= crowd
	isOver := d.isQuiet(now, quiet) || now.After(d.deadline)
	switch {
	case departure.Kept || len(uniques) == 0:
		settled = true
	case departure.Successor:
		settled = isOver || isCrowd || !d.hasOpen()
	case isCrowd && d.isQuiet(now, quietCrowd) && (len(d.verdicts) < mostUnsure || d.adopters > 0):
		settled, departure.Unsure = true, true
		d.last = now // the other destroy plans wait for what is planned in its place
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

// isQuiet reports whether nothing was read or planned for some time.
func (d *declarations) isQuiet(now time.Time, length time.Duration) bool {
	return d.calls == 0 && now.Sub(d.last) >= length
}

// departure returns what else the plan does with the identity.
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
	// Two objects of the state with one identity were read, and the replacement of one object adopts. The other object
	// is a deposed object, or another resource with the same identity.
	if found.Adopts && d.readings[id] > 1 {
		return Departure{Kept: true}
	}
	return found
}

// leave records that the object of the identity is to be destroyed.
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

// HasAdopter reports whether a new resource of the walk adopts the identity that has one of these unique values.
func (w *Walk) HasAdopter(uniques []Unique) bool {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hasAdopter(uniques)
}

func (d *declarations) hasAdopter(uniques []Unique) bool {
	for _, unique := range uniques {
		if d.arriving[unique.fingerprint()] {
			return true
		}
	}
	return false
}

// Leaving is an identity that one object of several identities gives up.
type Leaving struct {
	ID      string
	Uniques []Unique
}

// DepartTogether is Depart for the identities that one object gives up. It waits once for all of them, and none of them
// is unsure: the object refuses the plan if another resource keeps or adopts one of them. The caller must not be
// between Begin and its end.
func (w *Walk) DepartTogether(ctx context.Context, all []Leaving) []Departure {
	w.countWaiting(1)
	defer w.countWaiting(-1)
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		if departures := w.departTogether(all); departures != nil {
			return departures
		}
		select {
		case <-ctx.Done(): // a stopped plan is never applied
			return make([]Departure, len(all))
		case <-ticker.C:
		}
	}
}

// departTogether returns nil while it is too early for an answer.
func (w *Walk) departTogether(all []Leaving) []Departure {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.deadline.IsZero() {
		d.deadline, d.last = now.Add(longestWait), now
	}
	isQuiet := d.calls == 0 && now.Sub(d.last) >= quiet
	if !isQuiet && !now.After(d.deadline) {
		return nil
	}
	departures := make([]Departure, len(all))
	for i, leaving := range all {
		departures[i] = d.departure(leaving.ID, leaving.Uniques)
		d.leave(leaving.ID, leaving.Uniques, false)
	}
	return departures
}
