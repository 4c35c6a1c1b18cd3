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

// byExternalID returns the identity with this external id, nil if there is none. The error names the version needed
// where the server has no such lookup.
func byExternalID(ctx context.Context, c Client, externalID string) (*kratos.Identity, error) {
	identity, err := c.GetIdentityByExternalID(ctx, externalID)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		return nil, nil
	case errors.Is(err, kratos.ErrNotKratos):
		return nil, fmt.Errorf("%w. Looking an identity up by its external_id needs Kratos v25.4 or later, or Ory "+
			"Network", err)
	}
	if err == nil {
		err = checkExternalID(identity, externalID)
	}
	if err != nil {
		return nil, err
	}
	return identity, nil
}

// byIdentifier returns the identities that sign in with this identifier. There can be several, because the server
// searches all types of credential: "gh:ada" can be the user name of one person and a link of another.
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

// hint says why the server may find no identity by this name although the person exists.
func (r Reference) hint() string {
	switch {
	case r.ID != "":
		return "It may have been deleted, or be another server's or project's."
	case r.ExternalID != "":
		return "External ids are case-sensitive."
	}
	return "Identifiers are what people sign in with, not just any address; a phone number that codes are sent to is " +
		"plus and digits."
}

// Find returns the one identity with this name. The summary is that of the diagnostic where the request fails.
func (r Reference) Find(ctx context.Context, c Client, summary string) (*kratos.Identity, diag.Diagnostic) {
	var found []*kratos.Identity
	var one *kratos.Identity
	var err error
	switch {
	case r.ID != "":
		one, err = c.GetIdentity(ctx, r.ID)
		if errors.Is(err, kratos.ErrNotFound) {
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
		return nil, diag.NewErrorDiagnostic("Several identities", fmt.Sprintf("Several identities have the %s, as "+
			"identifiers of different credentials: %s. Name the one that you mean by its UUID.", r, IDs(found)))
	case one == nil:
		return nil, diag.NewErrorDiagnostic("No such identity", fmt.Sprintf("The server has no identity with the %s. "+
			"%s", r, r.hint()))
	}
	return one, nil
}

// Owners are the identities that have what a create asks for.
type Owners struct {
	Identities []*kratos.Identity

	// Unique says that the create asks for an external id or a login identifier, which no two identities can share.
	Unique bool

	// Gap says why the provider may not know all login identifiers among the traits; empty if it knows them all.
	Gap string
}

// One returns the only owner, nil if there is none or there are several.
func (o Owners) One() *kratos.Identity {
	if len(o.Identities) == 1 {
		return o.Identities[0]
	}
	return nil
}

// FindOwners returns the identities that have the external id of the body, or a login identifier that the identity
// schema marks among its traits. It can't find an identity that has only an address in common with the body: the server
// has no filter for addresses.
func FindOwners(ctx context.Context, c Client, schemas Schemas, body kratos.CreateIdentityBody) (Owners, error) {
	var o Owners
	if body.ExternalID != "" {
		o.Unique = true
		identity, err := byExternalID(ctx, c, body.ExternalID)
		if err != nil {
			return o, err
		}
		if identity != nil {
			o.add(identity)
		}
	}
	s, err := schemas.Require(ctx, body.SchemaID)
	if err != nil && len(o.Identities) > 0 {
		return o, nil // the owner by external id is known without the schema
	}
	if err != nil {
		return o, fmt.Errorf("reading the identity schema %q, which tells the login identifiers: %w", body.SchemaID, err)
	}
	var byType map[string][]string
	byType, o.Gap = s.LoginIdentifiers(body.Traits)
	for _, identifier := range distinct(byType) {
		o.Unique = true
		found, err := byIdentifier(ctx, c, identifier)
		if err != nil {
			return o, err
		}
		for _, identity := range found {
			o.add(identity)
		}
	}
	return o, nil
}

func (o *Owners) add(identity *kratos.Identity) {
	if !slices.ContainsFunc(o.Identities, func(known *kratos.Identity) bool { return known.ID == identity.ID }) {
		o.Identities = append(o.Identities, identity)
	}
}

// distinct returns each identifier once, in a stable order.
func distinct(byType map[string][]string) []string {
	var identifiers []string
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		for _, identifier := range byType[kind] {
			if !slices.Contains(identifiers, identifier) {
				identifiers = append(identifiers, identifier)
			}
		}
	}
	return identifiers
}

// IDs lists the ids of identities, separated by commas.
func IDs(identities []*kratos.Identity) string {
	all := make([]string, 0, len(identities))
	for _, identity := range identities {
		all = append(all, identity.ID)
	}
	return strings.Join(all, ", ")
}
