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
	verb, err := "Deleting", error(nil)
	if state.DeletionPolicy.ValueString() == deletionDeactivate {
		verb = "Deactivating"
		_, err = r.Data.Client.PatchIdentity(ctx, id, []kratos.PatchOperation{
			{Op: kratos.OpReplace, Path: "/state", Value: encodeJSON(stateInactive)},
		})
	} else {
		err = r.Data.Client.DeleteIdentity(ctx, id)
	}
	if err != nil && !errors.Is(err, kratos.ErrNotFound) {
		base.AddError(&resp.Diagnostics, verb+" identity "+id, err)
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
