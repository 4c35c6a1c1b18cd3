package identity

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Read implements resource.Resource.
func (r *identityResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	setIdentity(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	if r.Data == nil || r.Data.Client == nil {
		r.Data.WarnNotRefreshed(&resp.Diagnostics)
		return
	}
	timeout, d := state.Timeouts.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	owned := loadOwned(ctx, req.Private, &resp.Diagnostics)
	state.markUpgraded(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id := state.ID.ValueString()
	identity, err := r.Data.Client.RefreshIdentity(ctx, id)
	if errors.Is(err, kratos.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddError(&resp.Diagnostics, "Reading identity "+id, err)
		return
	}
	state.refresh(ctx, identity, owned, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	r.Data.Walk.MarkRead(id)
}
