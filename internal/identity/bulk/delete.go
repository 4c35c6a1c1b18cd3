package bulk

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

// Delete implements resource.Resource. Rows that could not be removed stay in the state.
func (r *bulkResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	var state model
	diags.Append(req.State.Get(ctx, &state)...)
	timeout, d := state.Timeouts.Delete(ctx, defaultTimeout)
	diags.Append(d...)
	policy := state.DeletionPolicy.ValueString()
	if diags.HasError() || policy == identity.DeletionRetain || !r.Data.RequireClient(diags) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows := readablePeople(&state, diags)
	if diags.HasError() {
		return
	}
	var bad problems
	stay := remove(ctx, r, policy, rows.withIdentity(), &bad)
	if len(bad) == 0 {
		removeConfirmed(ctx, req.Private, diags)
		return
	}
	left := people{byKey: map[string]*entry{}}
	for _, e := range stay {
		left.byKey[e.key] = e
	}
	documents, admin, ids := left.documents()
	state.Identities, state.IDs = types.StringValue(documents.String()), types.StringValue(ids.String())
	if !state.MetadataAdmin.IsNull() {
		state.MetadataAdmin = types.StringValue(admin.String())
	}
	diags.Append(resp.State.Set(ctx, state)...)
	diags.AddAttributeError(path.Root("identities"), "Identities not removed", bad.byKey()+"\n\nThese identities "+
		"remain in the state. All other identities were removed. Destroy again.")
}
