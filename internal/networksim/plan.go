package networksim

import (
	"math"
	"time"
)

// Limit is the number of requests that a bucket allows. 0 means no limit.
type Limit struct {
	PerMinute, PerSecond int
}

// Plan is what a subscription of Ory Network allows a project. The zero value allows everything.
type Plan struct {
	Writes Limit // POST, PUT, PATCH and DELETE of identities, of their credentials and sessions; batches; recovery
	Get    Limit // reads of one identity
	List   Limit // lists, by external id, sessions of an identity, schemas
}

// These are the subscriptions, from Ory's documentation ("Rate limits") of July 2026.
var (
	Developer  = Plan{Writes: Limit{80, 5}, Get: Limit{40, 5}, List: Limit{25, 5}}
	Production = Plan{Writes: Limit{175, 8}, Get: Limit{80, 5}, List: Limit{90, 5}}
	Growth     = Plan{Writes: Limit{425, 18}, Get: Limit{550, 23}, List: Limit{200, 9}}
	Enterprise = Plan{Writes: Limit{850, 35}, Get: Limit{1100, 45}, List: Limit{400, 17}}
)

// bucket is one of a plan's limits.
type bucket int

const (
	noBucket bucket = iota
	writes
	gets
	lists
)

func (p Plan) limit(b bucket) Limit {
	switch b {
	case writes:
		return p.Writes
	case gets:
		return p.Get
	case lists:
		return p.List
	default:
		return Limit{}
	}
}

// Least returns the shortest time in which the plan allows the counted requests, whatever their distribution.
func (p Plan) Least(counts Counts) time.Duration {
	perBucket := map[bucket]int{}
	for kind, count := range counts {
		perBucket[kind.bucket()] += count.Requests
	}
	var least time.Duration
	for b, n := range perBucket {
		least = max(least, p.limit(b).least(n))
	}
	return least
}

// least returns the time until the last request may pass: after all full minutes, and after all full seconds of the
// last minute.
func (l Limit) least(n int) time.Duration {
	var wait time.Duration
	if l.PerMinute > 0 && n > 0 {
		minutes := (n - 1) / l.PerMinute
		wait = time.Duration(minutes) * time.Minute
		n -= minutes * l.PerMinute
	}
	if l.PerSecond > 0 && n > 0 {
		wait += time.Duration((n-1)/l.PerSecond) * time.Second
	}
	return wait
}

// scaled returns a limit and a window at a time scale: the same scaled rate, in a window of a whole number of seconds.
func scaled(limit int, window time.Duration, scale float64) (int, time.Duration) {
	seconds := max(1, math.Ceil(window.Seconds()/scale))
	return int(math.Round(float64(limit) * seconds * scale / window.Seconds())), time.Duration(seconds) * time.Second
}
