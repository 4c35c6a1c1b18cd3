package recovery

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*ephemeralResource[issuedCode, *issuedCode])(nil)

// NewEphemeralCode returns the ephemeral resource ory_recovery_code.
func NewEphemeralCode() ephemeral.EphemeralResource {
	return &ephemeralResource[issuedCode, *issuedCode]{method: methodCode, schema: ephemeralCodeSchema()}
}

// NewEphemeralLink returns the ephemeral resource ory_recovery_link.
func NewEphemeralLink() ephemeral.EphemeralResource {
	return &ephemeralResource[issuedLink, *issuedLink]{method: methodLink, schema: ephemeralLinkSchema()}
}

// ephemeralResource is the ephemeral form of a recovery whose model is M.
type ephemeralResource[M any, P issuer[M]] struct {
	base.EphemeralResource
	method string
	schema schema.Schema
}

// Metadata implements ephemeral.EphemeralResource.
func (r *ephemeralResource[M, P]) Metadata(
	_ context.Context,
	req ephemeral.MetadataRequest,
	resp *ephemeral.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_recovery_" + r.method
}

// Schema implements ephemeral.EphemeralResource.
func (r *ephemeralResource[M, P]) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = r.schema
}

// Open implements ephemeral.EphemeralResource. There is no Close: the server has no request that revokes a code or
// link.
func (r *ephemeralResource[M, P]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	if P(&model).issue(ctx, r.Data.Client, &resp.Diagnostics) != nil {
		resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
	}
}
