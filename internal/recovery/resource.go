package recovery

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ resource.ResourceWithConfigure      = (*codeResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*codeResource)(nil)
	_ resource.ResourceWithValidateConfig = (*codeResource)(nil)
	_ resource.ResourceWithConfigure      = (*linkResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*linkResource)(nil)
	_ resource.ResourceWithValidateConfig = (*linkResource)(nil)
)

// NewCodeResource returns the resource ory_recovery_code.
func NewCodeResource() resource.Resource { return &codeResource{} }

type codeResource struct {
	managedResource
}

type codeModel struct {
	managed
	issuedCode
}

// Metadata implements resource.Resource.
func (*codeResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_recovery_code"
}

// Schema implements resource.Resource.
func (*codeResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedCodeSchema()
}

// Create implements resource.Resource.
func (r *codeResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model codeModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	if recovery := model.issue(ctx, r.Data.Client, &resp.Diagnostics); recovery != nil {
		model.ID = types.StringValue(recovery.FlowID())
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	}
}

// NewLinkResource returns the resource ory_recovery_link.
func NewLinkResource() resource.Resource { return &linkResource{} }

type linkResource struct {
	managedResource
}

type linkModel struct {
	managed
	issuedLink
}

// Metadata implements resource.Resource.
func (*linkResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_recovery_link"
}

// Schema implements resource.Resource.
func (*linkResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedLinkSchema()
}

// Create implements resource.Resource.
func (r *linkResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model linkModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !r.Data.RequireClient(&resp.Diagnostics) {
		return
	}
	if recovery := model.issue(ctx, r.Data.Client, &resp.Diagnostics); recovery != nil {
		model.ID = types.StringValue(recovery.FlowID())
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	}
}
