package bulk

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

// change is one row of the configuration whose identity exists.
type change struct {
	now *entry
	// was is the row of the state. For a renamed key it is the row of the old key.
	was *entry
}

// changes are the differences between the rows of the state and of the configuration.
type changes struct {
	created []*entry
	changed []change
	kept    []change // the rows mean the same
	removed []*entry
	renamed []change // also in changed or kept
}

// compare compares the rows by meaning. After an import, members that only the server has are no difference, because
// Terraform never set them.
func compare(ctx context.Context, rules *identity.Rows, state, config *people, imported bool) changes {
	var c changes
	for _, key := range config.keys() {
		now := config.byKey[key]
		if was, ok := state.byKey[key]; ok && was.id != "" {
			c.add(change{now, was}, imported)
		} else {
			c.created = append(c.created, now)
		}
	}
	for _, key := range state.keys() {
		was := state.byKey[key]
		if _, stays := config.byKey[key]; !stays && was.id != "" {
			c.removed = append(c.removed, was)
		}
	}
	c.findRenamed(ctx, rules, imported)
	return c
}

func (c *changes) add(both change, imported bool) {
	both.now.id = both.was.id
	same := both.now.row.Equal(both.was.row) || imported && both.now.row.CoveredBy(both.was.row)
	if same {
		c.kept = append(c.kept, both)
	} else {
		c.changed = append(c.changed, both)
	}
}

// findRenamed finds a removed key and an added key with the same login identifier or external id. Only one identity can
// have this value, so both keys are the same person.
func (c *changes) findRenamed(ctx context.Context, rules *identity.Rows, imported bool) {
	if len(c.removed) == 0 || len(c.created) == 0 {
		return
	}
	for _, e := range slices.Concat(c.removed, c.created) {
		rules.AwaitSchema(ctx, e.row.SchemaID)
	}
	leaving := map[base.Unique]*entry{}
	for _, was := range c.removed {
		for _, unique := range personOf(ctx, rules, was.row) {
			leaving[unique] = was
		}
	}
	var created, removed []*entry
	taken := map[*entry]bool{}
	for _, now := range c.created {
		was := (*entry)(nil)
		for _, unique := range personOf(ctx, rules, now.row) {
			if found := leaving[unique]; found != nil && !taken[found] {
				was = found
				break
			}
		}
		if was == nil {
			created = append(created, now)
			continue
		}
		taken[was] = true
		both := change{now, was}
		c.renamed = append(c.renamed, both)
		c.add(both, imported)
	}
	for _, was := range c.removed {
		if !taken[was] {
			removed = append(removed, was)
		}
	}
	c.created, c.removed = created, removed
}

// changesIDs reports whether the document ids changes.
func (c *changes) changesIDs() bool { return len(c.created)+len(c.removed)+len(c.renamed) > 0 }

func (c *changes) isEmpty() bool { return len(c.changed) == 0 && !c.changesIDs() }

// personOf is uniquesOf, with a stand-in for a row whose unique values aren't known.
func personOf(ctx context.Context, rules *identity.Rows, row identity.Row) []base.Unique {
	return orContent(uniquesOf(ctx, rules, row), row.SchemaID, row.Traits)
}

// orContent returns the unique values of an identity, or a stand-in if there are none.
func orContent(uniques []base.Unique, schemaID string, traits json.RawMessage) []base.Unique {
	if len(uniques) == 0 {
		return []base.Unique{identity.Content(schemaID, traits)}
	}
	return uniques
}

func uniquesOf(ctx context.Context, rules *identity.Rows, row identity.Row) []base.Unique {
	return rules.Uniques(ctx, row.SchemaID, row.Traits, row.ExternalID)
}
