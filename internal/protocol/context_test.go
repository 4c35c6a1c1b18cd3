package protocol

import (
	"context"
	"errors"
	"testing"
	"time"
)

type key struct{}

func TestCallContextStandsForItsOwn(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	inner, cancel := context.WithDeadline(context.WithValue(t.Context(), key{}, "value"), deadline)
	defer cancel()
	ctx, release := releasable(inner)
	derived, stop := context.WithCancel(ctx)
	defer stop()
	if derived.Value(key{}) != "value" {
		t.Error("no value before the release")
	}
	release()
	if derived.Value(key{}) != nil {
		t.Error("a value after the release")
	}
	if at, ok := derived.Deadline(); !ok || !at.Equal(deadline) {
		t.Errorf("deadline %v, %v", at, ok)
	}
	if ctx.Done() != inner.Done() || ctx.Err() != nil {
		t.Errorf("the release ended the context: %v", ctx.Err())
	}
	cancel()
	<-derived.Done()
	if !errors.Is(ctx.Err(), context.Canceled) || !errors.Is(derived.Err(), context.Canceled) {
		t.Errorf("after the end: %v and %v", ctx.Err(), derived.Err())
	}
}

// A context never changes its mind about why it ended.
func TestCallContextKeepsItsError(t *testing.T) {
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

func TestCallContextWithoutEnd(t *testing.T) {
	t.Parallel()
	ctx, release := releasable(context.Background())
	release()
	if ctx.Done() != nil || ctx.Err() != nil {
		t.Errorf("done %v, error %v", ctx.Done(), ctx.Err())
	}
}
