package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ list.ListResourceWithConfigure = (*identityListResource)(nil)

// NewListResource returns the list resource ory_identity.
func NewListResource() list.ListResource { return &identityListResource{} }

type identityListResource struct {
	base.Resource
}

// Metadata implements list.ListResource.
func (*identityListResource) Metadata(
	_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identity"
}

// ListResourceConfigSchema implements list.ListResource.
func (*identityListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds identities for `terraform query`: all identities, or those that match all filters. The " +
			"results are sorted by id. The display name of a result is a login identifier. The results do not contain " +
			"`metadata_admin`." + base.QueryRequirements,
		Attributes: listFilters(),
	}
}

// List implements list.ListResource. It requests the next page after Terraform has consumed the results of the current
// page.
func (l *identityListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var f filters
	diags := req.Config.Get(ctx, &f)
	s := f.search(int(req.Limit), &diags)
	if diags.HasError() || !l.Data.RequireClient(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, base.Timeout)
		defer cancel()
		sent, absent := int64(0), s.Absent()
		for found, err := range s.Rows(ctx, l.Data.Client) {
			if err != nil {
				var diags diag.Diagnostics
				base.AddError(&diags, "Failed to read identities", err)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			delete(absent, found.ID)
			if !s.Matches(found) {
				continue
			}
			sent++
			if !push(newListResult(ctx, req, found)) || sent == req.Limit {
				return
			}
		}
		if len(absent) > 0 {
			push(list.ListResult{Diagnostics: diag.Diagnostics{missingWarning(slices.Sorted(maps.Keys(absent)))}})
		}
	}
}

// maxShownIDs limits the length of a warning.
const maxShownIDs = 10

func missingWarning(ids []string) diag.Diagnostic {
	shown := ids
	rest := ""
	if len(ids) > maxShownIDs {
		shown, rest = ids[:maxShownIDs], fmt.Sprintf(" and %d more", len(ids)-maxShownIDs)
	}
	return diag.NewWarningDiagnostic("Identities not found", fmt.Sprintf("The server has no identities with "+
		"these ids of the argument ids: %s%s. Check that the ids belong to this server or project. The identities may "+
		"have been deleted.",
		strings.Join(shown, ", "), rest))
}

func newListResult(ctx context.Context, req list.ListRequest, found *kratos.Identity) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(found)
	identity.SetResourceIdentity(result.Identity, found.ID)
	if req.IncludeResource {
		identity.SetResource(ctx, result.Resource, found, &result.Diagnostics)
	}
	return result
}

// displayName returns a login identifier. It prefers an identifier that the person chose to an identifier of another
// provider. If there is no login identifier, it returns an address, the external id, or the id.
func displayName(identity *kratos.Identity) string {
	for _, kind := range append([]string{
		credential.Password, credential.Code, credential.WebAuthn, credential.Passkey,
	}, credential.LinkTypes()...) {
		// The smallest identifier is the stable choice, because the server's order is random.
		if identifiers := identity.Credentials[kind].Identifiers; len(identifiers) > 0 {
			return slices.Min(identifiers)
		}
	}
	var addresses []string
	for _, address := range identity.VerifiableAddresses {
		addresses = append(addresses, address.Value)
	}
	switch {
	case len(addresses) > 0:
		return slices.Min(addresses)
	case identity.ExternalID != "":
		return identity.ExternalID
	}
	return identity.ID
}
