package bulk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Read implements resource.Resource. A row that drifted gets the values of the server. A row without an identity on the
// server is removed from the state.
func (r *bulkResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	timeout, d := state.Timeouts.Read(ctx, defaultTimeout)
	diags.Append(d...)
	if diags.HasError() {
		return
	}
	if r.Data != nil {
		r.Data.Walk.MarkRead(state.ID.ValueString())
	}
	removeConfirmed(ctx, req.Private, diags)
	if r.Data == nil || r.Data.Client == nil {
		r.Data.WarnNotRefreshed(diags)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	defer r.Data.Walk.Begin()()
	f := refresher{bulkResource: r, rules: r.rules(), state: &state, importing: state.Identities.IsNull()}
	if err := f.refresh(ctx); err != nil {
		base.AddError(diags, "Failed to read identities", err)
		return
	}
	if f.importing && len(f.gone) > 0 {
		diags.AddAttributeError(path.Root("ids"), "Identities not found", "The server has no identities with "+
			"the ids of "+f.gone.byKey()+"\n\nCheck that the ids belong to this server or project.")
		return
	}
	if f.changes {
		f.save()
	}
	diags.Append(resp.State.Set(ctx, state)...)
}

// refresher reads the identities of one resource.
type refresher struct {
	*bulkResource
	rules     *identity.Rows
	state     *model
	rows      people
	importing bool
	changes   bool
	gone      problems
}

func (f *refresher) refresh(ctx context.Context) error {
	f.rows = parsePeople(f.state)
	if len(f.rows.problems) > 0 {
		return fmt.Errorf("this version of the provider cannot read %s in the state. Use the version of the provider that "+
			"wrote the state", f.rows.problems.byKey())
	}
	if f.importing {
		ids, err := parseDocument(f.state.IDs.ValueString())
		if err != nil {
			return err
		}
		texts, _ := ids.texts()
		for key, id := range texts {
			f.rows.byKey[key] = &entry{key: key, id: id}
		}
	}
	byID := make(map[string]*entry, len(f.rows.byKey))
	ids := make([]string, 0, len(f.rows.byKey))
	for key, e := range f.rows.byKey {
		if e.id == "" { // its create was interrupted
			delete(f.rows.byKey, key)
			f.changes = true
			continue
		}
		byID[e.id] = e
		ids = append(ids, e.id)
	}
	missing, err := eachIdentity(ctx, f.Data.Client, ids, func(found *kratos.Identity) {
		f.refreshRow(ctx, byID[found.ID], found)
	})
	if err != nil {
		return err
	}
	for _, id := range missing {
		f.gone.add(byID[id].key, "id "+id)
		delete(f.rows.byKey, byID[id].key)
		f.changes = true
	}
	return nil
}

func (f *refresher) refreshRow(ctx context.Context, e *entry, found *kratos.Identity) {
	f.Data.Walk.ReadIdentity(found.ID)
	schemaID := f.state.SchemaID.ValueString()
	if f.importing {
		e.row, f.changes = identity.RowOf(found), true
		// The plan can't keep metadata_admin if the configuration doesn't have it.
		e.row.MetadataAdmin = nil
		return
	}
	fresh := f.rules.Refresh(ctx, e.row, found)
	if fresh.Equal(e.row) {
		return
	}
	e.row, f.changes = fresh, true
	e.raw = e.encode(schemaID)
}

// save writes the rows into the documents of the state.
func (f *refresher) save() {
	if f.importing {
		f.importSchema()
	}
	rows, admin, ids := f.rows.documents()
	f.state.Identities, f.state.IDs = types.StringValue(rows.String()), types.StringValue(ids.String())
	if !f.state.MetadataAdmin.IsNull() || len(admin) > 0 {
		f.state.MetadataAdmin = types.StringValue(admin.String())
	}
}

// importSchema sets schema_id of the resource if all imported rows have the same schema.
func (f *refresher) importSchema() {
	ids := map[string]bool{}
	for _, e := range f.rows.byKey {
		ids[e.row.SchemaID] = true
	}
	if len(ids) == 1 {
		f.state.SchemaID = types.StringValue(slices.Collect(maps.Keys(ids))[0])
	}
	for _, e := range f.rows.byKey {
		e.raw = e.encode(f.state.SchemaID.ValueString())
	}
}

const (
	// fewIDs is the number of identities that are always read by their ids.
	fewIDs = 3 * kratos.MaxIDsPerList

	// fewMissing is how many missing identities are confirmed one by one. Of more, so many are.
	fewMissing = 100
)

// eachIdentity calls visit for the identities with these ids, one at a time. It uses the kind of list that needs fewer
// requests. It returns the ids that the server doesn't have.
func eachIdentity(
	ctx context.Context, client *batch.Client, ids []string, visit func(*kratos.Identity),
) (missing []string, err error) {
	left := make(map[string]bool, len(ids))
	for _, id := range ids {
		left[id] = true
	}
	var mu sync.Mutex
	var p progress
	defer p.watch(ctx, "reading identities", len(ids), client.Answers)()
	found := func(identity *kratos.Identity) {
		mu.Lock()
		defer mu.Unlock()
		if left[identity.ID] {
			delete(left, identity.ID)
			visit(identity)
			p.done.Add(1)
		}
	}
	paged := false
	if len(left) > fewIDs {
		if paged, err = byPages(ctx, client, left, found); err != nil {
			return nil, err
		}
	}
	if !paged || len(left) > fewMissing {
		if err := byIDs(ctx, client, slices.Sorted(maps.Keys(left)), found); err != nil {
			return nil, err
		}
	}
	missing = slices.Sorted(maps.Keys(left))
	some := missing[:min(len(missing), fewMissing)]
	gone, err := confirm(ctx, client, some, found)
	switch {
	case err != nil || len(some) == len(missing):
		return gone, err
	case len(gone) < len(some):
		return nil, fmt.Errorf("%d identities are in no list of the server, and some of them exist", len(missing))
	}
	return missing, nil
}

// byPages reads all identities of the server. If lists by ids need fewer requests, it stops after the first 500
// identities and returns false. Ids are random, so the last of these ids shows how many identities the server has.
func byPages(
	ctx context.Context, client *batch.Client, left map[string]bool, found func(*kratos.Identity),
) (bool, error) {
	wanted, seen := len(left), 0
	for identity, err := range client.ListIdentities(ctx, kratos.ListIdentitiesOptions{PageSize: kratos.MaxLongPageSize}) {
		if err != nil {
			if errors.Is(err, kratos.ErrSchemaRemoved) || errors.Is(err, kratos.ErrTooLarge) {
				return false, nil // lists by ids may still be possible
			}
			return false, err
		}
		found(identity)
		seen++
		pages := estimate(identity.ID, seen) / kratos.MaxPageSize
		if seen == kratos.MaxPageSize && pages > wanted/kratos.MaxIDsPerList {
			return false, nil
		}
		if len(left) == 0 {
			return true, nil
		}
	}
	return true, nil
}

// estimate returns the estimated number of identities of the server, if count identities have ids up to this id.
func estimate(id string, count int) int {
	const digits = 8
	if len(id) < digits {
		return count
	}
	last, err := strconv.ParseUint(id[:digits], 16, 64)
	if err != nil {
		return count
	}
	return int(float64(count) * float64(1<<(4*digits)) / float64(last+1))
}

// byIDs reads identities by lists of ids.
func byIDs(ctx context.Context, client *batch.Client, ids []string, found func(*kratos.Identity)) error {
	chunks := slices.Collect(slices.Chunk(ids, kratos.MaxIDsPerList))
	errs := make([]error, len(chunks))
	batch.ForEach(len(chunks), func(i int) {
		for identity, err := range client.ListIdentities(ctx, kratos.ListIdentitiesOptions{IDs: chunks[i]}) {
			if err != nil {
				errs[i] = err
				return
			}
			found(identity)
		}
	})
	return errors.Join(errs...)
}

// confirm reads the identities that no list contains, one by one. Only a 404 for the id proves that an identity doesn't
// exist.
func confirm(
	ctx context.Context, client *batch.Client, ids []string, found func(*kratos.Identity),
) (missing []string, err error) {
	gone, errs := make([]bool, len(ids)), make([]error, len(ids))
	batch.ForEach(len(ids), func(i int) {
		identity, err := client.Client.GetIdentity(ctx, ids[i])
		switch {
		case err == nil:
			found(identity)
		case errors.Is(err, kratos.ErrNotFound):
			gone[i] = true
		default:
			errs[i] = fmt.Errorf("identity %s: %w", ids[i], err)
		}
	})
	for i, id := range ids {
		if gone[i] {
			missing = append(missing, id)
		}
	}
	return missing, errors.Join(errs...)
}
