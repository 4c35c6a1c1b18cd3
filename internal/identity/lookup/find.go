package lookup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"golang.org/x/text/unicode/norm"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
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
		return nil, noExternalID{err}
	}
	if err == nil {
		err = checkExternalID(identity, externalID)
	}
	if err != nil {
		return nil, err
	}
	return identity, nil
}

// ErrNoExternalID says that the server has no lookup by external_id, as before v25.4.
var ErrNoExternalID = errors.New("the server has no lookup by external_id")

// noExternalID is the error of a server that has no lookup by external_id. It isn't [kratos.ErrNotKratos], for which
// the provider's configuration would be to blame.
type noExternalID struct{ answer error }

// Error implements error.
func (e noExternalID) Error() string {
	return strings.TrimSuffix(e.answer.Error(), ".") + ". Looking an identity up by its external_id needs Kratos v25.4 " +
		"or later, or Ory Network; a UUID or a login identifier finds it everywhere"
}

// Unwrap gives the kind of the error.
func (e noExternalID) Unwrap() error { return ErrNoExternalID }

// As finds the server's answer.
func (e noExternalID) As(target any) bool { return errors.As(e.answer, target) }

// byIdentifier returns the identities that sign in with this identifier. There can be several, because the server
// searches all types of credential: "gh:ada" can be the user name of one person and a link of another. Terraform
// converts every text to NFC, whereas a server may have the identifier as another client sent it, such as in NFD.
func byIdentifier(ctx context.Context, c Lister, identifier string) ([]*kratos.Identity, error) {
	forms := []string{identifier}
	if decomposed := norm.NFD.String(identifier); decomposed != identifier {
		forms = append(forms, decomposed)
	}
	var found []*kratos.Identity
	for _, form := range forms {
		for identity, err := range (Search{Identifier: form}).Rows(ctx, c) {
			if err != nil {
				return nil, err
			}
			found = append(found, identity)
		}
		if len(found) > 0 {
			break
		}
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

	// Link is the type of credential of a link that both have, where nothing else led to the identities.
	Link string

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
// schema marks among its traits; where there are none, those that have a link of the body. It can't find an identity
// that has only an address in common with the body: the server has no filter for addresses.
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
	if len(o.Identities) == 0 && body.Credentials != nil {
		all := map[string]*kratos.LinkCredential{
			credential.OIDC: body.Credentials.OIDC,
			credential.SAML: body.Credentials.SAML,
		}
		for kind, links := range all {
			if err := o.addOwnersOf(ctx, c, kind, links); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// addOwnersOf adds the identities that have one of the links. The server finds links by "provider:subject".
func (o *Owners) addOwnersOf(ctx context.Context, c Lister, kind string, links *kratos.LinkCredential) error {
	if links == nil {
		return nil
	}
	for _, link := range links.Config.Providers {
		o.Unique = true
		identifier := link.Provider + ":" + link.Subject
		found, err := byIdentifier(ctx, c, identifier)
		if err != nil {
			return err
		}
		for _, identity := range found {
			if slices.Contains(identity.Credentials[kind].Identifiers, identifier) { // and not a user name that looks like it
				o.Link = kind
				o.add(identity)
			}
		}
	}
	return nil
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
