package kratos

import (
	"context"
	"net/http"
	"time"
)

// slots bound how many requests are in flight; nil bounds nothing.
type slots chan struct{}

func newSlots(n int) slots {
	if n <= 0 {
		return nil
	}
	return make(slots, n)
}

// acquire waits for a slot.
func (s slots) acquire(ctx context.Context) error {
	if s == nil {
		return nil
	}
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s slots) release() {
	if s != nil {
		<-s
	}
}

// admit waits until the exchange may be made, by the limits of the server and of the configuration, and returns what gives its
// place back. Those of a bucket go in the order in which they came: only the first one waits for the bucket, the others for it.
func (k *call) admit(ctx context.Context, req *http.Request) (release func(), err error) {
	attempt := k.attempt // the timer's goroutine may be late
	notice := time.AfterFunc(longWait, func() { k.logWaitOf(ctx, attempt, "waiting for requests before it", longWait, nil) })
	defer notice.Stop()
	var creating slots
	if k.path == identitiesPath && k.isWrite() && k.client.limits.oneCreate() {
		creating = k.client.creating
	}
	if err := creating.acquire(ctx); err != nil {
		return nil, err
	}
	bucket := bucketOf(req.Method, k.path)
	if err := k.client.gates[bucket].acquire(ctx); err != nil {
		creating.release()
		return nil, err
	}
	defer k.client.gates[bucket].release()
	for {
		if err := k.client.inFlight.acquire(ctx); err != nil {
			creating.release()
			return nil, err
		}
		wait := k.client.limits.take(bucket, time.Now())
		if wait == 0 {
			return func() { k.client.inFlight.release(); creating.release() }, nil
		}
		k.client.inFlight.release() // one that waits for its bucket must not hold up the others
		if wait > longWait && notice.Stop() {
			k.logWait(ctx, "waiting for the rate limit", wait, nil)
		}
		if err := sleep(ctx, wait); err != nil {
			creating.release()
			return nil, err
		}
	}
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
