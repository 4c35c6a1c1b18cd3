package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identityResource is ory_identity.
type identityResource struct {
	client *client
}

type model struct {
	ID             types.String `tfsdk:"id"`
	SchemaID       types.String `tfsdk:"schema_id"`
	SchemaURL      types.String `tfsdk:"schema_url"`
	Traits         types.String `tfsdk:"traits"`
	MetadataPublic types.String `tfsdk:"metadata_public"`
	MetadataAdmin  types.String `tfsdk:"metadata_admin"`
	State          types.String `tfsdk:"state"`
	ExternalID     types.String `tfsdk:"external_id"`
	CreatedAt      types.String `tfsdk:"created_at"`
	UpdatedAt      types.String `tfsdk:"updated_at"`
}

func (*identityResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ory_identity"
}

func (*identityResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	optional := schema.StringAttribute{Optional: true}
	stable := schema.StringAttribute{
		Computed:      true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
	resp.Schema.Attributes = map[string]schema.Attribute{
		"id":              stable,
		"schema_id":       schema.StringAttribute{Required: true},
		"schema_url":      stable,
		"traits":          schema.StringAttribute{Required: true},
		"metadata_public": optional,
		"metadata_admin":  schema.StringAttribute{Optional: true, Sensitive: true},
		"state": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString("active"),
		},
		"external_id": optional,
		"created_at":  stable,
		"updated_at":  schema.StringAttribute{Computed: true},
	}
}

func (r *identityResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.client, _ = req.ProviderData.(*client) // nil while Terraform only validates
}

func (r *identityResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	has, err := r.client.create(ctx, m.body())
	if err != nil {
		resp.Diagnostics.AddError("Creating the identity", err.Error())
		return
	}
	m.set(has)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *identityResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	has, err := r.client.get(ctx, m.ID.ValueString())
	var failure *statusError
	if errors.As(err, &failure) && failure.status == http.StatusNotFound {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.AddError("Reading the identity", err.Error())
		return
	}
	m.set(has)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *identityResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	has, err := r.client.update(ctx, m.ID.ValueString(), m.body())
	if err != nil {
		resp.Diagnostics.AddError("Updating the identity", err.Error())
		return
	}
	m.set(has)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *identityResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.client.delete(ctx, m.ID.ValueString())
	var failure *statusError
	if err != nil && (!errors.As(err, &failure) || failure.status != http.StatusNotFound) {
		resp.Diagnostics.AddError("Deleting the identity", err.Error())
	}
}

// body is what a create or an update sends.
func (m *model) body() identity {
	body := identity{
		SchemaID:   m.SchemaID.ValueString(),
		Traits:     json.RawMessage(m.Traits.ValueString()),
		State:      m.State.ValueString(),
		ExternalID: m.ExternalID.ValueString(),
	}
	if !m.MetadataPublic.IsNull() {
		body.MetadataPublic = json.RawMessage(m.MetadataPublic.ValueString())
	}
	if !m.MetadataAdmin.IsNull() {
		body.MetadataAdmin = json.RawMessage(m.MetadataAdmin.ValueString())
	}
	return body
}

// set takes over what the server says.
func (m *model) set(has identity) {
	m.ID = types.StringValue(has.ID)
	m.SchemaID = types.StringValue(has.SchemaID)
	m.SchemaURL = types.StringValue(has.SchemaURL)
	m.Traits = document(m.Traits, has.Traits)
	m.MetadataPublic = document(m.MetadataPublic, has.MetadataPublic)
	m.MetadataAdmin = document(m.MetadataAdmin, has.MetadataAdmin)
	m.State = types.StringValue(has.State)
	if has.ExternalID != "" {
		m.ExternalID = types.StringValue(has.ExternalID)
	}
	m.CreatedAt = types.StringValue(has.CreatedAt)
	m.UpdatedAt = types.StringValue(has.UpdatedAt)
}

// document returns the known JSON text where the server's JSON means the same, else the server's.
func document(known types.String, has json.RawMessage) types.String {
	var want, got any
	if len(has) == 0 || json.Unmarshal(has, &got) != nil || got == nil {
		return types.StringNull()
	}
	if json.Unmarshal([]byte(known.ValueString()), &want) == nil && reflect.DeepEqual(want, got) {
		return known
	}
	return types.StringValue(string(has))
}
