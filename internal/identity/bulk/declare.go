package bulk

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

// declare finds two rows, or a row and another resource, that declare one person: see base.Walk.
func (p *planner) declare(ctx context.Context) {
	owners := map[base.Unique]string{}
	before := p.uniquesBefore(ctx)
	if p.creating {
		if shared := p.Data.Walk.Newcomer(); shared != "" {
			p.after.problems.add("", fmt.Sprintf("This resource is planned as new and may be tainted, but the identity %s "+
				"is in the state twice. Remove one of the two resources from the state with a removed block that has "+
				"destroy = false.", shared))
		}
	}
	for _, key := range p.after.keys() {
		e := p.after.byKey[key]
		uniques := uniquesOf(ctx, p.rules, e.row)
		if p.twice(owners, e, uniques) {
			continue
		}
		if p.wantsRemaining(e, uniques) {
			continue
		}
		if was, changes := before[e]; changes { // rows may hand values on: the apply detects a real conflict
			uniques = common(uniques, was)
		}
		p.declareRow(e, uniques)
	}
	p.warnHandedOn(ctx, before, owners)
}

// uniquesBefore returns the unique values that the rows that change have in the state.
func (p *planner) uniquesBefore(ctx context.Context) map[*entry][]base.Unique {
	before := map[*entry][]base.Unique{}
	for _, both := range p.changes.changed {
		before[both.now] = uniquesOf(ctx, p.rules, both.was.row)
	}
	return before
}

// warnHandedOn warns of rows that take a unique value of another row. Where the keys have moved to other people, as
// after a sort of a list, each person would get the password of another one.
func (p *planner) warnHandedOn(ctx context.Context, before map[*entry][]base.Unique, owners map[base.Unique]string) {
	var handed problems
	for _, was := range p.changes.removed {
		before[was] = uniquesOf(ctx, p.rules, was.row)
	}
	for e, uniques := range before {
		for _, unique := range uniques {
			if key, stays := owners[unique]; stays && key != e.key {
				handed.add(key, fmt.Sprintf("It takes the %s that the row %q has in the state.",
					identity.KindName(unique.Kind), e.key))
				break
			}
		}
	}
	if len(handed) > 0 {
		p.diags.AddAttributeWarning(path.Root("identities"), "Identifiers passed to other rows", handed.byKey()+"\n\nEach "+
			"row keeps its identity, with its password and sessions. If the keys have moved to other people, for example "+
			"after a sort of a list, give each person the old key.")
	}
}

// twice adds a problem if another row of the document has one of the unique values.
func (p *planner) twice(owners map[base.Unique]string, e *entry, uniques []base.Unique) bool {
	for _, unique := range uniques {
		if other, taken := owners[unique]; taken {
			p.after.problems.add(e.key, fmt.Sprintf("The row has the same %s as the row %q.",
				identity.KindName(unique.Kind), other))
			return true
		}
	}
	for _, unique := range uniques {
		owners[unique] = e.key
	}
	return false
}

func common(some, others []base.Unique) []base.Unique {
	there := map[base.Unique]bool{}
	for _, unique := range others {
		there[unique] = true
	}
	var both []base.Unique
	for _, unique := range some {
		if there[unique] {
			both = append(both, unique)
		}
	}
	return both
}

// wantsRemaining adds a problem if a row gets a unique value of an identity that stays on the server after its object
// is destroyed. A new row may adopt that identity.
func (p *planner) wantsRemaining(e *entry, uniques []base.Unique) bool {
	if e.id == "" && (p.plan.adopts() || p.plan.OnConflict.IsUnknown()) {
		return false
	}
	id, kind := p.Data.Walk.Want(e.id, uniques)
	if id == "" {
		return false
	}
	p.after.problems.add(e.key, fmt.Sprintf("The plan destroys the object of identity %s, whose deletion_policy keeps "+
		"the identity on the server. The identity has the same %s, which the server would refuse to this row. To take "+
		"over the identity with a new row, set on_conflict = %q.", id, identity.KindName(kind), identity.ConflictAdopt))
	return true
}

// declareRow declares a row to the walk.
func (p *planner) declareRow(e *entry, uniques []base.Unique) {
	const cure = " Remove one of the two. To remove a resource from the state without a change of its identity, add a " +
		"removed block with destroy = false."
	conflict := p.Data.Walk.Declare(e.id, uniques)
	switch {
	case conflict == nil:
	case conflict.Kind == "" && conflict.Role == base.Leaves:
		p.after.problems.add(e.key, fmt.Sprintf("Another object of the Terraform state has the identity %s of this row, "+
			"and will be destroyed.%s", e.id, cure))
		return
	case conflict.Kind == "":
		p.after.problems.add(e.key, fmt.Sprintf("Another object of the Terraform state or the plan also has the "+
			"identity %s of this row.%s", e.id, cure))
		return
	default:
		p.after.problems.add(e.key, fmt.Sprintf("Another resource of the configuration has the same %s.%s",
			identity.KindName(conflict.Kind), cure))
		return
	}
	if e.id != "" {
		for _, reason := range p.rules.DeclareKeys(e.id, p.rowBefore(e), e.row) {
			p.after.problems.add(e.key, reason)
		}
		return
	}
	leaver := p.Data.Walk.Arrive("", uniques, p.plan.adopts())
	if id, kind := p.Data.Walk.Holder("", uniques); id != "" && p.plan.adopts() {
		p.after.problems.add(e.key, fmt.Sprintf("Another resource manages the identity %s, which has the same %s and which "+
			"this row would adopt.%s", id, identity.KindName(kind), cure))
		return
	}
	switch {
	case leaver == nil || leaver.Spared:
	case p.plan.adopts():
		p.after.problems.add(e.key, fmt.Sprintf("The plan destroys the object of identity %s, which has the same %s and "+
			"which this row would adopt. Add a removed block with destroy = false for that object.",
			leaver.ID, identity.KindName(leaver.Kind)))
	default:
		p.diags.AddAttributeWarning(path.Root("identities"), "Identity will be created again", fmt.Sprintf("The plan "+
			"destroys the object of identity %s and creates the row %q with the same %s. The new identity would have another "+
			"id, and the password and the sessions would be lost. To move the identity, add a removed block with destroy = "+
			"false for that object, and set on_conflict = %q here.",
			leaver.ID, e.key, identity.KindName(leaver.Kind), identity.ConflictAdopt))
	}
}

// rowBefore returns the row that the identity has in the state.
func (p *planner) rowBefore(e *entry) identity.Row {
	if was := p.before.byKey[e.key]; was != nil && was.id == e.id {
		return was.row
	}
	for _, both := range p.changes.renamed {
		if both.now == e {
			return both.was.row
		}
	}
	return identity.Row{}
}

// leaving returns the identities of removed rows, in their order.
func (p *planner) leaving(ctx context.Context, removed []*entry) []base.Leaving {
	leaving := make([]base.Leaving, 0, len(removed))
	for _, was := range removed {
		leaving = append(leaving, base.Leaving{ID: was.id, Uniques: uniquesOf(ctx, p.rules, was.row)})
	}
	return leaving
}

// checkLeaving refuses the plan if another object keeps or takes over an identity whose row goes.
func (p *planner) checkLeaving(ctx context.Context, removed []*entry, leaving []base.Leaving) {
	var bad problems
	for i, found := range p.Data.Walk.DepartTogether(ctx, leaving) {
		switch was := removed[i]; {
		case found.Kept:
			bad.add(was.key, fmt.Sprintf("Another object of the Terraform state or the plan keeps the identity %s of this "+
				"row.", was.id))
		case found.Adopts:
			bad.add(was.key, fmt.Sprintf("A new resource with the same %s adopts the identity %s of this row.",
				identity.KindName(found.Kind), was.id))
		}
	}
	bad.addTo(p.diags, "Identities would be destroyed under another resource", fmt.Sprintf("The plan removes these "+
		"rows, which would delete or deactivate their identities. To move the identities to the other resource, set "+
		"deletion_policy = %q in the same apply. Or remove the other object.", identity.DeletionRetain))
}

// checkRemaining refuses the plan if another object takes over a unique value of an identity that stays on the server.
func (p *planner) checkRemaining(policy string, removed []*entry, leaving []base.Leaving) {
	if !identity.KeepsIdentity(policy) {
		return
	}
	var bad problems
	for i, was := range removed {
		if kind, wanted := p.Data.Walk.Remain(was.id, leaving[i].Uniques); wanted {
			bad.add(was.key, fmt.Sprintf("Another row, or another resource of the plan, gets the %s of the identity %s of this "+
				"row.", identity.KindName(kind), was.id))
		}
	}
	bad.addTo(p.diags, "Values of identities that remain", fmt.Sprintf("The plan removes these rows, and deletion_policy "+
		"= %q keeps their identities on the server, which would refuse their values to other identities. If the keys have "+
		"moved to other people, for example after a sort of a list, give each person the old key. To take over the "+
		"identities with new resources, set on_conflict = %q for these resources. To destroy everything, run terraform "+
		"destroy -refresh=false.", policy, identity.ConflictAdopt))
}

// planDestroy plans the destroy of the resource.
func (p *planner) planDestroy(ctx context.Context) {
	policy := p.state.DeletionPolicy.ValueString()
	p.before = parsePeople(&p.state)
	there := p.before.withIdentity()
	if policy != identity.DeletionDelete {
		p.diags.AddAttributeWarning(path.Root("deletion_policy"), "Identities remain on the server", fmt.Sprintf("The "+
			"deletion_policy is %q: Terraform removes the resource from the state, and its %d identities remain on the "+
			"server.", policy, len(there)))
	}
	if p.Data == nil || len(there) == 0 {
		return
	}
	leaving := p.leaving(ctx, there)
	p.checkRemaining(policy, there, leaving)
	if policy == identity.DeletionRetain || p.diags.HasError() {
		return
	}
	p.checkLeaving(ctx, there, leaving)
}
