package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ImportState implements resource.ResourceWithImportState: by the identity's UUID, as a string or as resource identity.
func (r *identityResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if id == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		id = identity.ID.ValueString()
	}
	id = strings.ToLower(strings.TrimSpace(id))
	if !uuidRegexp.MatchString(id) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("An identity is imported by its UUID, such as "+
			"9f425a8d-7efc-4768-8f23-7647a74fdf13, but the id given is %q. To find the UUID, ask the admin API, as in GET "+
			"/admin/identities?credentials_identifier=ada@example.org.", id))
	}
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	setIdentity(ctx, resp.Identity, types.StringValue(id), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}
