package protocol_test

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// contextKey is the key of a context value that the tests set and the provider shows.
type contextKey struct{}

func contextValue(ctx context.Context) string {
	value, _ := ctx.Value(contextKey{}).(string)
	return value
}

// testProvider has a resource that shows its context. A read waits for the end of the context. The list and the action
// show the context's value while Terraform reads the answer.
type testProvider struct {
	reading chan struct{} // receives when a read waits
}

func (*testProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}

func (*testProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (*testProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (*testProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *testProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &thing{reading: p.reading} }}
}

func (*testProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return &things{} }}
}

func (*testProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return &show{} }}
}

type thing struct{ reading chan struct{} }

func (*thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_thing"
}

func (*thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}}
}

func (*thing) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true},
	}}
}

func (t *thing) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	t.reading <- struct{}{}
	<-ctx.Done()
	resp.Diagnostics.AddError("Interrupted", context.Cause(ctx).Error())
}

func (*thing) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}

func (*thing) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (*thing) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

type things struct{}

func (*things) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_thing"
}

func (*things) ListResourceConfigSchema(
	_ context.Context,
	_ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listschema.Schema{}
}

func (*things) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		for range 2 {
			result := req.NewListResult(ctx)
			result.DisplayName = contextValue(ctx)
			result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root("id"), "x")...)
			if !push(result) {
				return
			}
		}
	}
}

type show struct{}

func (*show) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "test_show"
}

func (*show) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{}
}

func (*show) Invoke(ctx context.Context, _ action.InvokeRequest, resp *action.InvokeResponse) {
	resp.SendProgress(action.InvokeProgressEvent{Message: contextValue(ctx)})
}
