// Package identity implements the resource ory_identity: it plans the difference between a configuration and the
// identity on the server, and applies the difference.
package identity

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

var (
	_ protocol.DirectResource          = (*identityResource)(nil)
	_ resource.ResourceWithImportState = (*identityResource)(nil)
)

// client is the part of the admin API that this package uses.
type client interface {
	CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error)
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	GetIdentityByExternalID(ctx context.Context, externalID string) (*kratos.Identity, error)
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
	PatchIdentity(ctx context.Context, id string, ops []kratos.PatchOperation) (*kratos.Identity, error)
	UpdateIdentity(
		ctx context.Context,
		id string,
		build func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool),
	) (*kratos.Identity, error)
	DeleteIdentity(ctx context.Context, id string) error
	DeleteCredential(ctx context.Context, id, kind, identifier string) error
	DeleteIdentitySessions(ctx context.Context, id string) error
	ListIdentitySchemas(ctx context.Context) ([]kratos.IdentitySchema, error)
	Earliest() time.Time
	NoteCreation(createdAt string)
}

// NewResource returns the resource ory_identity.
func NewResource() resource.Resource { return &identityResource{} }

// NewDirectResource returns the resource ory_identity for the direct server: see protocol.DirectResource.
func NewDirectResource() protocol.DirectResource { return &identityResource{} }

// schemaGetter reads identity schemas. Callers that can work without the schema use Get; all others use Require.
// *traitschema.Cache implements it.
type schemaGetter interface {
	Get(ctx context.Context, id string) (*traitschema.Schema, error)
	Require(ctx context.Context, id string) (*traitschema.Schema, error)
}

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
func (*identityResource) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = resourceIdentitySchema()
}

// operation returns an operation with the provider's data. Its schemas are nil if the server isn't known yet.
func (r *identityResource) operation(diags *diag.Diagnostics) *operation {
	o := &operation{data: r.Data, diags: diags}
	if r.Data == nil {
		return o
	}
	if r.Data.Client != nil {
		o.client = r.Data.Client
	}
	if r.Data.Schemas != nil {
		o.schemas = r.Data.Schemas
	}
	return o
}
