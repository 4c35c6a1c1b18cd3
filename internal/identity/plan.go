package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. It makes the plan show exactly what the apply will change.
func (r *identityResource) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if req.Plan.Raw.IsNull() {
		if !req.State.Raw.IsNull() {
			r.planDestroy(ctx, decode(ctx, req.State.Raw, &resp.Diagnostics), resp)
		}
		return
	}
	r.planChange(ctx, req, resp)
}

// planChange plans a create or an update, or keeps the state if nothing changes.
func (r *identityResource) planChange(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	if r.Data != nil {
		defer r.Data.Walk.Begin()()
	}
	o := r.operation(&resp.Diagnostics)
	o.client = nil
	o.creating = req.State.Raw.IsNull()
	o.config = decode(ctx, req.Config.Raw, o.diags)
	o.plan = decode(ctx, req.Plan.Raw, o.diags)
	o.state = decode(ctx, req.State.Raw, o.diags)
	if !o.creating { // the private state of a replaced identity is not that of the new one
		o.owned = loadOwned(ctx, req.Private, o.diags)
		o.imported = o.recordsCredentials(ctx, req.Private)
		o.unrevoked = loadUnrevoked(ctx, req.Private, o.diags)
	}
	if o.diags.HasError() {
		return
	}
	o.phones = phonesOf(ctx, o.schemas, o.plan.SchemaID)
	for _, a := range managed {
		a.plan(o)
	}
	if o.creating {
		o.declareNew(ctx, req.Private)
	} else {
		o.declareKept(ctx, resp.Private)
		o.refreshed = r.Data != nil && r.Data.Walk.WasRead(o.state.ID.ValueString())
		// A plan that differs only in representation keeps the state, but only if the state was read in this walk: see
		// jsonvalue.
		if o.refreshed && effectOf(o) == unchanged {
			resp.Plan.Raw = req.State.Raw
			return
		}
		o.planComputed(ctx)
	}
	for _, a := range managed {
		a.check(ctx, o)
	}
	resp.Plan.Raw = o.plan.encode(ctx, o.diags)
}
