package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// removalTime bounds the removal of the created identities after a refused create, if the run was cancelled.
const removalTime = 2 * time.Minute

// Create implements resource.Resource. It is all or nothing: if the server refuses a row, Create deletes the identities
// that it has created.
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
	plan.ID, plan.IDs = types.StringValue(kratos.NewUUID()), types.StringValue(ids.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if m.isComplete() {
		m.journal.confirm(ctx, resp.Private, &resp.Diagnostics)
	}
}

// newMaker returns a maker. It adds errors for rows that can't be parsed and for invalid secrets, because the values
// may have been unknown during the plan.
func (r *bulkResource) newMaker(config, plan *model, rows *people, diags *diag.Diagnostics) *maker {
	m := &maker{data: r.Data, rules: r.rules(), secrets: secretsOf(config, rows), adopts: plan.adopts(), diags: diags}
	rows.problems.addTo(diags, "Rows cannot be applied", "Nothing was changed. Correct these rows and apply again.")
	return m
}

// concludeCreate finishes a create. It reports whether there is a state to save.
func (m *maker) concludeCreate(ctx context.Context) bool {
	if ctx.Err() != nil {
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
	case ctx.Err() != nil:
		return m.interrupted(ctx)
	case m.anyRefused():
		return m.undo(ctx, bad)
	}
	m.release()
	bad.addTo(m.diags, "Identities not created", "The server failed, so the provider did not delete the created "+
		"identities. "+afterFailure)
	return true
}

const afterFailure = "Terraform marks the resource as tainted: the next apply deletes the created identities and " +
	"creates all identities. To keep the created identities and create only the missing identities, run terraform " +
	"untaint before the next apply."

// interrupted reports that the run was cancelled. It adds a warning, because an error would taint the resource.
func (m *maker) interrupted(ctx context.Context) bool {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		m.release()
	}
	there := 0
	for _, p := range m.rows {
		if p.id != "" {
			there++
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		m.diags.AddAttributeError(path.Root("timeouts"), "Identities not created in time", fmt.Sprintf("The provider "+
			"created %d of %d identities within the time limit of the timeouts block. Increase the time limit. "+
			"%s", there, len(m.rows),
			afterFailure))
		return true
	}
	text := fmt.Sprintf("%d of %d identities were created and are in the state. The next apply creates the others.",
		there, len(m.rows))
	if bad := m.problems(); len(bad) > 0 {
		text += " The server refused these rows:\n" + bad.list()
	}
	m.diags.AddAttributeWarning(path.Root("identities"), "Create interrupted", text)
	return true
}

// release takes adopted and recovered identities out of the rows before an error taints the resource: the next apply
// would delete people who existed before. It adopts or recovers them again instead.
func (m *maker) release() {
	for _, p := range m.rows {
		if p.recovered || p.owner != "" && p.id == p.owner {
			p.id = ""
		}
	}
}

func (m *maker) anyProblem() bool {
	return slices.ContainsFunc(m.rows, func(p *pending) bool { return p.problem != "" })
}

func (m *maker) anyRefused() bool {
	return slices.ContainsFunc(m.rows, func(p *pending) bool { return p.problem != "" && !p.failed })
}

// isComplete reports whether the state has all identities that this run may have created.
func (m *maker) isComplete() bool {
	return !slices.ContainsFunc(m.rows, func(p *pending) bool { return (p.lost || p.recovered) && p.id == "" })
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

// undo deletes the identities that were created for this resource, and no others. It reports whether an identity is
// left.
func (m *maker) undo(ctx context.Context, bad problems) (left bool) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), removalTime)
		defer cancel()
	}
	m.readBack(ctx, func(*pending, *kratos.Identity) {})
	var created []*pending
	m.release()
	for _, p := range m.rows {
		if p.created && !p.recovered {
			created = append(created, p)
		}
	}
	var mu sync.Mutex
	var stay []string
	batch.ForEach(len(created), func(i int) {
		p := created[i]
		if err := m.rules.Delete(ctx, p.id); err != nil && !errors.Is(err, kratos.ErrNotFound) {
			mu.Lock()
			defer mu.Unlock()
			stay = append(stay, p.id)
			return
		}
		p.id = ""
	})
	kept := slices.ContainsFunc(m.rows, func(p *pending) bool { return p.recovered }) // the journal has them
	after := "The provider creates all rows or none, so the server now has none of the rows. Correct these rows and " +
		"apply again."
	if kept {
		after = "The provider deleted the identities that this apply created. It kept those that an earlier, killed apply " +
			"created: the next apply continues with them. Correct these rows and apply again."
	}
	if !m.adopts {
		after += fmt.Sprintf(" To manage existing identities, import them, or set on_conflict = %q to adopt them.",
			identity.ConflictAdopt)
	}
	if len(stay) > 0 {
		after = fmt.Sprintf("The deletion of %d created identities failed. They are in the state: %s. %s", len(stay),
			strings.Join(stay[:min(len(stay), shownRows)], ", "), afterFailure)
		if kept {
			after += " The next apply also continues with the identities that an earlier, killed apply created."
		}
	} else if m.isComplete() {
		m.journal.remove()
	}
	bad.addTo(m.diags, "Identities refused", after)
	return len(stay) > 0
}
