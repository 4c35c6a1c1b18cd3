// Package identity is the resource ory_identity: what a configuration says of a person, what the server has, and how
// the one becomes the other.
package identity

import (
	"context"
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

var (
	_ protocol.DirectResource          = (*identityResource)(nil)
	_ resource.ResourceWithImportState = (*identityResource)(nil)
)

// client is what this package needs of the admin API.
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
}

// NewResource returns the resource ory_identity.
func NewResource() resource.Resource { return &identityResource{} }

// NewDirectResource returns the resource ory_identity, to be served directly.
func NewDirectResource() protocol.DirectResource { return &identityResource{} }

// schemaGetter finds identity schemas: Get where the caller can do without the schema, and Require where it can't.
// *traitschema.Cache is one.
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

// operation returns an operation that has the provider's data. Its schemas are nil if the server isn't known yet.
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

// setIdentity must be called by Create, Read (also where it finds nothing) and Update: CLIs before 1.12 don't send the
// resource identity back, and Terraform wants one in every answer.
func setIdentity(identity *tfsdk.ResourceIdentity, id types.String) {
	if identity == nil {
		return
	}
	text := tftypes.NewValue(tftypes.String, id.ValueStringPointer())
	identity.Raw = tftypes.NewValue(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}},
		map[string]tftypes.Value{"id": text},
	)
}
