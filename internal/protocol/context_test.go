package protocol

import (
	"context"
	"errors"
	"testing"
	"time"
)

type key struct{}

func TestCallContext_delegates(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	inner, cancel := context.WithDeadline(context.WithValue(t.Context(), key{}, "value"), deadline)
	defer cancel()
	ctx, release := releasable(inner)
	derived, stop := context.WithCancel(ctx)
	defer stop()
	if at, ok := derived.Deadline(); !ok || !at.Equal(deadline) || derived.Value(key{}) != "value" ||
		derived.Err() != nil {
		t.Errorf("before the release: deadline %v, %v, value %v, error %v", at, ok, derived.Value(key{}), derived.Err())
	}
	release()
	release() // a second release has no effect
	<-ctx.Done()
	cancel() // as gRPC does when a call is over
	<-derived.Done()
	_, ok := ctx.Deadline()
	if ok || derived.Value(key{}) != nil || !errors.Is(ctx.Err(), context.Canceled) ||
		!errors.Is(derived.Err(), context.Canceled) {
		t.Errorf("after the release: deadline %v, value %v, errors %v and "+
			"%v", ok, derived.Value(key{}), ctx.Err(), derived.Err())
	}
}

// A call's context ends when Terraform is interrupted during the call.
func TestCallContext_endsWithParent(t *testing.T) {
	t.Parallel()
	inner, cancel := context.WithCancel(t.Context())
	ctx, release := releasable(inner)
	defer release()
	derived, stop := context.WithTimeout(ctx, time.Hour)
	defer stop()
	cancel()
	<-derived.Done()
	if !errors.Is(ctx.Err(), context.Canceled) || !errors.Is(derived.Err(), context.Canceled) {
		t.Errorf("errors %v and %v", ctx.Err(), derived.Err())
	}
}

// The error of an ended context never changes.
func TestCallContext_keepsError(t *testing.T) {
	t.Parallel()
	inner, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	ctx, release := releasable(inner)
	before := ctx.Err()
	release()
	if !errors.Is(before, context.DeadlineExceeded) || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("%v before the release, %v after", before, ctx.Err())
	}
}

func TestCallContext_withoutEnd(t *testing.T) {
	t.Parallel()
	ctx, release := releasable(context.Background())
	if ctx.Done() != nil || ctx.Err() != nil {
		t.Errorf("done %v, error %v", ctx.Done(), ctx.Err())
	}
	release()
	<-ctx.Done()
}
