package lookup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// byExternalID returns the identity with this external id, nil where there is none. The error says if the server is too old to
// be asked.
func byExternalID(ctx context.Context, c Client, externalID string) (*kratos.Identity, error) {
	identity, err := c.GetIdentityByExternalID(ctx, externalID)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		return nil, nil
	case errors.Is(err, kratos.ErrNotKratos):
		return nil, fmt.Errorf("%w. Looking an identity up by its external_id needs Kratos v25.4 or later, or Ory Network", err)
	}
	if err == nil {
		err = checkExternalID(identity, externalID)
	}
	if err != nil {
		return nil, err
	}
	return identity, nil
}

// byIdentifier returns the identities that sign in with this identifier. It is looked for among all types of credential, so
// there can be several: one with it as password identifier, another with it as that of an account elsewhere.
func byIdentifier(ctx context.Context, c Lister, identifier string) ([]*kratos.Identity, error) {
	var found []*kratos.Identity
	for identity, err := range (Search{Identifier: identifier}).Rows(ctx, c) {
		if err != nil {
			return nil, err
		}
		found = append(found, identity)
	}
	return found, nil
}

// Reference names an identity; one field is set.
type Reference struct {
	ID, ExternalID, Identifier string
}

// String says how the identity is named, as in `external_id "crm-1"`.
func (r Reference) String() string {
	switch {
	case r.ID != "":
		return fmt.Sprintf("id %q", r.ID)
	case r.ExternalID != "":
		return fmt.Sprintf("external_id %q", r.ExternalID)
	}
	return fmt.Sprintf("login identifier %q", r.Identifier)
}

// hint is why an identity with this name may not be found although there is one.
func (r Reference) hint() string {
	switch {
	case r.ID != "":
		return "It may have been deleted, or be another server's or project's."
	case r.ExternalID != "":
		return "External ids are case-sensitive."
	}
	return "Identifiers are what people sign in with, not just any address; a phone number that codes are sent to is plus and digits."
}

// Find returns the one identity with this name. The summary is that of the diagnostic where the request fails.
func (r Reference) Find(ctx context.Context, c Client, summary string) (*kratos.Identity, diag.Diagnostic) {
	var found []*kratos.Identity
	var one *kratos.Identity
	var err error
	switch {
	case r.ID != "":
		if one, err = c.GetIdentity(ctx, r.ID); errors.Is(err, kratos.ErrNotFound) {
			one, err = nil, nil
		}
	case r.ExternalID != "":
		one, err = byExternalID(ctx, c, r.ExternalID)
	default:
		found, err = byIdentifier(ctx, c, r.Identifier)
		one = Owners{Identities: found}.One()
	}
	switch {
	case err != nil:
		return nil, diag.NewErrorDiagnostic(summary, base.Explain(err))
	case len(found) > 1:
		return nil, diag.NewErrorDiagnostic("Several identities", fmt.Sprintf("Several identities have the %s, as identifiers of different "+
			"credentials: %s. Name the one that you mean by its UUID.", r, IDs(found)))
	case one == nil:
		return nil, diag.NewErrorDiagnostic("No such identity", fmt.Sprintf("The server has no identity with the %s. %s", r, r.hint()))
	}
	return one, nil
}

// Owners are the identities that have what a create asks for.
type Owners struct {
	Identities []*kratos.Identity

	// Unique says that something was looked for that no two identities can share: an external id or a login identifier.
	Unique bool

	// Gap says why there may be login identifiers that weren't looked for; empty where all were.
	Gap string
}

// One returns the only identity found, nil where there is none or there are several.
func (o Owners) One() *kratos.Identity {
	if len(o.Identities) == 1 {
		return o.Identities[0]
	}
	return nil
}

// FindOwners looks for the identities that have what the body asks for: its external id, then each login identifier that the
// identity schema finds in its traits. What conflicts by an address alone can't be found: the server has no filter for it.
func FindOwners(ctx context.Context, c Client, schemas Schemas, body kratos.CreateIdentityBody) (Owners, error) {
	var o Owners
	add := func(identity *kratos.Identity) {
		known := slices.ContainsFunc(o.Identities, func(have *kratos.Identity) bool { return have.ID == identity.ID })
		if !known {
			o.Identities = append(o.Identities, identity)
		}
	}
	if body.ExternalID != "" {
		o.Unique = true
		identity, err := byExternalID(ctx, c, body.ExternalID)
		if err != nil {
			return o, err
		}
		if identity != nil {
			add(identity)
		}
	}
	s, err := schemas.Require(ctx, body.SchemaID)
	if err != nil && len(o.Identities) > 0 {
		return o, nil // the external id leads to it
	}
	if err != nil {
		return o, fmt.Errorf("reading the identity schema %q, which tells the login identifiers: %w", body.SchemaID, err)
	}
	var byType map[string][]string
	byType, o.Gap = s.LoginIdentifiers(body.Traits)
	asked := map[string]bool{}
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		for _, identifier := range byType[kind] {
			o.Unique = true
			if asked[identifier] {
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

// IDs lists the ids of identities in words.
func IDs(identities []*kratos.Identity) string {
	all := make([]string, 0, len(identities))
	for _, identity := range identities {
		all = append(all, identity.ID)
	}
	return strings.Join(all, ", ")
}
