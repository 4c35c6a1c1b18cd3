package traitschema_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// fetcher fails as told, and takes a minute for what is asked with patience.
type fetcher struct {
	peekErr, getErr error
	peeks, gets     atomic.Int32
}

func (f *fetcher) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	f.peeks.Add(1)
	return document(`{"properties": {}}`, ""), f.peekErr
}

func (f *fetcher) GetIdentitySchema(ctx context.Context, _ string) (json.RawMessage, error) {
	f.gets.Add(1)
	select {
	case <-time.After(time.Minute):
		return document(`{"properties": {}}`, ""), f.getErr
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var errUnreachable = &kratos.Error{Message: "could not connect"}

func TestCacheFetchesOnce(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"success": nil, "failure": errUnreachable} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fetcher{peekErr: err}
			cache := traitschema.NewCache(f)
			for range 3 {
				if _, got := cache.Get(t.Context(), "a"); !errors.Is(got, err) {
					t.Fatalf("got %v, want %v", got, err)
				}
			}
			if _, got := cache.Get(t.Context(), "b"); !errors.Is(got, err) {
				t.Fatalf("got %v, want %v", got, err)
			}
			if calls := f.peeks.Load(); calls != 2 {
				t.Errorf("two schemas took %d requests", calls)
			}
		})
	}
}

// Who can't go without a schema asks with patience where there was no answer, one for all, and everybody has it then.
func TestCacheRequire(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		peekErr error
		asks    bool
	}{
		"there at once":  {nil, false},
		"not reached":    {errUnreachable, true},
		"not in time":    {context.DeadlineExceeded, true},
		"gateway's 503":  {&kratos.Error{StatusCode: 503}, true},
		"still busy":     {&kratos.Error{StatusCode: 429}, true},
		"no such schema": {&kratos.Error{StatusCode: 404}, false},
		"not allowed":    {&kratos.Error{StatusCode: 403}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fetcher{peekErr: test.peekErr}
				cache := traitschema.NewCache(f)
				_, _ = cache.Get(t.Context(), "a")
				want, asks := test.peekErr, int32(0)
				if test.asks {
					want, asks = nil, 1
				}
				var all sync.WaitGroup
				for range 5 {
					all.Go(func() {
						if s, err := cache.Require(t.Context(), "a"); !errors.Is(err, want) || (s == nil) != (want != nil) {
							t.Errorf("required: %v, %v; want the error %v", s, err, want)
						}
					})
				}
				all.Wait()
				if _, err := cache.Get(t.Context(), "a"); !errors.Is(err, want) {
					t.Errorf("got %v afterwards, want %v", err, want)
				}
				if f.peeks.Load() != 1 || f.gets.Load() != asks {
					t.Errorf("%d looks and %d requests, want 1 and %d", f.peeks.Load(), f.gets.Load(), asks)
				}
			})
		})
	}
}

// A schema that can't be had isn't waited for by one resource after the other, but it may be there later. What only
// plans by it never waits.
func TestCacheRequireOfWhatIsOutOfReach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fetcher{peekErr: errUnreachable, getErr: errUnreachable}
		cache := traitschema.NewCache(f)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for range 3 {
					if _, err := cache.Require(t.Context(), "a"); !errors.Is(err, errUnreachable) {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(time.Second)
		began := time.Now()
		if _, err := cache.Get(t.Context(), "a"); !errors.Is(err, errUnreachable) || time.Since(began) > 0 {
			t.Errorf("the plan waited %s: %v", time.Since(began), err)
		}
		all.Wait()
		if f.gets.Load() != 1 {
			t.Errorf("%d requests for one schema", f.gets.Load())
		}
		time.Sleep(time.Minute)
		f.getErr = nil
		if _, err := cache.Require(t.Context(), "a"); err != nil || f.gets.Load() != 2 {
			t.Errorf("later: %v after %d requests", err, f.gets.Load())
		}
	})
}

// The end of one who asks, or waits for who asks, isn't remembered as the schema's.
func TestCacheRequireEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cache := traitschema.NewCache(&fetcher{peekErr: errUnreachable})
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if _, err := cache.Require(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, err := cache.Require(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	})
}

// A schema that the server doesn't have is known as such, without a word of the answer.
func TestCache_unknownSchema(t *testing.T) {
	t.Parallel()
	answer := &kratos.Error{StatusCode: http.StatusNotFound, Reason: "no schema at 10.0.0.1"}
	cache := traitschema.NewCache(&fetcher{peekErr: answer, getErr: answer})
	for range 2 {
		_, err := cache.Get(t.Context(), "nope")
		if !errors.Is(err, traitschema.ErrUnknownSchema) || strings.Contains(err.Error(), "10.0.0.1") {
			t.Errorf("got %v", err)
		}
	}
	cache = traitschema.NewCache(&fetcher{peekErr: errUnreachable})
	if _, err := cache.Get(t.Context(), "nope"); err == nil || errors.Is(err, traitschema.ErrUnknownSchema) {
		t.Errorf("got %v", err)
	}
}
