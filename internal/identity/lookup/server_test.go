package lookup

import (
	"context"
	"iter"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// fakeServer answers every lookup and every list with the same identities, like a gateway that drops filters.
type fakeServer struct {
	identities []kratos.Identity
	asked      []kratos.ListIdentitiesOptions
}

func (f *fakeServer) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	return f.first()
}

func (f *fakeServer) GetIdentityByExternalID(context.Context, string) (*kratos.Identity, error) {
	return f.first()
}

func (f *fakeServer) first() (*kratos.Identity, error) {
	if len(f.identities) == 0 {
		return nil, &kratos.Error{StatusCode: 404}
	}
	return &f.identities[0], nil
}

func (f *fakeServer) ListIdentities(
	_ context.Context,
	opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	f.asked = append(f.asked, opts)
	return func(yield func(*kratos.Identity, error) bool) {
		for i := range f.identities {
			if !yield(&f.identities[i], nil) {
				return
			}
		}
	}
}

// person is an identity with one credential.
func person(id, kind string, identifiers ...string) kratos.Identity {
	return kratos.Identity{ID: id, Credentials: map[string]kratos.Credential{kind: {Type: kind, Identifiers: identifiers}}}
}
