package lookup

import (
	"context"
	"iter"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Client is the part of the admin API that this package uses.
type Client interface {
	Lister
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	GetIdentityByExternalID(ctx context.Context, externalID string) (*kratos.Identity, error)
}

// Lister lists identities.
type Lister interface {
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
}

// Schemas reads identity schemas. *traitschema.Cache implements it.
type Schemas interface {
	Require(ctx context.Context, id string) (*traitschema.Schema, error)
}
