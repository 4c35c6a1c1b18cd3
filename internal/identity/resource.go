// Package identity is the resource ory_identity: what a configuration says of a person, what the server has, and how the one
// becomes the other.
package identity

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var (
	_ resource.ResourceWithConfigure   = (*identityResource)(nil)
	_ resource.ResourceWithIdentity    = (*identityResource)(nil)
	_ resource.ResourceWithImportState = (*identityResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*identityResource)(nil)
)

// client is what this package needs of the admin API.
type client interface {
	CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error)
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	GetIdentityByExternalID(ctx context.Context, externalID string) (*kratos.Identity, error)
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
	PatchIdentity(ctx context.Context, id string, ops []kratos.PatchOperation) (*kratos.Identity, error)
	UpdateIdentity(ctx context.Context, id string, build func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool)) (*kratos.Identity, error)
	DeleteIdentity(ctx context.Context, id string) error
	DeleteCredential(ctx context.Context, id, kind, identifier string) error
	DeleteIdentitySessions(ctx context.Context, id string) error
	ListIdentitySchemas(ctx context.Context) ([]kratos.IdentitySchema, error)
	Now() time.Time
}

// NewResource returns the resource ory_identity.
func NewResource() resource.Resource { return &identityResource{} }

type identityResource struct {
	base.Resource
}

// Metadata implements resource.Resource.
func (*identityResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_identity"
}

// Schema implements resource.Resource.
func (*identityResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (*identityResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = resourceIdentitySchema()
}

func (r *identityResource) wasRead(id types.String) bool {
	return r.Data != nil && r.Data.Walk.WasRead(id.ValueString())
}

// schemas returns nil where the server isn't known yet.
func (r *identityResource) schemas() schemaGetter {
	if r.Data == nil || r.Data.Schemas == nil {
		return nil
	}
	return r.Data.Schemas
}

// setIdentity must be called by Create, Read (also where it finds nothing) and Update: CLIs before 1.12 don't send the resource
// identity back, and the framework wants one in every answer.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.Set(ctx, identityModel{ID: id})...)
	}
}

func isImported(ctx context.Context, private privateReader, diags *diag.Diagnostics) bool {
	raw, d := private.GetKey(ctx, importedKey)
	diags.Append(d...)
	return len(raw) > 0
}
