package base

import (
	"context"
	"time"
)

// Terraform does a limited number of things at a time (-parallelism, 10 by default). Where as many destroy plans wait
// for the plans of new resources, none of those can come. So one destroy plan at a time goes on without knowing whether
// its identity is to be spared. The destroy plans that still wait learn that, and tell it in the apply.

const (
	// longestVerdict bounds how long a destroy waits for the verdict of another one.
	longestVerdict = 30 * time.Second

	// crowd is how many destroy plans that wait are taken for all that Terraform does at a time (-parallelism), so that
	// nothing else can be planned before one of them ends.
	crowd = 10

	// mostUnsure bounds how many destroys may have to wait for the verdict of another one. It must leave room among all
	// that Terraform does at a time.
	mostUnsure = 8
)

// verdict tells what is to become of an identity whose destroy was planned before that could be known.
type verdict int

const (
	open      verdict = iota
	spared            // a new resource adopts it
	destroyed         // no resource does, as other destroy plans say already
)

// Verdicts tell of identities whether they are spared or destroyed.
type Verdicts struct {
	Spared    []string `json:"spared,omitempty"`
	Destroyed []string `json:"destroyed,omitempty"`
}

// spare lets a destroy plan that waits carry the verdict that an identity is spared, if it isn't too late for that.
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

// decide returns the verdicts on the destroys that are unsure. With finally, whatever is open is destroyed.
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

// Decide tells the walk of an apply the verdicts that a destroy plan came to.
func (w *Walk) Decide(verdicts Verdicts) {
	d := &w.declared
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judge(verdicts.Spared, spared)
	d.judge(verdicts.Destroyed, destroyed)
}

// AwaitVerdict waits until another destroy tells what is to become of the identity, or a resource comes that takes over
// who has one of its uniques. It returns an error where neither happens.
func (w *Walk) AwaitVerdict(ctx context.Context, id string, uniques []Unique) (isSpared bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, longestVerdict)
	defer cancel()
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
