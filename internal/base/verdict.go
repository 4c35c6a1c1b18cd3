package base

import (
	"context"
	"time"
)

// Terraform runs a limited number of operations at a time (-parallelism, 10 by default). If that many destroy plans
// wait for the plans of new resources, Terraform can't plan any new resource. So one destroy plan at a time goes on
// without knowing whether its identity is spared. The destroy plans that still wait learn the verdict, and the apply
// reads it from them.

const (
	// longestVerdict bounds how long a destroy waits for the verdict of another destroy.
	longestVerdict = 30 * time.Second

	// crowd is the number of waiting destroy plans that counts as all operations that Terraform runs at a time
	// (-parallelism). Then nothing else can be planned before one of the destroy plans ends.
	crowd = 10

	// mostUnsure bounds how many destroys may wait for the verdict of another destroy. It must leave room for other
	// operations among those that Terraform runs at a time.
	mostUnsure = 8
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

// AwaitVerdict waits until another destroy brings the verdict on the identity, or until a new resource adopts the
// identity that has one of the unique values. It returns an error if neither happens.
func (w *Walk) AwaitVerdict(ctx context.Context, id string, uniques []Unique) (isSpared bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, longestVerdict)
	defer cancel()
	defer Notice(ctx, "another destroy, which knows whether a new resource takes the identity over", longestVerdict)()
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		w.declared.mu.Lock()
		v := w.declared.verdicts[id]
		w.declared.mu.Unlock()
		if v != open || w.HasAdopter(uniques) {
			return v != destroyed, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-ticker.C:
		}
	}
}
