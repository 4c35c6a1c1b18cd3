package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It finds the person, and declares the keys to the walk.
func (r *metadataResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	p := metadataPlan{data: r.Data, diags: &resp.Diagnostics}
	if !req.State.Raw.IsNull() {
		p.diags.Append(req.State.Get(ctx, &p.state)...)
	}
	if req.Plan.Raw.IsNull() {
		p.destroy()
		return
	}
	p.diags.Append(req.Config.Get(ctx, &p.config)...)
	p.diags.Append(req.Plan.Get(ctx, &p.plan)...)
	if p.diags.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		p.create(ctx, req.Private)
	} else {
		p.change(ctx, resp)
	}
	if p.isUnchanged() {
		resp.Plan.Raw = req.State.Raw
		return
	}
	p.diags.Append(resp.Plan.Set(ctx, &p.plan)...)
}

// metadataPlan plans one resource ory_identity_metadata.
type metadataPlan struct {
	config, plan, state metadataModel // state is the zero model for a create
	data                *base.Data
	diags               *diag.Diagnostics
}

// create plans a new resource, or the successor of a resource that is replaced. Terraform has planned the latter as
// existing already, and the private state has what that plan declared.
func (p *metadataPlan) create(ctx context.Context, private base.PrivateReader) {
	p.plan.IdentityID = p.config.IdentityID
	if p.config.IdentityID.IsNull() {
		p.plan.IdentityID = types.StringUnknown()
	}
	if p.data == nil {
		return
	}
	raw, d := private.GetKey(ctx, plannedKey)
	p.diags.Append(d...)
	var replaced declaredKeys
	if json.Unmarshal(raw, &replaced) == nil {
		p.data.Walk.WithdrawKeys(replaced.ID, typeMetadata, replaced.Keys)
	}
	name, known := p.config.names().Known()
	if !known {
		return
	}
	found := p.find(ctx, name)
	if p.diags.HasError() {
		return
	}
	id := unfoundID(name.Reference())
	if found != nil {
		id = found.ID
		p.warnTakenOver(found)
	}
	p.declare(id)
}

// change plans an existing resource. A resource that names its person in another way stays, and one that names another
// person is replaced.
func (p *metadataPlan) change(ctx context.Context, resp *resource.ModifyPlanResponse) {
	p.diags.Append(resp.Private.SetKey(ctx, plannedKey, nil)...)
	if changed := p.renamed(); len(changed) > 0 && !p.isSamePerson(ctx) {
		resp.RequiresReplace = append(resp.RequiresReplace, changed...)
		p.plan.IdentityID = p.config.IdentityID
		if p.config.IdentityID.IsNull() {
			p.plan.IdentityID = types.StringUnknown()
		}
		return
	}
	p.plan.IdentityID = p.state.IdentityID
	if !p.config.IdentityID.IsNull() {
		p.plan.IdentityID = p.config.IdentityID
	}
	if p.data == nil {
		return
	}
	declared := p.declare(strings.ToLower(p.state.IdentityID.ValueString()))
	encoded, err := json.Marshal(declared)
	if err != nil {
		addDefect(p.diags, err)
		return
	}
	p.diags.Append(resp.Private.SetKey(ctx, plannedKey, encoded)...)
}

// declaredKeys is what the plan of an existing resource has declared, for the plan of its successor.
type declaredKeys struct {
	ID   string     `json:"id"`
	Keys []base.Key `json:"keys"`
}

func (p *metadataPlan) declare(id string) declaredKeys {
	d := declaredKeys{ID: id, Keys: p.config.keys()}
	addKeyConflict(p.diags, id, p.data.Walk.DeclareKeys(id, typeMetadata, d.Keys, p.state.keys()))
	return d
}

func (p *metadataPlan) destroy() {
	if p.data != nil && !p.diags.HasError() {
		id := strings.ToLower(p.state.IdentityID.ValueString())
		addKeyConflict(p.diags, id, p.data.Walk.LeaveKeys(id, typeMetadata, p.state.keys()))
	}
}

// renamed returns the attributes that name the identity and differ from the state.
func (p *metadataPlan) renamed() path.Paths {
	var changed path.Paths
	before := p.state.names()
	for i, name := range p.config.names() {
		isID := name.Attribute == "identity_id"
		same := name.Value.Equal(before[i].Value) ||
			isID && (name.Value.IsNull() || strings.EqualFold(name.Value.ValueString(), before[i].Value.ValueString()))
		if !same {
			changed = append(changed, path.Root(name.Attribute))
		}
	}
	return changed
}

// isSamePerson reports whether the configuration names the identity of the state. It reports false if that can't be
// known yet.
func (p *metadataPlan) isSamePerson(ctx context.Context) bool {
	name, known := p.config.names().Known()
	if !known {
		return false
	}
	id := name.Reference().ID
	if id == "" {
		if found := p.find(ctx, name); found != nil {
			id = found.ID
		}
	}
	return strings.EqualFold(id, p.state.IdentityID.ValueString())
}

// find returns the identity that the configuration names. It returns nil if the server isn't known yet, and, with a
// warning, if there is no such identity, because the apply may create it.
func (p *metadataPlan) find(ctx context.Context, name lookup.Name) *kratos.Identity {
	if p.data == nil || p.data.Client == nil {
		return nil
	}
	found, problem := name.Reference().Find(ctx, p.data.Client, failedToFind)
	if problem == nil {
		return found
	}
	if problem.Summary() == lookup.NoSuchIdentity {
		p.diags.AddAttributeWarning(path.Root(name.Attribute), "Identity not found yet", problem.Detail()+" "+mustExist)
		return nil
	}
	p.diags.Append(diag.WithPath(path.Root(name.Attribute), problem))
	return nil
}

// mustExist is the cure where the person doesn't exist.
const mustExist = "This resource adds metadata to an existing identity and creates no identity. If another resource " +
	"creates the identity, set identity_id to the id of that resource, so that Terraform creates the identity first."

// unfoundID stands for the id of an identity that wasn't found.
func unfoundID(r lookup.Reference) string {
	return lookup.Reference{ID: r.ID, ExternalID: r.ExternalID, Identifier: traitschema.Canonical(r.Identifier)}.String()
}

// warnTakenOver warns of keys that the apply overwrites: the plan of a new resource doesn't show what they are.
func (p *metadataPlan) warnTakenOver(found *kratos.Identity) {
	for _, part := range parts {
		names := part.differing(&p.config, found)
		if len(names) == 0 {
			continue
		}
		p.diags.AddAttributeWarning(path.Root(part.name), "Metadata keys overwritten", fmt.Sprintf("The identity %s has "+
			"these keys of %s already, with other values: %s. The apply overwrites them.",
			found.ID, part.name, strings.Join(names, ", ")))
	}
}

// isUnchanged reports whether the plan differs from the state in representation at most, and the user sees this plan:
// see jsonvalue.
func (p *metadataPlan) isUnchanged() bool {
	return p.data != nil && p.data.Walk.WasRead(strings.ToLower(p.state.IdentityID.ValueString())) &&
		p.plan.IdentityID.Equal(p.state.IdentityID) && p.plan.Identifier.Equal(p.state.Identifier) &&
		p.plan.ExternalID.Equal(p.state.ExternalID) && p.plan.Timeouts.Equal(p.state.Timeouts) &&
		p.plan.sameMetadata(&p.state)
}
