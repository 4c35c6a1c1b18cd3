package recovery

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

var (
	_ resource.ResourceWithConfigure      = (*managedResource[managedCode, *managedCode])(nil)
	_ resource.ResourceWithModifyPlan     = (*managedResource[managedCode, *managedCode])(nil)
	_ resource.ResourceWithValidateConfig = (*managedResource[managedCode, *managedCode])(nil)
)

// NewCodeResource returns the resource ory_recovery_code.
func NewCodeResource() resource.Resource {
	return &managedResource[managedCode, *managedCode]{method: methodCode, schema: managedCodeSchema()}
}

// NewLinkResource returns the resource ory_recovery_link.
func NewLinkResource() resource.Resource {
	return &managedResource[managedLink, *managedLink]{method: methodLink, schema: managedLinkSchema()}
}

// managedResource is the managed form of a recovery whose model is M. The server has no request to read or revoke a
// code or link, so every operation other than Create works on the state alone.
type managedResource[M any, P managedIssuer[M]] struct {
	base.Resource
	method string
	schema schema.Schema
}

// Metadata implements resource.Resource.
func (r *managedResource[M, P]) Metadata(
	_ context.Context,
	req resource.MetadataRequest,
	resp *resource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_recovery_" + r.method
}

// Schema implements resource.Resource.
func (r *managedResource[M, P]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

// ValidateConfig implements resource.ResourceWithValidateConfig.
func (*managedResource[M, P]) ValidateConfig(
	ctx context.Context,
	req resource.ValidateConfigRequest,
	resp *resource.ValidateConfigResponse,
) {
	var expiresIn, renewBefore types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("expires_in"), &expiresIn)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("renew_before"), &renewBefore)...)
	lifetime, hasLifetime := duration(expiresIn)
	before, hasBefore := duration(renewBefore)
	if hasLifetime && hasBefore && before >= lifetime {
		resp.Diagnostics.AddAttributeError(
			path.Root("renew_before"),
			"Always due for renewal",
			fmt.Sprintf("The attribute renew_before (%s) must be shorter than expires_in (%s). Otherwise every plan would "+
				"create a new code or link. Shorten renew_before, or lengthen expires_in.",
				renewBefore.ValueString(), expiresIn.ValueString()),
		)
	}
}

// duration returns the parsed value, and false if there is none. The validators have already refused invalid values.
func duration(value types.String) (time.Duration, bool) {
	d, err := time.ParseDuration(value.ValueString())
	return d, err == nil
}

// ModifyPlan implements resource.ResourceWithModifyPlan. It plans a replacement if renew_before requires one, but only
// in the plan that the user sees, which follows a read: if a code or link became due between plan and apply, a
// replacement would make the apply fail.
func (r *managedResource[M, P]) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || r.Data == nil || r.Data.Client == nil {
		return
	}
	var id, renewBefore types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("renew_before"), &renewBefore)...)
	made, known := loadIssuance(ctx, req.Private, &resp.Diagnostics)
	before, set := duration(renewBefore)
	if !known || !set || !r.Data.Walk.WasRead(id.ValueString()) || !made.isDue(r.Data.Client, before) {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("expires_at"), types.StringUnknown())...)
	resp.RequiresReplace = append(resp.RequiresReplace, path.Root("expires_at"))
}

// Create implements resource.Resource.
func (r *managedResource[M, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !base.Recheck(ctx, req.Config, &resp.Diagnostics) ||
		!r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	recovery := P(&model).issue(ctx, r.Data.Client, &resp.Diagnostics)
	if recovery == nil {
		return
	}
	P(&model).setID(recovery.FlowID())
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	var expiresIn, renewBefore types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("expires_in"), &expiresIn)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("renew_before"), &renewBefore)...)
	made := newIssuance(r.Data.Client, recovery, expiresIn)
	resp.Diagnostics.Append(made.save(ctx, resp.Private)...)
	if before, set := duration(renewBefore); set && made.isDue(r.Data.Client, before) {
		resp.Diagnostics.AddAttributeWarning(
			path.Root("renew_before"),
			"Always due for renewal",
			fmt.Sprintf("The attribute renew_before is %s, but the new code or link expires earlier, at %s. Every plan "+
				"would create a new one. Shorten renew_before, or set expires_in to a longer time than the server's "+
				"default.", renewBefore.ValueString(), recovery.ExpiresAt),
		)
	}
}

// Read implements resource.Resource. It makes no request: the server has no request that reports whether a code or link
// is still valid.
func (r *managedResource[M, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	if r.Data != nil {
		r.Data.Walk.MarkRead(id.ValueString())
	}
}

// Update implements resource.Resource. Only attributes that the server doesn't know change in place.
func (*managedResource[M, P]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if base.Recheck(ctx, req.Config, &resp.Diagnostics) {
		resp.State.Raw = req.Plan.Raw
	}
}

// Delete implements resource.Resource. The server has no request that revokes a code or link.
func (*managedResource[M, P]) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
