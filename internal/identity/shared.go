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
	if r.Data == nil || m.DeletionPolicy.ValueString() == DeletionRetain {
		warnRemains(m, diags)
		return
	}
	id := m.ID.ValueString()
	found := r.Data.Walk.Depart(ctx, id, m.uniques(ctx, r.operation(diags).schemas))
	plan := departure{Spared: found.Adopts, Unsure: found.Unsure, Verdicts: found.Verdicts}
	plan.save(ctx, resp.Private, diags)
	switch {
	case found.Kept:
		addShared(diags, id, "is to be destroyed", base.Keeps)
	case found.Adopts:
		addSpared(diags, id, "goes with its resource, but a new resource with the "+
			"same "+kindName(found.Kind)+" takes it over",
			"nothing will be done to it")
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
	uniques := d.state.uniques(ctx, d.schemas)
	spared := plan.Spared || data.Walk.Claimed(id) || data.Walk.HasAdopter(uniques)
	if spared || !plan.Unsure {
		return spared
	}
	spared, err := data.Walk.AwaitVerdict(ctx, id, uniques)
	if err != nil {
		d.diags.AddError("Identity not removed", fmt.Sprintf("More objects were to be destroyed at once than Terraform "+
			"plans at a time, so the plan of this one could not know whether a new resource takes over the identity %s. The "+
			"destroys that know it have not come. Nothing was done to the identity. Apply again, or with a greater "+
			"-parallelism.", id))
	}
	return spared
}

// uniques returns the values that no other identity can have, to be compared with those of a new resource.
func (m *model) uniques(ctx context.Context, schemas schemaGetter) []base.Unique {
	uniques := m.loginUniques(traitschema.Canonical)
	if len(uniques) == 0 { // the answer to the create could not be read, and the state was not refreshed since
		uniques = loginUniques(m.certainIdentifiers(ctx, schemas), traitschema.Canonical)
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
		addSpared(o.diags, leaver.ID, "goes with its resource, but this new resource with the same "+kindName(leaver.Kind)+
			" takes it over", "its destroy will do nothing to it")
	case o.plan.OnConflict.ValueString() == ConflictAdopt:
		o.diags.AddAttributeError(path.Root("on_conflict"), "Identity would be destroyed before it is adopted", fmt.Sprintf(
			"The plan destroys an object of the Terraform state that has the identity %s, and this new resource, which has "+
				"the same %s, is to take that identity over (on_conflict = %q). The destroy was planned first and would delete "+
				"or deactivate the identity, so the plan is refused. %s\n\nOr plan with a -parallelism greater than the "+
				"number of objects that go.", leaver.ID, kindName(leaver.Kind), ConflictAdopt, movedAdvice))
	default:
		addRenamed(o.diags, path.Root("traits"), leaver.ID, leaver.Kind)
	}
}

// addReplaced refuses a plan that replaces the object of an identity while another new resource adopts the identity.
func addReplaced(diags *diag.Diagnostics, at path.Path, id string) {
	diags.AddAttributeError(at, "Identity would be replaced before it is adopted", fmt.Sprintf("The plan replaces the "+
		"resource of the identity %s, and another new resource asks for a login identifier, an external_id or a link of "+
		"that "+
		"identity, and is to take it over (on_conflict = %q). Whether the identity is deleted or taken over would depend on "+
		"which of the two comes first. Don't replace the resource in the same apply as the adoption (-replace, "+
		"replace_triggered_by, terraform taint), or set on_conflict = %q for the new resource.",
		id, ConflictAdopt, ConflictError))
}

// movedAdvice explains how to rename a resource. It shows placeholders, because the provider doesn't know the addresses
// of resources.
const movedAdvice = `If both are the same person, tell Terraform that the resource has a new name:

  moved {
    from = ory_identity.old # the address of the resource that goes
    to   = ory_identity.new # the address of the resource that comes
  }`

// addRenamed warns of a resource that was probably renamed without a moved block.
func addRenamed(diags *diag.Diagnostics, at path.Path, id, kind string) {
	diags.AddAttributeWarning(at, "Resource renamed without a moved block?", fmt.Sprintf("The plan destroys the "+
		"resource of identity %s, and creates a resource with the same %s. The identity would be made anew under another "+
		"id, and its password, sessions and links would be lost. %s", id, kindName(kind), movedAdvice))
}

func kindName(kind string) string {
	switch kind {
	case kindExternalID:
		return "external_id"
	case credential.OIDC, credential.SAML:
		return "link in " + credentialPath(kind).String()
	}
	return fmt.Sprintf("login identifier (credential type %q)", kind)
}

// addShared refuses a plan in which this object and another object manage the same identity. does describes what the
// plan does with this object.
func addShared(diags *diag.Diagnostics, id, does string, other base.Role) {
	roles := map[base.Role]string{
		base.Keeps:     "is kept, imported or replaced",
		base.Leaves:    "is to be destroyed",
		base.Undecided: "has only been read so far",
	}
	diags.AddAttributeError(path.Root("id"), "Two resources declare one person", fmt.Sprintf("This object of the "+
		"Terraform state or the plan and another one have the same identity %s: the Terraform state, or an import block, "+
		"gives it to both. This object %s, and the other one %s. To destroy one would delete or deactivate the person of "+
		"the other. Remove one of the two, by what fits:\n\n- A resource was renamed: write a moved block (from = its old "+
		"address, to = its new address), and no import block.\n- A resource is to be forgotten, and its identity to be "+
		"left alone: write a removed block with destroy = false.\n- The plan calls one of them a deposed object, which an "+
		"earlier run has left behind: run terraform state rm with the address of the resource, and import the identity "+
		"again.\n- The identity is to be destroyed with both: remove both from the configuration. Where everything is to "+
		"be destroyed, run terraform destroy -refresh=false.", id, does, roles[other]))
}

// addSpared warns that the identity of a destroyed object stays unchanged.
func addSpared(diags *diag.Diagnostics, id, why, what string) {
	diags.AddWarning("Identity left alone", fmt.Sprintf("The identity %s %s (on_conflict = %q), so %s. To rename a "+
		"resource, use a moved block.", id, why, ConflictAdopt, what))
}
