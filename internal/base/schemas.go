package base

import (
	"context"
	"slices"
	"sync"
)

// schemaIDs are the ids of the server's identity schemas, listed once in a walk.
type schemaIDs struct {
	mu    sync.Mutex
	known bool
	ids   []string
}

// SchemaIDs returns the sorted ids of the server's identity schemas, or no ids if they can't be listed.
func (d *Data) SchemaIDs(ctx context.Context) []string {
	if d == nil || d.Client == nil {
		return nil
	}
	d.schemaIDs.mu.Lock()
	defer d.schemaIDs.mu.Unlock()
	if d.schemaIDs.known {
		return d.schemaIDs.ids
	}
	schemas, err := d.Client.ListIdentitySchemas(ctx)
	if ctx.Err() != nil {
		return nil
	}
	d.schemaIDs.known = true
	if err != nil {
		return nil
	}
	for _, schema := range schemas {
		d.schemaIDs.ids = append(d.schemaIDs.ids, schema.ID)
	}
	slices.Sort(d.schemaIDs.ids)
	return d.schemaIDs.ids
}
