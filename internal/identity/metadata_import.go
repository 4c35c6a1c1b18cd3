package identity

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// ImportState implements resource.ResourceWithImportState. The import id names the person and the keys.
func (r *metadataResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	diags := &resp.Diagnostics
	m, keys := parseMetadataID(req.ID, diags)
	if diags.HasError() || !r.Data.RequireClient(diags) {
		return
	}
	name, ok := m.names().One(diags)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	found, problem := name.Reference().Find(ctx, r.Data.Client, failedToFind)
	if problem != nil {
		diags.Append(problem)
		return
	}
	for at, value := range map[string]types.String{
		"identity_id": types.StringValue(found.ID), "identifier": m.Identifier, "external_id": m.ExternalID,
	} {
		diags.Append(resp.State.SetAttribute(ctx, path.Root(at), value)...)
	}
	for _, p := range parts {
		if names := keys[p.name]; len(names) > 0 {
			diags.Append(resp.State.SetAttribute(ctx, path.Root(p.name), p.imported(found, names, diags))...)
		}
	}
}

// imported returns the keys with these names. A key that the person doesn't have is an error.
func (p part) imported(identity *kratos.Identity, names []string, diags *diag.Diagnostics) types.Dynamic {
	value := DynamicOf(path.Root(p.name), p.view(identity, &ownedJSON{Keys: names}), diags)
	has, _ := members(jsonvalue.Unwrap(value))
	for _, name := range names {
		if _, ok := has[name]; !ok {
			diags.AddError("Metadata key not found", fmt.Sprintf("The identity %s has no key %q in %s. Import only keys that "+
				"the identity has. The next apply adds other keys.", identity.ID, name, p.name))
		}
	}
	return value
}

// parseMetadataID parses an import id such as "identifier=ada@example.org&metadata_public=roles&metadata_admin=crm". In
// a value, & and % are percent-encoded.
func parseMetadataID(text string, diags *diag.Diagnostics) (m metadataModel, keys map[string][]string) {
	keys = map[string][]string{}
	named := map[string]*types.String{
		"identity_id": &m.IdentityID, "identifier": &m.Identifier, "external_id": &m.ExternalID,
	}
	valid := true
	for field := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(field, "=")
		value, err := url.PathUnescape(value)
		target, names := named[name]
		isMember := slices.ContainsFunc(parts, func(p part) bool { return p.name == name })
		switch {
		case err == nil && value != "" && names && target.IsNull():
			*target = types.StringValue(value)
		case err == nil && isMember:
			keys[name] = append(keys[name], value)
		default:
			valid = false
		}
	}
	id := m.IdentityID
	if _, ok := m.names().Known(); !valid || len(keys) == 0 || !ok ||
		!id.IsNull() && !base.UUIDRegexp.MatchString(id.ValueString()) {
		diags.AddError("Invalid import id", fmt.Sprintf("The import id of metadata consists of the identity and the "+
			"keys to manage, as in "+
			"identity_id=9f425a8d-7efc-4768-8f23-7647a74fdf13&metadata_public=roles&metadata_admin=crm. Specify the "+
			"identity with one of identity_id (a UUID), identifier and external_id. Specify each key with metadata_public "+
			"or metadata_admin, which can be repeated. Write %%26 for & and %%25 for %% within a value. The import id is "+
			"%q.", text))
	}
	return m, keys
}
