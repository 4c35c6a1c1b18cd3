package recovery

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*ephemeralCode)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*ephemeralLink)(nil)
)

// NewEphemeralCode returns the ephemeral resource ory_recovery_code.
func NewEphemeralCode() ephemeral.EphemeralResource { return &ephemeralCode{} }

type ephemeralCode struct {
	base.EphemeralResource
}

// Metadata implements ephemeral.EphemeralResource.
func (*ephemeralCode) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_recovery_code"
}

// Schema implements ephemeral.EphemeralResource.
func (*ephemeralCode) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralCodeSchema()
}

// Open implements ephemeral.EphemeralResource. There is nothing to close: the server has no request that takes a code back.
func (r *ephemeralCode) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model issuedCode
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	if model.issue(ctx, r.Data.Client, &resp.Diagnostics) != nil {
		resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
	}
}

// NewEphemeralLink returns the ephemeral resource ory_recovery_link.
func NewEphemeralLink() ephemeral.EphemeralResource { return &ephemeralLink{} }

type ephemeralLink struct {
	base.EphemeralResource
}

// Metadata implements ephemeral.EphemeralResource.
func (*ephemeralLink) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_recovery_link"
}

// Schema implements ephemeral.EphemeralResource.
func (*ephemeralLink) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralLinkSchema()
}

// Open implements ephemeral.EphemeralResource. There is nothing to close: the server has no request that takes a link back.
func (r *ephemeralLink) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model issuedLink
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	if model.issue(ctx, r.Data.Client, &resp.Diagnostics) != nil {
		resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
	}
}
