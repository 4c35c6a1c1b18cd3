package base

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resource receives the provider's Data. Every resource and list resource of the provider embeds it.
type Resource struct {
	Data *Data
}

// Configure implements resource.ResourceWithConfigure.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Data = fromProvider(req.ProviderData, &resp.Diagnostics)
}

// Timeout limits an operation of an object without a timeouts block, including retries and waits.
const Timeout = 20 * time.Minute

// DataSource receives the provider's Data. Every data source of the provider embeds it.
type DataSource struct {
	Data *Data
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Data = fromProvider(req.ProviderData, &resp.Diagnostics)
}

// RequireClient is [Data.RequireClient] for a data source. Terraform reads a data source while planning, unless the
// data source depends on a value that the apply changes.
func (d *DataSource) RequireClient(diags *diag.Diagnostics) bool {
	return d.Data.requireClient("Terraform reads a data source during the plan. To read it during the apply, add "+
		"depends_on to its block, with the resources that these values come from. Or apply those resources first, for "+
		"example with -target.", diags)
}

// EphemeralResource receives the provider's Data. Every ephemeral resource of the provider embeds it.
type EphemeralResource struct {
	Data *Data
}

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (r *EphemeralResource) Configure(
	_ context.Context,
	req ephemeral.ConfigureRequest,
	resp *ephemeral.ConfigureResponse,
) {
	r.Data = fromProvider(req.ProviderData, &resp.Diagnostics)
}

// Action receives the provider's Data. Every action of the provider embeds it.
type Action struct {
	Data *Data
}

// Configure implements action.ActionWithConfigure.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Data = fromProvider(req.ProviderData, &resp.Diagnostics)
}

// fromProvider returns nil before the provider is configured, for example during validation.
func fromProvider(providerData any, diags *diag.Diagnostics) *Data {
	if providerData == nil {
		return nil
	}
	data, ok := providerData.(*Data)
	if !ok {
		diags.AddError("Provider defect", fmt.Sprintf("Expected provider data of *base.Data, got %T. Please report this to "+
			"the provider's developers.", providerData))
		return nil
	}
	return data
}
