package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

// ImportState implements resource.ResourceWithImportState. It accepts a UUID, an external id, a login identifier or a
// resource identity.
func (r *identityResource) ImportState(
	ctx context.Context,
	req resource.ImportStateRequest,
	resp *resource.ImportStateResponse,
) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var id types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		text = id.ValueString()
	}
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	id := ResolveImportID(ctx, r.Data, text, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m := decode(ctx, nullObject(), &resp.Diagnostics)
	m.ID = types.StringValue(id)
	m.setDefaults()
	resp.State.Raw = m.encode(ctx, &resp.Diagnostics)
	setIdentity(resp.Identity, m.ID)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// ResolveImportID returns the id of the identity that an import id names. It doesn't check that an identity with a UUID
// exists: the read that follows does.
func ResolveImportID(ctx context.Context, data *base.Data, text string, diags *diag.Diagnostics) string {
	wanted := parseImportID(text, diags)
	if wanted.ID != "" || diags.HasError() {
		return wanted.ID
	}
	const searching = "Looking for the identity to import"
	identity, problem := wanted.Find(ctx, data.Client, searching)
	if problem != nil {
		diags.Append(problem)
		return ""
	}
	if err := lookup.Confirm(ctx, data.Client, identity); err != nil {
		base.AddError(diags, searching, err)
		return ""
	}
	return identity.ID
}

func parseImportID(text string, diags *diag.Diagnostics) lookup.Reference {
	kind, value, ok := strings.Cut(text, "=")
	uuid := strings.ToLower(strings.TrimSpace(text))
	switch {
	case base.UUIDRegexp.MatchString(uuid):
		return lookup.Reference{ID: uuid}
	case ok && kind == "external_id" && value != "":
		return lookup.Reference{ExternalID: value}
	case ok && kind == "identifier" && strings.TrimSpace(value) != "":
		return lookup.Reference{Identifier: value}
	}
	diags.AddError("Invalid import id", fmt.Sprintf("An identity is imported by its UUID "+
		"(9f425a8d-7efc-4768-8f23-7647a74fdf13), by external_id=crm-4711, or by a login identifier, as in "+
		"identifier=ada@example.org. The id given is %q.", text))
	return lookup.Reference{}
}
