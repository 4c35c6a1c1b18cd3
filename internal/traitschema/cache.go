// Package traitschema knows identity schemas: it fetches them, remembers them for a walk, and tells what they say of
// traits.
package traitschema

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Fetcher gets an identity schema's JSON document by its id: Peek soon or not at all, Get with all the patience that
// requests have.
type Fetcher interface {
	PeekIdentitySchema(ctx context.Context, id string) (json.RawMessage, error)
	GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error)
}

// ErrUnknownSchema is the error of a [Cache] about a schema that the server doesn't have.
var ErrUnknownSchema = errors.New("the server has no such identity schema")

// unknownSchema is ErrUnknownSchema in its text, with the server's answer in its chain.
type unknownSchema struct{ answer error }

// Error implements error.
func (unknownSchema) Error() string { return ErrUnknownSchema.Error() }

// Unwrap implements the interface of errors.Is and errors.As.
func (e unknownSchema) Unwrap() []error { return []error{ErrUnknownSchema, e.answer} }

// Cache fetches each identity schema once, failures included: a schema that can't be had must not cost every resource
// of a plan a time-out.
type Cache struct {
	fetcher Fetcher

	mu      sync.Mutex
	entries map[string]*entry
}

type entry struct {
	peeking sync.Mutex
	asking  chan struct{} // holds one element while Require asks
	known   atomic.Pointer[outcome]
}

// outcome is what the last fetch of a schema led to.
type outcome struct {
	schema  *Schema
	err     error
	settled bool      // asking again would lead to the same: to this document, or to a refusal
	until   time.Time // how long it counts as settled otherwise
}

// NewCache returns an empty cache over fetcher.
func NewCache(fetcher Fetcher) *Cache {
	return &Cache{fetcher: fetcher, entries: map[string]*entry{}}
}

// fetchTimeout bounds the wait of what can go without a schema: it only makes plans more exact, and the public API,
// which serves it, may be out of reach from where Terraform runs.
const fetchTimeout = 10 * time.Second

// askAgain is how long Require takes its own failure for an answer, so that many resources that need a schema which
// can't be had don't wait one after the other.
const askAgain = 30 * time.Second

func (c *Cache) entry(id string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[id]
	if !ok {
		e = &entry{asking: make(chan struct{}, 1)}
		c.entries[id] = e
	}
	return e
}

// Get returns the schema of this id for those who can go without, fetching it at its first use. An error is remembered
// too.
func (c *Cache) Get(ctx context.Context, id string) (*Schema, error) {
	e := c.entry(id)
	e.peeking.Lock()
	defer e.peeking.Unlock()
	if o := e.known.Load(); o != nil {
		return o.schema, o.err
	}
	fetch, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	document, err := c.fetcher.PeekIdentitySchema(fetch, id)
	return e.keep(ctx, document, err, 0)
}

// Require is [Cache.Get] for those who can't go without the schema: where Get failed for want of an answer, it asks
// once more and waits for as long as any request does. One asks at a time, and the others wait for what comes of it.
func (c *Cache) Require(ctx context.Context, id string) (*Schema, error) {
	if s, err := c.Get(ctx, id); err == nil {
		return s, nil
	}
	e := c.entry(id)
	select {
	case e.asking <- struct{}{}:
		defer func() { <-e.asking }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if o := e.known.Load(); o != nil && (o.settled || time.Now().Before(o.until)) {
		return o.schema, o.err
	}
	document, err := c.fetcher.GetIdentitySchema(ctx, id)
	return e.keep(ctx, document, err, askAgain)
}

// keep remembers what a fetch led to, but for the caller's own end, which says nothing of the schema.
func (e *entry) keep(ctx context.Context, document json.RawMessage, err error, stands time.Duration) (*Schema, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	o := &outcome{err: err, settled: err == nil || isPermanent(err), until: time.Now().Add(stands)}
	switch {
	case err == nil:
		o.schema, o.err = Parse(document)
	case errors.Is(err, kratos.ErrNotFound):
		o.err = unknownSchema{err}
	}
	e.known.Store(o)
	return o.schema, o.err
}

// isPermanent reports whether asking again would get the same response.
func isPermanent(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.Permanent()
}
