package identity

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Several objects of the Terraform state and the plan can have the same identity: see
// decisions/0001-objects-that-share-an-identity.md.

// departure is the information that the plan of a destroy passes to the apply in the private state.
type departure struct {
	Spared   bool          `json:"spared,omitempty"` // a new resource adopts the identity
	Unsure   bool          `json:"unsure,omitempty"` // the destroy must wait for the verdict of another destroy
	Verdicts base.Verdicts `json:"verdicts"`
}

// planDestroy plans the destroy of an object, unless another object of the plan keeps its identity.
func (r *identityResource) planDestroy(ctx context.Context, m model, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	diags.Append(resp.Private.SetKey(ctx, departureKey, nil)...)
	if r.Data == nil {
		warnRemains(m, diags)
		return
	}
	schemas, policy := r.operation(diags).schemas, m.DeletionPolicy.ValueString()
	id := m.ID.ValueString()
	if KeepsIdentity(policy) {
		if kind, wanted := r.Data.Walk.Remain(id, m.uniques(ctx, schemas, foldExactly)); wanted {
			addRemaining(diags, path.Root("deletion_policy"), id, kind)
			return
		}
	}
	if policy == DeletionRetain {
		warnRemains(m, diags)
		return
	}
	found := r.Data.Walk.Depart(ctx, id, m.uniques(ctx, schemas, traitschema.Canonical))
	plan := departure{Spared: found.Adopts, Unsure: found.Unsure, Verdicts: found.Verdicts}
	plan.save(ctx, resp.Private, diags)
	switch {
	case found.Kept:
		addShared(diags, id, "will be destroyed", base.Keeps)
	case found.Adopts:
		addSpared(diags, id, "belongs to a resource that will be destroyed, but a new resource with the same "+
			KindName(found.Kind)+" adopts it",
			"the destroy will not change it")
	default:
		warnRemains(m, diags)
		if found.Successor {
			addRenamed(diags, path.Root("id"), id, found.Kind)
		}
	}
}

func (p departure) save(ctx context.Context, private base.PrivateWriter, diags *diag.Diagnostics) {
	if !p.Spared && !p.Unsure && len(p.Verdicts.Spared)+len(p.Verdicts.Destroyed) == 0 {
		return // Terraform writes every byte of a local state again for each changed instance
	}
	raw, err := json.Marshal(p)
	if err != nil {
		addDefect(diags, err)
		return
	}
	diags.Append(private.SetKey(ctx, departureKey, raw)...)
}

// isSpared reports whether this destroy must keep the identity, because another resource has claimed the identity or
// will adopt it.
func (d *remover) isSpared(ctx context.Context, data *base.Data, private base.PrivateReader) bool {
	id := d.state.ID.ValueString()
	raw, more := private.GetKey(ctx, departureKey)
	d.diags.Append(more...)
	var plan departure
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &plan); err != nil {
			addDefect(d.diags, err)
			return false
		}
	}
	data.Walk.Decide(plan.Verdicts)
	uniques := d.state.uniques(ctx, d.schemas, traitschema.Canonical)
	spared := plan.Spared || data.Walk.Claimed(id) || data.Walk.HasAdopter(uniques)
	if spared || !plan.Unsure {
		return spared
	}
	spared, err := data.Walk.AwaitVerdict(ctx, id, uniques)
	if err != nil {
		d.diags.AddError("Identity not removed", fmt.Sprintf("The plan destroys more objects than Terraform plans at "+
			"the same time, so the plan of this destroy could not determine whether a new resource adopts the identity "+
			"%s. The destroys that can determine this have not run yet. The identity is unchanged. Apply again, or apply "+
			"with a greater -parallelism.", id))
	}
	return spared
}

// uniques returns the values that no other identity can have, to be compared with those of a new resource. fold makes
// login identifiers equal that count as one.
func (m *model) uniques(ctx context.Context, schemas schemaGetter, fold func(string) string) []base.Unique {
	uniques := m.loginUniques(fold)
	if len(uniques) == 0 { // the answer to the create could not be read, and the state was not refreshed since
		uniques = loginUniques(m.certainIdentifiers(ctx, schemas), fold)
	}
	if external := m.ExternalID.ValueString(); external != "" {
		uniques = append(uniques, base.Unique{Kind: kindExternalID, Value: external})
	}
	held := m.identifiers()
	for _, kind := range linkKinds {
		for _, identifier := range held[kind] {
			uniques = append(uniques, base.Unique{Kind: kind, Value: identifier})
		}
	}
	return uniques
}

// addLeaver reports an object that is destroyed and may be the person of this new resource. If this resource adopts the
// identity, the destroy must keep the identity, but Terraform has already planned the destroy.
func (o *operation) addLeaver(leaver *base.Leaver) {
	switch {
	case leaver == nil:
	case leaver.Replaced:
		addReplaced(o.diags, path.Root("on_conflict"), leaver.ID)
	case leaver.Spared:
		addSpared(o.diags, leaver.ID, "belongs to a resource that will be destroyed, but this new resource with the same "+
			KindName(leaver.Kind)+" adopts it", "the destroy will not change it")
	case o.plan.OnConflict.ValueString() == ConflictAdopt:
		o.diags.AddAttributeError(path.Root("on_conflict"), "Identity would be destroyed before it is adopted", fmt.Sprintf(
			"The plan destroys an object of the Terraform state with the identity %s. This new resource has the same %s "+
				"and would adopt this identity (on_conflict = %q). Terraform planned the destroy first, and the destroy "+
				"would delete or deactivate the identity. %s\n\nOr plan with a -parallelism greater than the number of "+
				"objects that the plan destroys.", leaver.ID, KindName(leaver.Kind), ConflictAdopt, movedAdvice))
	default:
		addRenamed(o.diags, path.Root("traits"), leaver.ID, leaver.Kind)
	}
}

// addReplaced refuses a plan that replaces the object of an identity while another new resource adopts the identity.
func addReplaced(diags *diag.Diagnostics, at path.Path, id string) {
	diags.AddAttributeError(at, "Identity would be replaced before it is adopted", fmt.Sprintf("The plan replaces the "+
		"resource of the identity %s. Another new resource has a login identifier, an external_id or a link of this "+
		"identity and would adopt it (on_conflict = %q). The order of the two operations would decide whether the "+
		"identity is deleted or adopted. Do not replace the resource in the same apply as the adoption (-replace, "+
		"replace_triggered_by, terraform taint), or set on_conflict = %q for the new resource.",
		id, ConflictAdopt, ConflictError))
}

// movedAdvice explains how to rename a resource. It shows placeholders, because the provider doesn't know the addresses
// of resources.
const movedAdvice = `If both resources declare the same identity, rename the resource with a moved block:

  moved {
    from = ory_identity.old # the old address of the resource
    to   = ory_identity.new # the new address of the resource
  }`

// addRenamed warns of a resource that was probably renamed without a moved block.
func addRenamed(diags *diag.Diagnostics, at path.Path, id, kind string) {
	diags.AddAttributeWarning(at, "Identity will be created again", fmt.Sprintf("The plan destroys the "+
		"resource of identity %s and creates a resource with the same %s. The new identity would have another id, and "+
		"the password, the sessions and the links would be lost. %s", id, KindName(kind), movedAdvice))
}

// addRemaining refuses a plan that gives a unique value to one identity while an identity that stays on the server has
// it.
func addRemaining(diags *diag.Diagnostics, at path.Path, id, kind string) {
	diags.AddAttributeError(at, "Value of an identity that remains", fmt.Sprintf("The plan destroys the resource of "+
		"identity %s, and the deletion_policy of the resource keeps the identity on the server. Another resource of the "+
		"plan gets the same %s, which the server would refuse. To take over the identity with a new resource, set "+
		"on_conflict = %q for the new resource. To create a new identity, apply deletion_policy = %q for the old resource "+
		"first. If the identity no longer has this value, run terraform apply -refresh-only first. To destroy everything, "+
		"run terraform destroy -refresh=false.\n\n%s", id, KindName(kind), ConflictAdopt, DeletionDelete, movedAdvice))
}

// KindName names the kind of a unique value for messages.
func KindName(kind string) string {
	switch kind {
	case kindExternalID:
		return "external_id"
	case credential.OIDC, credential.SAML:
		return "link in " + credentialPath(kind).String()
	}
	return "login identifier"
}

// addShared refuses a plan in which this object and another object manage the same identity. does describes what the
// plan does with this object.
func addShared(diags *diag.Diagnostics, id, does string, other base.Role) {
	roles := map[base.Role]string{
		base.Keeps:     "is kept, imported or replaced",
		base.Leaves:    "will be destroyed",
		base.Undecided: "has only been read so far",
	}
	diags.AddAttributeError(path.Root("id"), "Two resources declare one identity", fmt.Sprintf("Two objects of the "+
		"Terraform state or the plan have the same identity %s: the state, or an import block, assigns it to both. This "+
		"object %s, and the other object %s. The destroy of one object would delete or deactivate the identity of the "+
		"other object. Remove one of the two objects:\n\n- If a resource was renamed: add a moved block (from = the old "+
		"address, to = the new address), and no import block.\n- To remove a resource from the state without a change of "+
		"the identity: add a removed block with destroy = false.\n- If the plan shows a deposed object, which remains from "+
		"an earlier run: run terraform state rm with the address of the resource, and import the identity again.\n- To "+
		"destroy the identity: remove both resources from the configuration. To destroy everything, run terraform destroy "+
		"-refresh=false.", id, does, roles[other]))
}

// addSpared warns that the identity of a destroyed object stays unchanged.
func addSpared(diags *diag.Diagnostics, id, why, what string) {
	diags.AddWarning("Identity adopted by another resource", fmt.Sprintf("The identity %s %s (on_conflict = %q), so %s. "+
		"To rename a resource, add a moved block.", id, why, ConflictAdopt, what))
}
