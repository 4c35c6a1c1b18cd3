package bulk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// removalTime bounds the removal of what a refused create has made, after the run was cancelled.
const removalTime = 2 * time.Minute

// Create implements resource.Resource. It is all or nothing: if the server refuses a row, it deletes what it has
// created.
func (r *bulkResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, d := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	rows := parsePeople(&plan)
	m := r.newMaker(&config, &plan, &rows, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	entries := make([]*entry, 0, len(rows.byKey))
	for _, key := range rows.keys() {
		entries = append(entries, rows.byKey[key])
	}
	m.make(ctx, entries)
	if !m.concludeCreate(ctx) {
		return
	}
	_, _, ids := rows.documents()
	plan.ID, plan.IDs = types.StringValue(newUUID()), types.StringValue(ids.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if m.isComplete() {
		m.journal.confirm(ctx, resp.Private, &resp.Diagnostics)
	}
}

// newMaker returns a maker. Rows that can't be parsed, or secrets that can't be sent, are errors: the values may have
// been unknown at plan.
func (r *bulkResource) newMaker(config, plan *model, rows *people, diags *diag.Diagnostics) *maker {
	m := &maker{data: r.Data, rules: r.rules(), secrets: secretsOf(config, rows), adopts: plan.adopts(), diags: diags}
	rows.problems.addTo(diags, "Rows can't be applied", "Nothing was changed. Correct these rows and apply again.")
	return m
}

// concludeCreate ends a create. It reports whether there is a state to save.
func (m *maker) concludeCreate(ctx context.Context) bool {
	if ctx.Err() != nil && !m.anyRefused() {
		return m.interrupted(ctx)
	}
	if !m.anyProblem() {
		m.adoptOwners(ctx)
	}
	if !m.anyProblem() {
		m.finish(ctx)
	}
	bad := m.problems()
	switch {
	case len(bad) == 0:
		return true
	case ctx.Err() != nil && !m.anyRefused():
		return m.interrupted(ctx)
	case m.anyRefused():
		return m.undo(ctx, bad)
	}
	bad.addTo(m.diags, "Identities not created", "The server failed, so nothing was removed again. "+afterFailure)
	return true
}

const afterFailure = "Terraform marks the resource as tainted: the next apply removes those that were created and " +
	"creates all of them. To keep them and create the missing ones only, run terraform untaint before that."

// interrupted tells that the run was cancelled. That is a warning, since an error would taint the resource.
func (m *maker) interrupted(ctx context.Context) bool {
	there := 0
	for _, p := range m.rows {
		if p.id != "" {
			there++
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		m.diags.AddAttributeError(path.Root("timeouts"), "Identities not created in time", fmt.Sprintf("%d of %d "+
			"identities were created in the time that the resource's timeouts allow. Give it more. %s", there, len(m.rows),
			afterFailure))
		return true
	}
	m.diags.AddAttributeWarning(path.Root("identities"), "Create interrupted", fmt.Sprintf("%d of %d identities were "+
		"created and are in the state. The next apply creates the others.", there, len(m.rows)))
	return true
}

func (m *maker) any(is func(*pending) bool) bool {
	for _, p := range m.rows {
		if is(p) {
			return true
		}
	}
	return false
}

func (m *maker) anyProblem() bool { return m.any(func(p *pending) bool { return p.problem != "" }) }

func (m *maker) anyRefused() bool {
	return m.any(func(p *pending) bool { return p.problem != "" && !p.failed })
}

// isComplete reports whether the server has no identity of this run that isn't in the state.
func (m *maker) isComplete() bool {
	return !m.any(func(p *pending) bool { return p.lost && p.id == "" })
}

func (m *maker) problems() problems {
	var bad problems
	for _, p := range m.rows {
		if p.problem != "" {
			bad.add(p.key, p.problem)
		}
	}
	return bad
}

// undo deletes what was created for this resource, and nothing else. It reports whether something is left.
func (m *maker) undo(ctx context.Context, bad problems) (left bool) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), removalTime)
		defer cancel()
	}
	m.readBack(ctx, func(*pending, *kratos.Identity) {})
	var created []*pending
	for _, p := range m.rows {
		if p.created {
			created = append(created, p)
		}
	}
	var mu sync.Mutex
	var stay []string
	batch.ForEach(len(created), func(i int) {
		p := created[i]
		if err := m.data.Client.DeleteIdentity(ctx, p.id); err != nil && !errors.Is(err, kratos.ErrNotFound) {
			mu.Lock()
			defer mu.Unlock()
			stay = append(stay, p.id)
			return
		}
		p.id = ""
	})
	after := "A create is all or nothing, so the server has none of the rows now. Correct these rows and apply again."
	if !m.adopts {
		after += fmt.Sprintf(" To manage people who exist already, import them, or set on_conflict = %q to take them over.",
			conflictAdopt)
	}
	if len(stay) > 0 {
		after = fmt.Sprintf("Removing what was created failed for %d identities, which are in the state: %s. %s", len(stay),
			strings.Join(stay[:min(len(stay), shownRows)], ", "), afterFailure)
	} else if m.isComplete() {
		m.journal.remove()
	}
	bad.addTo(m.diags, "Identities refused", after)
	return len(stay) > 0
}

// adoptOwners takes over the identities that rows conflict with.
func (m *maker) adoptOwners(ctx context.Context) {
	var owned []*pending
	for _, p := range m.rows {
		if p.owner != "" && p.problem == "" {
			owned = append(owned, p)
		}
	}
	batch.ForEach(len(owned), func(i int) {
		p := owned[i]
		switch {
		case ctx.Err() != nil:
			p.fail(ctx.Err())
		case !m.data.Walk.Claim(p.owner):
			p.problem = fmt.Sprintf("The identity %s has one of its values and belongs to another row or resource.", p.owner)
		default:
			if reasons := identity.Reasons(m.update(ctx, p.owner, p)); len(reasons) > 0 {
				p.problem = fmt.Sprintf("Taking over the identity %s failed: %s", p.owner, strings.Join(reasons, " "))
				return
			}
			p.id = p.owner
		}
	})
	if len(owned) > 0 && !m.anyProblem() {
		m.diags.AddAttributeWarning(path.Root("on_conflict"), "Identities adopted: "+countRows(len(owned)),
			"These identities existed already. They were taken over and brought to their rows: "+idsOf(owned)+".")
	}
}

func idsOf(rows []*pending) string {
	var shown []string
	for _, p := range rows[:min(len(rows), shownRows)] {
		shown = append(shown, fmt.Sprintf("%q (%s)", p.key, p.owner))
	}
	if len(rows) > shownRows {
		shown = append(shown, fmt.Sprintf("and %d more", len(rows)-shownRows))
	}
	return strings.Join(shown, ", ")
}

// update brings an identity to a row. An identity that is taken over is activated, unless the row says otherwise.
func (m *maker) update(ctx context.Context, id string, p *pending) diag.Diagnostics {
	want := p.want
	if want.State == "" {
		want.State = kratos.StateActive
	}
	return m.rules.Update(ctx, id, nil, want)
}

// finish reads back what was created, and brings the identities to their rows that differ: those of killed runs and lost
// answers, and those whose verifications the server has ignored.
func (m *maker) finish(ctx context.Context) {
	var differ []*pending
	m.readBack(ctx, func(p *pending, found *kratos.Identity) {
		if p.differs || p.want.Verified(found) {
			return
		}
		p.want.Password, p.want.PasswordHash = "", "" // they were set with the create
		differ = append(differ, p)
	})
	for _, p := range m.rows {
		if p.differs && p.id != "" {
			differ = append(differ, p)
		}
	}
	batch.ForEach(len(differ), func(i int) {
		p := differ[i]
		if ctx.Err() != nil {
			return
		}
		if reasons := identity.Reasons(m.update(ctx, p.id, p)); len(reasons) > 0 {
			p.problem = strings.Join(reasons, " ")
		}
	})
}

// readBack reads the identities that were created, and visits them. An identity that isn't that of its row is given up: a
// gateway may have mixed up answers, and to change or delete the identity would hit somebody else.
func (m *maker) readBack(ctx context.Context, visit func(*pending, *kratos.Identity)) {
	created := map[string]*pending{}
	ids := make([]string, 0, len(m.rows))
	for _, p := range m.rows {
		if p.created && p.id != "" {
			created[p.id] = p
			ids = append(ids, p.id)
		}
	}
	missing, err := eachIdentity(ctx, m.data.Client, ids, func(found *kratos.Identity) {
		p := created[found.ID]
		row := p.row
		row.VerifiedAddresses = nil // the server may have ignored them
		if !p.differs && !(createdSince(found, m.since()) && m.rules.Refresh(ctx, row, found).Equal(row)) {
			p.giveUp(fmt.Sprintf("The server answered with the identity %s, which isn't that of this row. Nothing was done to "+
				"it.", found.ID))
			return
		}
		visit(p, found)
	})
	for _, id := range missing {
		created[id].giveUp(fmt.Sprintf("The server answered with the identity %s, which it doesn't have.", id))
	}
	if err != nil && ctx.Err() == nil {
		m.diags.AddAttributeWarning(path.Root("identities"), "Identities not read back", "The identities were created, and "+
			"reading them back failed: "+err.Error()+". The next plan shows what differs.")
	}
}

// since returns when the first run began that may have created one of the identities.
func (m *maker) since() time.Time {
	if len(m.killed) > 0 {
		return earlier(m.began, m.killed.since())
	}
	return m.began
}

// giveUp takes the identity from the row. What was created for the row, if anything, stays in the journal.
func (p *pending) giveUp(why string) {
	p.id, p.created, p.lost = "", false, true
	p.failed, p.problem = true, why
}
