package identity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// byExternalID returns the identity with this external id, nil where there is none. The error says if the server is too old to
// be asked.
func byExternalID(ctx context.Context, c client, externalID string) (*kratos.Identity, error) {
	identity, err := c.GetIdentityByExternalID(ctx, externalID)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		return nil, nil
	case errors.Is(err, kratos.ErrNotKratos):
		return nil, fmt.Errorf("%w. Looking an identity up by its external_id needs Kratos v25.4 or later, or Ory Network", err)
	}
	return identity, err
}

// byIdentifier returns the identities that sign in with this identifier. It is looked for among all types of credential, so
// there can be several: one with it as password identifier, another with it as that of an account elsewhere.
func byIdentifier(ctx context.Context, c client, identifier string) ([]*kratos.Identity, error) {
	var found []*kratos.Identity
	for identity, err := range c.ListIdentities(ctx, kratos.ListIdentitiesOptions{CredentialsIdentifier: identifier}) {
		if err != nil {
			return nil, err
		}
		found = append(found, identity)
	}
	return found, nil
}

// reference names an identity; one field is set.
type reference struct {
	id, externalID, identifier string
}

func (r reference) String() string {
	switch {
	case r.id != "":
		return fmt.Sprintf("id %q", r.id)
	case r.externalID != "":
		return fmt.Sprintf("external_id %q", r.externalID)
	}
	return fmt.Sprintf("login identifier %q", r.identifier)
}

// hint is why an identity with this name may not be found although there is one.
func (r reference) hint() string {
	switch {
	case r.id != "":
		return "It may have been deleted, or be another server's or project's."
	case r.externalID != "":
		return "External ids are case-sensitive."
	}
	return "Identifiers are what people sign in with, not just any address; a phone number that codes are sent to is plus and digits."
}

// find returns the one identity with this name. The summary is that of what may go wrong in asking for it.
func (r reference) find(ctx context.Context, c client, summary string) (*kratos.Identity, diag.Diagnostic) {
	var found []*kratos.Identity
	var one *kratos.Identity
	var err error
	switch {
	case r.id != "":
		if one, err = c.GetIdentity(ctx, r.id); errors.Is(err, kratos.ErrNotFound) {
			one, err = nil, nil
		}
	case r.externalID != "":
		one, err = byExternalID(ctx, c, r.externalID)
	default:
		found, err = byIdentifier(ctx, c, r.identifier)
		one = owners{identities: found}.one()
	}
	switch {
	case err != nil:
		return nil, diag.NewErrorDiagnostic(summary, base.Explain(err))
	case len(found) > 1:
		return nil, diag.NewErrorDiagnostic("Several identities", fmt.Sprintf("Several identities have the %s, as identifiers of different "+
			"credentials: %s. Name the one that you mean by its UUID.", r, ids(found)))
	case one == nil:
		return nil, diag.NewErrorDiagnostic("No such identity", fmt.Sprintf("The server has no identity with the %s. %s", r, r.hint()))
	}
	return one, nil
}

// owners is what looking for the identity behind a conflict or a lost answer found.
type owners struct {
	identities []*kratos.Identity

	// unique says that something was looked for that no two identities can share: an external id or a login identifier.
	unique bool

	// gap says why there may be login identifiers that weren't looked for; empty where there are none.
	gap string
}

// one returns the only identity found, nil where there is none or there are several.
func (o owners) one() *kratos.Identity {
	if len(o.identities) == 1 {
		return o.identities[0]
	}
	return nil
}

// findOwners looks for the identities that have what the body asks for: its external id, then each login identifier that the
// identity schema finds in its traits. What conflicts by an address alone can't be found: the server has no filter for it.
func findOwners(ctx context.Context, c client, schemas schemaGetter, body kratos.CreateIdentityBody) (owners, error) {
	var o owners
	add := func(identity *kratos.Identity) {
		known := slices.ContainsFunc(o.identities, func(have *kratos.Identity) bool { return have.ID == identity.ID })
		if !known {
			o.identities = append(o.identities, identity)
		}
	}
	if body.ExternalID != "" {
		o.unique = true
		identity, err := byExternalID(ctx, c, body.ExternalID)
		if err != nil {
			return o, err
		}
		if identity != nil {
			add(identity)
		}
	}
	s, err := schemas.Require(ctx, body.SchemaID)
	if err != nil && len(o.identities) > 0 {
		return o, nil // the external id leads to it
	}
	if err != nil {
		return o, fmt.Errorf("reading the identity schema %q, which tells the login identifiers: %w", body.SchemaID, err)
	}
	var byType map[string][]string
	byType, o.gap = s.LoginIdentifiers(body.Traits)
	asked := map[string]bool{}
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		for _, identifier := range byType[kind] {
			if o.unique = true; asked[identifier] {
				continue
			}
			asked[identifier] = true
			found, err := byIdentifier(ctx, c, identifier)
			if err != nil {
				return o, err
			}
			for _, identity := range found {
				add(identity)
			}
		}
	}
	return o, nil
}
