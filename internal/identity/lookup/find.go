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

// byExternalID returns the identity with this external id, nil if there is none. If the server doesn't support the
// lookup, the error names the required version.
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

// ErrNoExternalID means that the server doesn't support the lookup by external_id, as before v25.4.
var ErrNoExternalID = errors.New("the server has no lookup by external_id")

// noExternalID is the error of a server that doesn't support the lookup by external_id. It isn't [kratos.ErrNotKratos],
// which would blame the provider's configuration.
type noExternalID struct{ answer error }

// Error implements error.
func (e noExternalID) Error() string {
	return strings.TrimSuffix(e.answer.Error(), ".") + ". The lookup by external_id needs Kratos v25.4 or later, or " +
		"Ory Network. The lookup by UUID or by login identifier works on every server"
}

// Unwrap returns ErrNoExternalID, for errors.Is.
func (e noExternalID) Unwrap() error { return ErrNoExternalID }

// As finds the server's answer, for errors.As.
func (e noExternalID) As(target any) bool { return errors.As(e.answer, target) }

// byIdentifier returns the identities that have this login identifier. There can be several, because the server
// searches all types of credential: "gh:ada" can be the user name of one person and a link of another person.
func byIdentifier(ctx context.Context, c Lister, identifier string) ([]*kratos.Identity, error) {
	var found []*kratos.Identity
	var kept kratos.Kept
	for identity, err := range (Search{Identifier: identifier}).Rows(ctx, c) {
		if err == nil {
			err = kept.Add(identity)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, identity)
	}
	return found, nil
}

// Reference identifies an identity by exactly one of its fields.
type Reference struct {
	ID, ExternalID, Identifier string
}

// String describes the reference, as in `external_id "crm-1"`.
func (r Reference) String() string {
	switch {
	case r.ID != "":
		return fmt.Sprintf("id %q", r.ID)
	case r.ExternalID != "":
		return fmt.Sprintf("external_id %q", r.ExternalID)
	}
	return fmt.Sprintf("login identifier %q", r.Identifier)
}

// hint explains why the server may find no identity although the person exists.
func (r Reference) hint() string {
	switch {
	case r.ID != "":
		return "The identity may have been deleted, or may belong to another server or project."
	case r.ExternalID != "":
		return "External ids are case-sensitive."
	}
	return "A login identifier is a value that a person signs in with. Other addresses of the person are not login " +
		"identifiers. A phone number needs its country code, as in +49 1512 3456789."
}

// NoSuchIdentity is the summary of the diagnostic if the server has no identity that the reference identifies.
const NoSuchIdentity = "Identity not found"

// Find returns the identity that the reference identifies. summary is the summary of the diagnostic if the request
// fails.
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
		return nil, diag.NewErrorDiagnostic("Several identities found", fmt.Sprintf("Several identities have the %s, as "+
			"identifiers of different credentials: %s. Specify one of these identities by its UUID.", r, IDs(found)))
	case one == nil:
		return nil, diag.NewErrorDiagnostic(NoSuchIdentity, fmt.Sprintf("The server has no identity with the %s. "+
			"%s", r, r.hint()))
	}
	return one, nil
}

// Owners are the identities that have values that a create sends.
type Owners struct {
	Identities []*kratos.Identity

	// Unique reports whether the create sends an external id or a login identifier, which no two identities can share.
	Unique bool

	// Link is the type of credential of a shared link, if only a link led to the identities.
	Link string

	// Gap explains why the provider may not know all login identifiers among the traits. It is empty if the provider knows
	// all of them.
	Gap string
}

// One returns the owner if there is exactly one, and nil otherwise.
func (o Owners) One() *kratos.Identity {
	if len(o.Identities) == 1 {
		return o.Identities[0]
	}
	return nil
}

// Without returns the owners without the identity with this id.
func (o Owners) Without(id string) Owners {
	o.Identities = slices.DeleteFunc(slices.Clone(o.Identities), func(i *kratos.Identity) bool { return i.ID == id })
	return o
}

// FindOwners returns the identities that have the external id of the body, or a login identifier that the identity
// schema marks among the traits of the body. If there are none, it returns the identities that have a link of the body.
// It can't find an identity that shares only an address with the body, because the server has no filter for addresses.
// An only owner is confirmed.
func FindOwners(ctx context.Context, c Client, schemas Schemas, body kratos.CreateIdentityBody) (Owners, error) {
	o, err := findOwners(ctx, c, schemas, body)
	owner := o.One()
	if err != nil || owner == nil {
		return o, err
	}
	if err = Confirm(ctx, c, owner); errors.Is(err, kratos.ErrNotFound) {
		return o.Without(owner.ID), nil // it was deleted meanwhile
	}
	return o, err
}

func findOwners(ctx context.Context, c Client, schemas Schemas, body kratos.CreateIdentityBody) (Owners, error) {
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
		return o, nil // an owner with the external id needs no schema
	}
	if err != nil {
		return o, fmt.Errorf("reading the identity schema %q, which defines the login identifiers: %w", body.SchemaID, err)
	}
	_, o.Gap = s.LoginIdentifiers(body.Traits)
	for _, identifier := range s.LoginTexts(body.Traits) {
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

// HasOtherForms reports whether the traits of the body have a login identifier that an identity of the server may have
// in another form. Versions up to v26.2 then create a second identity without a conflict.
func HasOtherForms(ctx context.Context, schemas Schemas, body kratos.CreateIdentityBody) bool {
	if norm.NFD.IsNormal(body.Traits) {
		return false // saves the reading of the schema
	}
	s, err := schemas.Require(ctx, body.SchemaID)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(s.LoginTexts(body.Traits), func(text string) bool { return len(forms(text)) > 1 })
}

// addOwnersOf adds the identities that have one of the links.
func (o *Owners) addOwnersOf(ctx context.Context, c Lister, kind string, links *kratos.LinkCredential) error {
	if links == nil {
		return nil
	}
	o.Unique = true
	owners, err := FindLinkOwners(ctx, c, kind, links)
	for _, identifier := range slices.Sorted(maps.Keys(owners)) {
		o.Link = kind
		o.add(owners[identifier])
	}
	return err
}

// FindLinkOwners returns the identities that have one of the links, by the identifier of the link ("provider:subject").
// After an error it also returns what it has found before.
func FindLinkOwners(
	ctx context.Context,
	c Lister,
	kind string,
	links *kratos.LinkCredential,
) (map[string]*kratos.Identity, error) {
	owners := map[string]*kratos.Identity{}
	for _, link := range links.Config.Providers {
		identifier := link.Provider + ":" + link.Subject
		found, err := byIdentifier(ctx, c, identifier)
		if err != nil {
			return owners, err
		}
		for _, identity := range found {
			if slices.Contains(identity.Credentials[kind].Identifiers, identifier) { // excludes a user name with the same text
				owners[identifier] = identity
			}
		}
	}
	return owners, nil
}

func (o *Owners) add(identity *kratos.Identity) {
	if !slices.ContainsFunc(o.Identities, func(known *kratos.Identity) bool { return known.ID == identity.ID }) {
		o.Identities = append(o.Identities, identity)
	}
}

// IDs lists the ids of identities, separated by commas.
func IDs(identities []*kratos.Identity) string {
	all := make([]string, 0, len(identities))
	for _, identity := range identities {
		all = append(all, identity.ID)
	}
	return strings.Join(all, ", ")
}
