package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Update implements resource.Resource. Each row succeeds or fails alone: the state gets the rows that succeeded, and
// the next plan shows the others.
func (r *bulkResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	u := updater{bulkResource: r, rules: r.rules(), diags: &resp.Diagnostics}
	u.diags.Append(req.Config.Get(ctx, &u.config)...)
	u.diags.Append(req.Plan.Get(ctx, &u.plan)...)
	u.diags.Append(req.State.Get(ctx, &u.state)...)
	imported, d := req.Private.GetKey(ctx, importedKey)
	u.diags.Append(d...)
	u.imported = len(imported) > 0
	timeout, d := u.plan.Timeouts.Update(ctx, defaultTimeout)
	u.diags.Append(d...)
	u.before, u.after = readablePeople(&u.state, u.diags), parsePeople(&u.plan)
	u.maker = r.newMaker(&u.config, &u.plan, &u.after, u.diags)
	if u.diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	u.run(ctx)
	u.save(ctx, resp)
}

// updater updates the rows of one resource.
type updater struct {
	*bulkResource
	rules               *identity.Rows
	config, plan, state model
	imported            bool
	before, after       people
	changes             changes
	maker               *maker
	diags               *diag.Diagnostics

	mu   sync.Mutex
	bad  problems
	stay []*entry // rows of the state whose identities could not be removed
}

func (u *updater) run(ctx context.Context) {
	u.changes = compare(ctx, u.rules, &u.before, &u.after, u.imported)
	for _, list := range [][]change{u.changes.kept, u.changes.changed} {
		for _, both := range list {
			u.Data.Walk.Claim(both.now.id)
		}
	}
	u.remove(ctx, u.changes.removed)
	u.updateRows(ctx)
	if len(u.changes.created) == 0 {
		return
	}
	u.maker.make(ctx, u.changes.created)
	if ctx.Err() == nil {
		u.maker.adoptOwners(ctx)
		u.maker.finish(ctx)
	}
	for _, p := range u.maker.rows {
		switch {
		case p.problem != "":
			u.bad.add(p.key, p.problem)
		case p.id == "":
			u.bad.add(p.key, notBegun)
		}
	}
}

const notBegun = "The row was not changed: the apply was interrupted, or its time limit ended."

// updateRows changes the rows that differ, and sends the passwords of all rows if their version changes.
func (u *updater) updateRows(ctx context.Context) {
	rows := u.changes.changed
	sendAll := sendsSecrets(&u.plan, &u.state) && !u.imported
	if sendAll {
		for _, both := range u.changes.kept {
			if u.maker.secrets.has(both.now.key) {
				rows = append(rows, both)
			}
		}
	}
	if len(rows) == 0 {
		return
	}
	var p progress
	defer p.watch(ctx, "updating identities", len(rows), u.Data.Client.Answers)()
	var again []change
	for _, wave := range u.waves(ctx, rows) {
		batch.ForEach(len(wave), func(i int) {
			reason, conflicts := u.updateRow(ctx, wave[i], sendAll)
			switch {
			case conflicts:
				u.mu.Lock()
				again = append(again, wave[i])
				u.mu.Unlock()
			case reason != "":
				u.fail(wave[i], reason)
			}
			p.done.Add(1)
		})
	}
	for _, both := range again { // rows can pass on values that the provider doesn't know to be unique
		if reason, _ := u.updateRow(ctx, both, sendAll); reason != "" {
			u.fail(both, u.explain(ctx, both.now, reason))
		}
	}
}

// waves groups the rows. One row can pass an address to another row, so each row comes after the rows that give up what
// it takes.
func (u *updater) waves(ctx context.Context, rows []change) (waves [][]change) {
	givers := map[base.Unique]int{}
	for i, both := range rows {
		for _, unique := range uniquesOf(ctx, u.rules, both.was.row) {
			givers[unique] = i
		}
	}
	depths := make([]int, len(rows))
	var depthOf func(i int) int
	depthOf = func(i int) int {
		if depths[i] > 0 {
			return depths[i]
		}
		depths[i] = 1 // ends a circle
		for _, unique := range uniquesOf(ctx, u.rules, rows[i].now.row) {
			if giver, ok := givers[unique]; ok && giver != i {
				depths[i] = max(depths[i], depthOf(giver)+1)
			}
		}
		return depths[i]
	}
	for i, both := range rows {
		depth := depthOf(i)
		for len(waves) < depth {
			waves = append(waves, nil)
		}
		waves[depth-1] = append(waves[depth-1], both)
	}
	return waves
}

// explain names the identity that a row conflicts with, and the row of that identity.
func (u *updater) explain(ctx context.Context, e *entry, reason string) string {
	owner := u.rules.ConflictsWith(ctx, e.id, e.row)
	if owner == "" {
		return reason
	}
	for _, other := range u.after.byKey {
		if other.id == owner {
			return fmt.Sprintf("It conflicts with the identity %s, which the row %q has. Rows that exchange values need a "+
				"third value in between.", owner, other.key)
		}
	}
	return fmt.Sprintf("It conflicts with the identity %s.", owner)
}

// updateRow returns the reason for a failed update, empty for success, and whether it is a conflict with another
// identity.
func (u *updater) updateRow(ctx context.Context, both change, sendAll bool) (reason string, conflicts bool) {
	if ctx.Err() != nil {
		return notBegun, false
	}
	want := both.now.row
	if sendAll {
		want = u.maker.secrets.of(both.now)
	}
	was := &both.was.row
	if u.imported { // Terraform has set nothing yet
		was = nil
	}
	diags := u.rules.Update(ctx, both.now.id, was, want)
	return strings.Join(identity.Reasons(diags), " "), identity.IsConflict(diags)
}

// fail restores the old row, so that the next plan shows the difference.
func (u *updater) fail(both change, reason string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.bad.add(both.now.key, reason)
	both.now.raw, both.now.row = u.rawOf(both.was), both.was.row
}

// rawOf returns a row of the old state for the document of the new state, which may have another schema_id.
func (u *updater) rawOf(was *entry) json.RawMessage {
	if u.plan.SchemaID.Equal(u.state.SchemaID) {
		return was.raw
	}
	return was.encode(u.plan.SchemaID.ValueString())
}

// remove removes the identities of removed rows.
func (u *updater) remove(ctx context.Context, rows []*entry) {
	u.stay = remove(ctx, u.bulkResource, u.plan.DeletionPolicy.ValueString(), rows, &u.bad)
}

// remove removes identities according to the deletion policy. It returns the rows that failed, and adds their problems.
func remove(
	ctx context.Context, r *bulkResource, policy string, rows []*entry, bad *problems,
) (stay []*entry) {
	if policy == identity.DeletionRetain || len(rows) == 0 {
		return nil
	}
	rules := r.rules()
	reasons := make([]string, len(rows))
	forEach(ctx, r.Data.Client, "removing identities", len(rows), func(i int) {
		reasons[i] = removeOne(ctx, r.Data, rules, policy, rows[i].id)
	})
	for i, reason := range reasons {
		if reason != "" {
			bad.add(rows[i].key, reason)
			stay = append(stay, rows[i])
		}
	}
	return stay
}

func removeOne(ctx context.Context, data *base.Data, rules *identity.Rows, policy, id string) (reason string) {
	if ctx.Err() != nil {
		return notBegun
	}
	if data.Walk.Claimed(id) {
		return fmt.Sprintf("Another resource adopted the identity %s of this row in this apply, so the identity is "+
			"unchanged. Apply again with deletion_policy = %q.", id, identity.DeletionRetain)
	}
	var err error
	if policy == identity.DeletionDeactivate {
		err = rules.Deactivate(ctx, id)
	} else if err = rules.Delete(ctx, id); err == nil {
		data.Walk.MarkDeleted(id)
	}
	if err == nil || errors.Is(err, kratos.ErrNotFound) {
		return ""
	}
	return fmt.Sprintf("The removal of the identity %s of this row failed: %s", id, explained(err))
}

// save writes the current state. After a failure it has rows of the plan and rows of the old state.
func (u *updater) save(ctx context.Context, resp *resource.UpdateResponse) {
	for _, p := range u.maker.rows {
		if p.id == "" || p.problem != "" && !p.created {
			delete(u.after.byKey, p.key)
		}
	}
	for _, was := range u.stay {
		was.raw = u.rawOf(was)
		u.after.byKey[was.key] = was
	}
	rows, admin, ids := u.after.documents()
	m := u.plan
	m.ID, m.IDs = u.state.ID, types.StringValue(ids.String())
	if len(u.bad) > 0 {
		m.Identities, m.MetadataAdmin = types.StringValue(rows.String()), u.state.MetadataAdmin
		if !u.plan.MetadataAdmin.IsNull() || !u.state.MetadataAdmin.IsNull() {
			m.MetadataAdmin = types.StringValue(admin.String())
		}
		m.HashesVersion, m.PasswordVersion = u.state.HashesVersion, u.state.PasswordVersion
	} else if !u.changes.changesIDs() {
		m.IDs = u.state.IDs
	}
	u.diags.Append(resp.State.Set(ctx, m)...)
	if u.maker.journal.run != "" && u.maker.isComplete() {
		u.maker.journal.confirm(ctx, resp.Private, u.diags)
	}
	if len(u.bad) == 0 {
		u.diags.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
		return
	}
	u.diags.AddAttributeError(path.Root("identities"), "Rows not applied", u.bad.byKey()+"\n\nAll other rows were "+
		"applied and are in the state. The next plan shows the remaining rows.")
}
