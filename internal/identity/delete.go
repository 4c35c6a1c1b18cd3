package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Delete implements resource.Resource. What is gone already counts as done, whatever the policy.
func (r *identityResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, d := state.Timeouts.Delete(ctx, defaultTimeout)
	resp.Diagnostics.Append(d...)
	if resp.Diagnostics.HasError() || state.DeletionPolicy.ValueString() == deletionRetain || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	id := state.ID.ValueString()
	defer r.Data.Locks.Lock(id)()
	if r.Data.Walk.Claimed(id) {
		resp.Diagnostics.AddWarning("Identity left alone", fmt.Sprintf("The identity %s was to be removed with this resource, but another "+
			"resource of the configuration has just taken it over (on_conflict = %q), so nothing was done to it. To rename a resource, "+
			"use a moved block.", id, conflictAdopt))
		return
	}
	if state.DeletionPolicy.ValueString() == deletionDeactivate {
		deactivate(ctx, r.Data.Client, &state, req, resp)
		return
	}
	err := r.Data.Client.DeleteIdentity(ctx, id)
	if err == nil {
		r.Data.Walk.MarkDeleted(id)
	} else if !errors.Is(err, kratos.ErrNotFound) {
		base.AddError(&resp.Diagnostics, "Deleting identity "+id, err)
	}
}

// deactivate writes only where the identity isn't inactive already. It ends the sessions in any case, if they are to end: an
// earlier attempt may have got no further than the state.
func deactivate(ctx context.Context, c client, m *model, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	id := m.ID.ValueString()
	identity, err := c.GetIdentity(ctx, id)
	if err == nil && identity.State != stateInactive {
		_, err = c.PatchIdentity(ctx, id, []kratos.PatchOperation{{Op: kratos.OpReplace, Path: "/state", Value: encodeJSON(stateInactive)}})
	}
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		return
	case err != nil:
		if errors.Is(err, kratos.ErrOutcomeUnknown) && m.revokesOn(revokeOnDeactivation) {
			loadUnrevoked(ctx, req.Private, &resp.Diagnostics).with(revokeOnDeactivation).save(ctx, resp.Private, &resp.Diagnostics)
		}
		base.AddError(&resp.Diagnostics, "Deactivating identity "+id, err)
		return
	case !m.revokesOn(revokeOnDeactivation):
		return
	}
	if err := endSessions(ctx, c, id); err != nil {
		loadUnrevoked(ctx, req.Private, &resp.Diagnostics).with(revokeOnDeactivation).save(ctx, resp.Private, &resp.Diagnostics)
		resp.Diagnostics.AddError("Revoking the sessions of identity "+id, fmt.Sprintf("%s\n\nThe identity is inactive by now, and the "+
			"server refuses its sessions, but they could not be ended (revoke_sessions_on): activating it would revive them. The resource "+
			"stays in the state. Destroy it again, and what is left is done; if you keep it instead, the next apply ends the sessions, "+
			"before it activates the identity (state = \"active\").", base.Explain(err)))
	}
}

// warnRemains tells, when a destroy is planned, that the identity will outlive the resource.
func warnRemains(ctx context.Context, state tfsdk.State, diags *diag.Diagnostics) {
	if state.Raw.IsNull() {
		return
	}
	var m model
	diags.Append(state.Get(ctx, &m)...)
	id, policy := m.ID.ValueString(), m.DeletionPolicy.ValueString()
	switch policy {
	case deletionDeactivate:
		diags.AddAttributeWarning(path.Root("deletion_policy"), "Identity will remain, inactive", fmt.Sprintf("The deletion_policy of "+
			"identity %s is %q: the resource goes, and the identity stays on the server, unable to sign in.", id, policy))
	case deletionRetain:
		diags.AddAttributeWarning(path.Root("deletion_policy"), "Identity will remain", fmt.Sprintf("The deletion_policy of identity %s "+
			"is %q: the resource goes, and the identity stays on the server as it is.", id, policy))
	}
}
