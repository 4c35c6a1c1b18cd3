// Package schema knows identity schemas: it fetches them, remembers them for a walk, and tells what they say of traits.
package schema

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// Fetcher gets an identity schema's JSON document by its id, soon or not at all.
type Fetcher interface {
	PeekIdentitySchema(ctx context.Context, id string) (json.RawMessage, error)
}

// Cache fetches each identity schema once, failures included: a schema that can't be had must not cost every resource of a
// plan a time-out.
type Cache struct {
	fetcher Fetcher

	mu      sync.Mutex
	entries map[string]*entry
}

type entry struct {
	mu     sync.Mutex
	done   bool
	schema *Schema
	err    error
}

// NewCache returns an empty cache over fetcher.
func NewCache(fetcher Fetcher) *Cache {
	return &Cache{fetcher: fetcher, entries: map[string]*entry{}}
}

// fetchTimeout bounds the wait for a schema. It only makes plans more exact, and the public API, which serves it, may be out of
// reach from where Terraform runs.
const fetchTimeout = 10 * time.Second

// Get returns the schema of this id, fetching it at its first use. An error is remembered too.
func (c *Cache) Get(ctx context.Context, id string) (*Schema, error) {
	c.mu.Lock()
	e, ok := c.entries[id]
	if !ok {
		e = &entry{}
		c.entries[id] = e
	}
	c.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done {
		return e.schema, e.err
	}
	fetch, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	document, err := c.fetcher.PeekIdentitySchema(fetch, id)
	if ctx.Err() != nil {
		return nil, ctx.Err() // the caller's own end says nothing of the schema
	}
	if e.done, e.err = true, err; err == nil {
		e.schema, e.err = Parse(document)
	}
	return e.schema, e.err
}
