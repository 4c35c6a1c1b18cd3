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
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// ImportState implements resource.ResourceWithImportState: by UUID, external id or login identifier, or by resource identity.
func (r *identityResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		text = identity.ID.ValueString()
	}
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	id := parseImportID(text, &resp.Diagnostics).resolve(ctx, r.Data.Client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var m model
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.Get(ctx, &m)...)
	defaults(&m)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	setIdentity(ctx, resp.Identity, types.StringValue(id), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// importID is what an import id names; one field is set.
type importID struct {
	uuid, externalID, identifier string
}

func parseImportID(text string, diags *diag.Diagnostics) importID {
	kind, value, ok := strings.Cut(text, "=")
	uuid := strings.ToLower(strings.TrimSpace(text))
	switch {
	case uuidRegexp.MatchString(uuid):
		return importID{uuid: uuid}
	case ok && kind == "external_id" && value != "":
		return importID{externalID: value}
	case ok && kind == "identifier" && strings.TrimSpace(value) != "":
		return importID{identifier: value}
	}
	diags.AddError("Invalid import id", fmt.Sprintf("An identity is imported by its UUID (9f425a8d-7efc-4768-8f23-7647a74fdf13), by "+
		"external_id=crm-4711, or by a login identifier, as in identifier=ada@example.org. The id given is %q.", text))
	return importID{}
}

// resolve returns the UUID, asking the server where the import id isn't one.
func (i importID) resolve(ctx context.Context, c client, diags *diag.Diagnostics) string {
	switch {
	case i.externalID != "":
		identity, err := byExternalID(ctx, c, i.externalID)
		return i.only(identity, err, fmt.Sprintf("external_id %q", i.externalID), diags)
	case i.identifier != "":
		found, err := byIdentifier(ctx, c, i.identifier)
		what := fmt.Sprintf("login identifier %q", i.identifier)
		if len(found) > 1 {
			diags.AddError("Several identities", fmt.Sprintf("Several identities have the %s, as identifiers of different credentials: %s. "+
				"Import the one that you mean by its UUID.", what, ids(found)))
			return ""
		}
		return i.only(owners{identities: found}.one(), err, what, diags)
	}
	return i.uuid
}

func (importID) only(identity *kratos.Identity, err error, what string, diags *diag.Diagnostics) string {
	switch {
	case err != nil:
		base.AddError(diags, "Looking for the identity to import", err)
	case identity == nil:
		diags.AddError("No such identity", fmt.Sprintf("The server has no identity with the %s. External ids are case-sensitive; "+
			"identifiers are what people sign in with, not just any address.", what))
	default:
		return identity.ID
	}
	return ""
}
