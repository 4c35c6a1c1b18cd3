package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identity is ory_identity: every attribute a string, and the schema version 0. Earlier versions of the official
// provider have no password_wo; OFFICIAL_PROVIDER_SHAPE=without_password_wo gives their shape.
type identity struct {
	adminURL string
}

func (*identity) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ory_identity"
}

func (*identity) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	unchanged := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	active := stringdefault.StaticString("active")
	optional := schema.StringAttribute{Optional: true}
	secret := schema.StringAttribute{Optional: true, Sensitive: true}
	resp.Schema.Attributes = map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, PlanModifiers: unchanged},
		"schema_id":       schema.StringAttribute{Required: true},
		"traits":          schema.StringAttribute{Required: true},
		"state":           schema.StringAttribute{Optional: true, Computed: true, Default: active},
		"metadata_public": optional,
		"metadata_admin":  secret,
		"password":        secret,
		"project_slug":    optional,
		"project_api_key": secret,
	}
	if os.Getenv("OFFICIAL_PROVIDER_SHAPE") != "without_password_wo" {
		resp.Schema.Attributes["password_wo"] = schema.StringAttribute{Optional: true, Sensitive: true, WriteOnly: true}
		resp.Schema.Attributes["password_wo_version"] = optional
	}
}

func (r *identity) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.adminURL, _ = req.ProviderData.(string)
}

func (r *identity) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	body := map[string]any{}
	for _, name := range []string{"schema_id", "state"} {
		body[name] = text(ctx, req.Config, name)
	}
	if body["state"] == "" {
		body["state"] = "active"
	}
	for _, name := range []string{"traits", "metadata_public", "metadata_admin"} {
		if document := text(ctx, req.Config, name); document != "" {
			body[name] = json.RawMessage(document)
		}
	}
	password := text(ctx, req.Config, "password")
	if password == "" && os.Getenv("OFFICIAL_PROVIDER_SHAPE") != "without_password_wo" {
		password = text(ctx, req.Config, "password_wo")
	}
	if password != "" {
		body["credentials"] = map[string]any{"password": map[string]any{"config": map[string]string{"password": password}}}
	}
	created, err := r.send(ctx, http.MethodPost, "/admin/identities", body, http.StatusCreated)
	if err != nil {
		resp.Diagnostics.AddError("Creating the identity", err.Error())
		return
	}
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), created["id"])...)
}

func (r *identity) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	has, err := r.send(ctx, http.MethodGet, "/admin/identities/"+id.ValueString(), nil, http.StatusOK)
	if err != nil {
		resp.Diagnostics.AddError("Reading the identity", err.Error())
		return
	}
	// Each JSON value is decoded and encoded again, which sorts the keys and rounds the numbers.
	for _, name := range []string{"traits", "metadata_public", "metadata_admin"} {
		if has[name] == nil {
			continue
		}
		document, err := json.Marshal(has[name])
		if err != nil {
			resp.Diagnostics.AddError("Reading the identity", err.Error())
			return
		}
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), string(document))...)
	}
}

func (*identity) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("No update", "The stand-in for the official provider makes no updates.")
}

func (r *identity) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	_, err := r.send(ctx, http.MethodDelete, "/admin/identities/"+id.ValueString(), nil, http.StatusNoContent)
	if err != nil {
		resp.Diagnostics.AddError("Deleting the identity", err.Error())
	}
}

func text(ctx context.Context, config tfsdk.Config, name string) string {
	var value types.String
	if diags := config.GetAttribute(ctx, path.Root(name), &value); diags.HasError() {
		return ""
	}
	return value.ValueString()
}

func (r *identity) send(ctx context.Context, method, at string, body any, want int) (map[string]any, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, r.adminURL+at, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer map[string]any
	if resp.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			return nil, err
		}
	}
	if resp.StatusCode != want {
		return nil, fmt.Errorf("%s %s: status %d: %v", method, at, resp.StatusCode, answer)
	}
	return answer, nil
}
