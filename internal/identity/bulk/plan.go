package bulk

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

// planner plans one resource.
type planner struct {
	*bulkResource
	rules               *identity.Rows
	config, plan, state model
	creating, imported  bool
	before, after       people
	changes             changes
	secrets             secrets
	diags               *diag.Diagnostics
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *bulkResource) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	p := planner{bulkResource: r, rules: r.rules(), diags: &resp.Diagnostics, creating: req.State.Raw.IsNull()}
	if !p.creating {
		p.diags.Append(req.State.Get(ctx, &p.state)...)
	}
	if req.Plan.Raw.IsNull() {
		p.planDestroy(ctx)
		return
	}
	p.diags.Append(req.Config.Get(ctx, &p.config)...)
	p.diags.Append(req.Plan.Get(ctx, &p.plan)...)
	if !p.creating {
		imported, more := req.Private.GetKey(ctx, importedKey)
		p.imported = len(imported) > 0
		p.diags.Append(more...)
	}
	if p.diags.HasError() {
		return
	}
	p.planChange(ctx)
	if p.diags.HasError() {
		return
	}
	p.diags.Append(resp.Plan.Set(ctx, p.plan)...)
}

func (p *planner) planChange(ctx context.Context) {
	p.plan.ID = p.state.ID
	if p.creating {
		p.plan.ID = types.StringUnknown()
	}
	p.plan.IDs = types.StringUnknown()
	if !p.config.isKnown() {
		return
	}
	if p.before = readablePeople(&p.state, p.diags); p.diags.HasError() {
		return
	}
	if p.after = p.before.withoutIDs(); !p.config.hasRowsOf(&p.state) {
		p.after = parsePeople(&p.config)
	}
	p.changes = compare(ctx, p.rules, &p.before, &p.after, p.imported)
	p.keepState()
	departs := p.check(ctx)
	p.after.problems.addTo(p.diags, "Rows cannot be applied", "Nothing was changed. Correct these rows and plan again.")
	if p.diags.HasError() || !departs {
		return
	}
	policy, removed := p.plan.DeletionPolicy.ValueString(), p.changes.removed
	leaving := p.leaving(ctx, removed)
	p.checkRemaining(policy, removed, leaving)
	if policy == identity.DeletionRetain || p.diags.HasError() {
		return
	}
	p.checkLeaving(ctx, removed, leaving)
}

// keepState copies unchanged values of the state to the plan. A document with the same meaning keeps its text, together
// with the schema_id of its rows. Terraform allows this if both configuration and state have a value. After an import
// the documents of the state also have members that Terraform doesn't own, so they are kept only if nothing else
// changes.
func (p *planner) keepState() {
	if p.creating || len(p.after.problems) > 0 {
		return
	}
	sameNulls := p.config.SchemaID.IsNull() == p.state.SchemaID.IsNull() &&
		p.config.MetadataAdmin.IsNull() == p.state.MetadataAdmin.IsNull()
	// The repeated plan of an apply has no read. It must not replace values that the first plan showed.
	wasRead := p.Data != nil && p.Data.Walk.WasRead(p.state.ID.ValueString())
	if p.changes.isEmpty() && sameNulls && p.samePolicies() && wasRead {
		p.plan.Identities, p.plan.SchemaID = p.state.Identities, p.state.SchemaID
		p.plan.MetadataAdmin = p.state.MetadataAdmin
	}
	if !p.changes.changesIDs() {
		p.plan.IDs = p.state.IDs
	}
}

// samePolicies reports whether all arguments other than the rows are unchanged.
func (p *planner) samePolicies() bool {
	return p.plan.HashesVersion.Equal(p.state.HashesVersion) && p.plan.PasswordVersion.Equal(p.state.PasswordVersion) &&
		p.plan.OnConflict.Equal(p.state.OnConflict) && p.plan.DeletionPolicy.Equal(p.state.DeletionPolicy) &&
		p.plan.Timeouts.Equal(p.state.Timeouts)
}

// check adds the problems of rows. It reports whether the plan removes rows and must check what happens to their
// identities.
func (p *planner) check(ctx context.Context) (departs bool) {
	if p.Data != nil {
		defer p.Data.Walk.Begin()()
	}
	bad := &p.after.problems
	p.secrets = secretsOf(&p.config, &p.after)
	p.checkRows(ctx)
	if p.Data != nil {
		p.declare(ctx)
	}
	p.warn()
	return len(*bad) == 0 && p.Data != nil && len(p.changes.removed) > 0
}

// checkRows checks new and changed rows.
func (p *planner) checkRows(ctx context.Context) {
	created := p.changes.created
	rows := slices.Clone(created)
	for _, both := range p.changes.changed {
		rows = append(rows, both.now)
	}
	reasons := make([][]string, len(rows))
	batch.ForEach(len(rows), func(i int) { reasons[i] = p.rules.Check(ctx, rows[i].row, i < len(created)) })
	for i, e := range rows {
		for _, reason := range reasons[i] {
			p.after.problems.add(e.key, reason)
		}
	}
}

// warn adds warnings about consequences of the plan that the user may not expect.
func (p *planner) warn() {
	if renamed := p.changes.renamed; len(renamed) > 0 {
		p.diags.AddAttributeWarning(path.Root("identities"), "Keys renamed",
			fmt.Sprintf("The configuration replaces the key %q with the key %q, which has the same login identifier or "+
				"external_id. The identity is kept. Renamed keys in this plan: %d.",
				renamed[0].was.key, renamed[0].now.key, len(renamed)))
	}
	if p.imported && sendsSecrets(&p.plan, &p.state) {
		p.diags.AddAttributeWarning(path.Root("identities"), "Passwords not sent after import", "The identities were "+
			"imported and may already have passwords. This apply only records the version of the passwords and sends the "+
			"passwords of new rows. To set all passwords, change the version again after this apply.")
	}
}

// sendsSecrets reports whether the version of the passwords changes.
func sendsSecrets(plan, state *model) bool {
	changes := func(now, then types.Int64) bool { return !now.IsNull() && !now.Equal(then) }
	return changes(plan.HashesVersion, state.HashesVersion) || changes(plan.PasswordVersion, state.PasswordVersion)
}
