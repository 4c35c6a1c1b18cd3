package batch

import "time"

// The waits for company. Terraform hands over as many calls at a time as its parallelism allows, and the next one when one has
// returned. Core does work in between, such as planning and writing the state, so that they come one after the other, at a pace
// that depends on the machine and on the size of the state.
const (
	quiet    = 5 * time.Millisecond   // how long nobody else came, when nothing is known yet
	shortest = 25 * time.Millisecond  // the wait for somebody who was there lately: core's pauses are often longer than its pace
	patience = 3                      // the same in times of the pace
	longest  = 250 * time.Millisecond // the longest wait for one more
)

// costly is how many times longer than its round trips a group's turn must take for it to be worth while. Whoever waits for a
// group waits for its round trips too, while core does nothing; alone, each would wait for its own while core works for the
// others. So groups may cost a tenth of the time, and no more.
const costly = 11

// crowd is how many callers at a time go in groups, however far the server is: so many single requests at the same time take
// more of it, and of the provider, than the group's round trips take of the time.
const crowd = 32

// Waits in vain take no longer than a moment, and a twentieth of the time.
const (
	moment    = 200 * time.Millisecond
	twentieth = 20
)

// rarest is how many groups are between two that wait for somebody who was there once.
const rarest = 16

// remembered is how many arrivals a tempo keeps, more than it needs for a crowd.
const remembered = 128

// tempo is what is known of the callers: how many there are at the same time, and how they come.
type tempo struct {
	known int           // how many callers there are at the same time, as far as groups wait for them; 0 if it isn't known
	most  int           // how many there were since the last group set out
	peak  int           // how many there were once, and may be again
	probe int           // groups until the next one that waits for as many as once
	rarer int           // and after that one, if it waits in vain
	vain  time.Duration // how long groups have waited in vain
	start time.Time     // of everything
	pace  time.Duration // the longest time between two callers lately; 0 if it isn't known
	short bool          // the last group set out although somebody was missing

	arrivals [remembered]time.Time // of the latest callers, in a ring
	count    int                   // of all arrivals
	since    int                   // arrivals since known was last set
}

// arrive notes a caller. Present are all those who are there with it, and gathering says whether it joins others that wait for
// company. Only then, or where they have not waited long enough for it, does the time since the last caller tell the pace: else
// that caller's group was on its way meanwhile.
func (t *tempo) arrive(now time.Time, present int, gathering bool) {
	if gathering || t.short {
		gap := min(now.Sub(t.arrivals[(t.count-1)%remembered]), longest)
		t.pace = max(gap, t.pace-t.pace/16) // follows the longest: callers come in bursts, and the gaps between those count
		t.short = false
	}
	if t.count == 0 {
		t.start = now
	}
	t.arrivals[t.count%remembered] = now
	t.count++
	t.most = max(t.most, present)
	if t.since++; t.since >= remembered { // no group has set out for long: they go alone
		t.known, t.peak, t.most, t.since = t.most, t.most, 0, 0
	}
}

// turn is how long the latest callers took to come, as many as there are at the same time: so long Terraform takes for one round
// of its parallelism. 0 if it isn't known.
func (t *tempo) turn(now time.Time) time.Duration {
	n := max(t.known, t.most)
	if n == 0 || n >= remembered || t.count <= n {
		return 0
	}
	return now.Sub(t.arrivals[(t.count-1-n)%remembered])
}

// tooFast says whether the callers come so fast that the round trips of a group would hold them up.
func (t *tempo) tooFast(now time.Time, trips time.Duration) bool {
	turn := t.turn(now)
	return turn > 0 && trips*costly > turn && max(t.known, t.most) <= crowd
}

// probing says whether the next group waits for as many as there were once.
func (t *tempo) probing() bool { return t.probe == 0 && t.peak > t.known }

// patience is how long the callers in the queue wait for one more, 0 for no longer.
func (t *tempo) patience(now time.Time, queued int) time.Duration {
	switch {
	case t.known == 0:
		return quiet
	case queued >= t.known && !t.probing(), queued >= t.peak:
		return 0
	default:
		left := moment + now.Sub(t.start)/twentieth - t.vain
		return max(min(max(patience*t.pace, shortest), longest, left), 0)
	}
}

// missed notes that nobody else came. Those who are missing may only be late, or held up by core's work for the others, so they are
// not given up all at once, and are waited for again after a while; where they have other things to do, few waits are lost.
func (t *tempo) missed(queued int, waited time.Duration) {
	t.vain += waited
	if t.known == 0 {
		t.known, t.peak = queued, queued
		return
	}
	t.short = true
	if t.probing() {
		if t.rarer *= 2; t.rarer > rarest {
			t.rarer, t.peak = rarest, t.peak-max(t.peak/4, 1)
		}
		t.probe = t.rarer
		return
	}
	t.known = max(queued, t.known-max(t.known/4, 1))
	t.probe, t.rarer = 2, 2
}

// setOut notes that a group sets out.
func (t *tempo) setOut(group int) {
	t.peak = max(t.peak, t.most)
	if group >= t.peak {
		t.known = group
	}
	t.known = max(t.known, t.most)
	t.most, t.since = 0, 0
	t.probe = max(t.probe-1, 0)
}
