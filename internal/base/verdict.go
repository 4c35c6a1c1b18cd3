package base

import (
	"context"
	"errors"
	"time"
)

// Terraform runs a limited number of operations at a time (-parallelism, 10 by default). If that many destroy plans
// wait for the plans of new resources, Terraform can't plan any new resource. Therefore one destroy plan at a time
// continues without knowing whether its identity is spared. The destroy plans that still wait record the verdict, and
// the apply reads it from them.

const (
	// longestVerdict bounds how long a destroy waits for the verdict of another destroy.
	longestVerdict = 30 * time.Second

	// crowd is the number of waiting destroy plans, or destroys, that counts as all operations that Terraform runs at a
	// time (-parallelism). Then nothing else can happen before one of them ends.
	crowd = 10

	// mostUnsure bounds how many destroys may wait for the verdict of another destroy if no new resource of the plan is
	// known to adopt. More than that could fill the apply before a destroy comes that has a verdict.
	mostUnsure = 16
)

// verdict is the outcome for an identity whose destroy was planned before the outcome could be known.
type verdict int

const (
	open      verdict = iota
	spared            // a new resource adopts it
	destroyed         // no resource adopts it, as other destroy plans have already recorded
)

// Verdicts lists the spared and the destroyed identities.
type Verdicts struct {
	Spared    []string `json:"spared,omitempty"`
	Destroyed []string `json:"destroyed,omitempty"`
}

// spare lets a waiting destroy plan carry the verdict that an identity is spared, unless it is too late for that
// verdict.
func (d *declarations) spare(id string) bool {
	if v, unsure := d.verdicts[id]; !unsure || v == destroyed || (v == open && d.waiting == 0) {
		return false
	}
	d.verdicts[id] = spared
	return true
}

func (d *declarations) hasOpen() bool {
	for _, v := range d.verdicts {
		if v == open {
			return true
		}
	}
	return false
}

// decide returns the verdicts on the unsure destroys. If finally is true, it decides every open verdict as destroyed.
func (d *declarations) decide(finally bool) (verdicts Verdicts) {
	for id, v := range d.verdicts {
		switch {
		case v == spared:
			verdicts.Spared = append(verdicts.Spared, id)
		case v == destroyed || finally:
			d.verdicts[id] = destroyed
			verdicts.Destroyed = append(verdicts.Destroyed, id)
		}
	}
	return verdicts
}

func (d *declarations) judge(ids []string, v verdict) {
	if d.verdicts == nil {
		d.verdicts = map[string]verdict{}
	}
	for _, id := range ids {
		d.verdicts[id] = v
	}
}

// Decide records the verdicts of a destroy plan in the walk of an apply.
func (w *Walk) Decide(verdicts Verdicts) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judge(verdicts.Spared, spared)
	d.judge(verdicts.Destroyed, destroyed)
}

// ErrUndecided means that a destroy got no verdict.
var ErrUndecided = errors.New("no verdict on whether a new resource adopts the identity")

// AwaitVerdict waits until another destroy brings the verdict on the identity, or until a new resource adopts the
// identity that has one of the unique values. It returns [ErrUndecided] if neither happens in time, or if the destroys
// that wait leave no room for anything else. From then on the identity is undecided: see [Walk.Undecided].
func (w *Walk) AwaitVerdict(ctx context.Context, id string, uniques []Unique) (isSpared bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, longestVerdict)
	defer cancel()
	defer Notice(ctx, "another destroy, which knows whether a new resource takes the identity over", longestVerdict)()
	w.countAwaiting(1)
	defer w.countAwaiting(-1)
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		isSpared, err, settled := w.verdict(ctx, id, uniques)
		if settled {
			return isSpared, err
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

func (w *Walk) countAwaiting(n int) {
	w.declared.mu.Lock()
	defer w.declared.mu.Unlock()
	w.declared.awaiting += n
	w.declared.last = time.Now()
}

// verdict does the work of AwaitVerdict without waiting. It reports whether the answer is final.
func (w *Walk) verdict(ctx context.Context, id string, uniques []Unique) (isSpared bool, err error, settled bool) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	switch v := d.verdicts[id]; {
	case v != open || d.hasAdopter(uniques):
		return v != destroyed, nil, true
	case ctx.Err() != nil, d.awaiting >= crowd && d.isQuiet(now, quiet):
		d.last = now // the other destroys wait for what happens in its place
		if d.undecided == nil {
			d.undecided = map[string]bool{}
		}
		d.undecided[id] = true
		return false, ErrUndecided, true
	}
	return false, nil, false
}

// Undecided reports whether a destroy of the identity has ended without a verdict, so that the object of the identity
// stays in the Terraform state. No other resource may adopt the identity in this walk.
func (w *Walk) Undecided(id string) bool {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.undecided[id]
}
