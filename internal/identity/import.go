package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
)

// ImportState implements resource.ResourceWithImportState. It accepts a UUID, an external id or a login identifier, in
// an import id or in a resource identity.
func (r *identityResource) ImportState(
	ctx context.Context,
	req resource.ImportStateRequest,
	resp *resource.ImportStateResponse,
) {
	diags := &resp.Diagnostics
	attribute, wanted := parseImport(ctx, req, diags)
	if diags.HasError() || !r.Data.RequireClient(diags) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	id, problem := resolveImport(ctx, r.Data, wanted)
	if problem != nil {
		detail := problem.Detail()
		if attribute != "" {
			detail = attribute + ": " + detail
		}
		diags.AddError(problem.Summary(), detail)
		return
	}
	m := decode(ctx, nullObject(), diags)
	m.ID = types.StringValue(id)
	m.setDefaults()
	resp.State.Raw = m.encode(ctx, diags)
	setIdentity(resp.Identity, m.ID)
	diags.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// parseImport returns what a request refers to. attribute is empty if that isn't an attribute of a resource identity.
func parseImport(
	ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (attribute string, wanted lookup.Reference) {
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		return parseResourceIdentity(ctx, req.Identity, diags)
	}
	return "", parseImportID(req.ID, diags)
}

// ResolveImportID returns the id of the identity that an import id names. It doesn't check that an identity with a UUID
// exists: the read that follows does.
func ResolveImportID(ctx context.Context, data *base.Data, text string, diags *diag.Diagnostics) string {
	wanted := parseImportID(text, diags)
	if diags.HasError() {
		return ""
	}
	id, problem := resolveImport(ctx, data, wanted)
	if problem != nil {
		diags.Append(problem)
	}
	return id
}

// resolveImport returns the id of the identity that an import refers to.
func resolveImport(ctx context.Context, data *base.Data, wanted lookup.Reference) (string, diag.Diagnostic) {
	if wanted.ID != "" {
		return wanted.ID, nil
	}
	identity, problem := wanted.Find(ctx, data.Client, failedToFind)
	if problem != nil {
		return "", problem
	}
	if err := lookup.Confirm(ctx, data.Client, identity); err != nil {
		return "", diag.NewErrorDiagnostic(failedToFind, base.Explain(err))
	}
	return identity.ID, nil
}

// What an import names an identity by: the words of an import id and the attributes of the resource identity.
const (
	importID         = "id"
	importExternalID = "external_id"
	importIdentifier = "identifier"
)

// importable returns the reference in the server's form, and reports whether an identity can have its value.
func importable(r lookup.Reference) (wanted lookup.Reference, ok bool) {
	switch {
	case r.ExternalID != "":
		return r, true
	case strings.TrimSpace(r.Identifier) != "":
		return r, true
	}
	r.ID = strings.ToLower(strings.TrimSpace(r.ID))
	return r, base.UUIDRegexp.MatchString(r.ID)
}

func parseImportID(text string, diags *diag.Diagnostics) lookup.Reference {
	given := lookup.Reference{ID: text}
	switch key, value, _ := strings.Cut(text, "="); key {
	case importExternalID:
		given = lookup.Reference{ExternalID: value}
	case importIdentifier:
		given = lookup.Reference{Identifier: value}
	}
	if wanted, ok := importable(given); ok {
		return wanted
	}
	diags.AddError("Invalid import id", fmt.Sprintf("The import id of an identity is its UUID "+
		"(9f425a8d-7efc-4768-8f23-7647a74fdf13), external_id=crm-4711, or a login identifier, as in "+
		"identifier=ada@example.org. The import id is %q.", text))
	return lookup.Reference{}
}
