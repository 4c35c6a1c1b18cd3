package kratos

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// semaphore limits how many callers hold it at the same time. A nil semaphore has no limit.
type semaphore chan struct{}

func newSemaphore(n int) semaphore {
	if n <= 0 {
		return nil
	}
	return make(semaphore, n)
}

// acquire waits for a place.
func (s semaphore) acquire(ctx context.Context) error {
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

func (s semaphore) release() {
	if s != nil {
		<-s
	}
}

// admit waits until the rate limits and the configured limits allow the request, and returns a function that releases
// the place of the request. The requests of one rate limit are sent in their order: the first waits for the limit, the
// others wait for the first.
func (k *call) admit(ctx context.Context, req *http.Request) (release func(), err error) {
	attempt := k.attempt // the timer's goroutine may run later
	notice := time.AfterFunc(longWait, func() {
		k.logWait(ctx, pause{waitsFor: "earlier requests, because requests are limited", attempt: attempt})
	})
	defer notice.Stop()
	var creating semaphore
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
		k.client.inFlight.release() // a request that waits for its rate limit must not hold up requests of other limits
		if err := hopeless(ctx, wait); err != nil {
			creating.release()
			return nil, err
		}
		if wait > longWait && notice.Stop() {
			k.logWait(ctx, pause{waitsFor: "the rate limit", attempt: attempt, wait: wait})
		}
		if err := sleep(ctx, wait); err != nil {
			creating.release()
			return nil, err
		}
	}
}

// hopelessWait is a wait that can't end before the context's deadline. It is [ErrRateLimited] and
// [context.DeadlineExceeded].
type hopelessWait struct{ wait, left time.Duration }

func (e *hopelessWait) Error() string {
	return fmt.Sprintf("the rate limit allows the next request in %s, but only %s of the time limit are left",
		e.wait.Round(time.Second), e.left.Round(time.Second))
}

// Unwrap gives the kinds of the error.
func (e *hopelessWait) Unwrap() []error { return []error{ErrRateLimited, context.DeadlineExceeded} }

// hopeless returns a [*hopelessWait] for a wait that can't end before the context's deadline.
func hopeless(ctx context.Context, wait time.Duration) error {
	deadline, ok := ctx.Deadline()
	if !ok {
		return nil
	}
	if left := time.Until(deadline); wait >= left {
		return &hopelessWait{wait: wait, left: max(left, 0)}
	}
	return nil
}
