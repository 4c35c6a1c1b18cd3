package identity

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// The types of credential whose identifiers are links to accounts at other providers, which are also the names of their
// attributes.
const (
	oidc = credential.OIDC
	saml = credential.SAML
)

var linkKinds = credential.LinkTypes()

// link is one element of the sets oidc and saml.
type link struct {
	provider, subject, organization string
	autoLink                        bool
	known                           bool // neither provider nor subject waits for another resource

	value attr.Value // the element itself
}

// identifier is what the server knows the link by. It compares it exactly, case included.
func (l link) identifier() string { return l.provider + ":" + l.subject }

func (l link) sameOptions(other link) bool {
	return strings.EqualFold(l.organization, other.organization) && l.autoLink == other.autoLink
}

// linksIn returns the links of a set, none where it is null or not known.
func linksIn(set types.Set) []link {
	var links []link
	for _, element := range set.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsNull() || object.IsUnknown() {
			links = append(links, link{value: element})
			continue
		}
		l := link{value: element, known: true}
		for name, field := range map[string]*string{"provider": &l.provider, "subject": &l.subject, "organization": &l.organization} {
			text, _ := object.Attributes()[name].(types.String)
			*field = text.ValueString()
			l.known = l.known && (!text.IsUnknown() || name == "organization")
		}
		auto, _ := object.Attributes()["use_auto_link"].(types.Bool)
		l.autoLink = auto.ValueBool()
		links = append(links, l)
	}
	return links
}

func identifiersOf(links []link) []string {
	identifiers := make([]string, 0, len(links))
	for _, l := range links {
		if l.known {
			identifiers = append(identifiers, l.identifier())
		}
	}
	slices.Sort(identifiers)
	return identifiers
}

// links returns the attribute of this name.
func (m *model) links(kind string) *types.Set {
	if kind == saml {
		return &m.SAML
	}
	return &m.OIDC
}

// setLinks replaces the links of the attribute. It stays null where it was and there is none.
func (m *model) setLinks(kind string, links []link) {
	set := m.links(kind)
	if len(links) == 0 && set.IsNull() {
		return
	}
	elements := make([]attr.Value, 0, len(links))
	for _, l := range links {
		elements = append(elements, l.value)
	}
	*set = types.SetValueMust(linkObject(kind).Type(), elements)
}

// holds says whether the server's identifiers have the link. One that is made to be replaced at the first sign-in
// (use_auto_link) is also there when the account that took its place is: one of the same provider that isn't among known, the
// identifiers that Terraform knows of.
func holds(identifiers []string, l link, known []string) bool {
	return slices.ContainsFunc(identifiers, func(identifier string) bool {
		return identifier == l.identifier() ||
			l.autoLink && strings.HasPrefix(identifier, l.provider+":") && !slices.Contains(known, identifier)
	})
}

// split parts the links in those that the server's identifiers have and those that are missing.
func split(links []link, identifiers, known []string) (there, missing []link) {
	for _, l := range links {
		if l.known && holds(identifiers, l, known) {
			there = append(there, l)
		} else {
			missing = append(missing, l)
		}
	}
	return there, missing
}

// refreshLinks drops from the model, which is the prior state, what the server doesn't have any more. What people linked
// themselves is never shown.
func (m *model) refreshLinks(identity *kratos.Identity) {
	if identity.Credentials == nil {
		return // lists may leave them out
	}
	for _, kind := range linkKinds {
		links := linksIn(*m.links(kind))
		there, missing := split(links, identity.Credentials[kind].Identifiers, identifiersOf(links))
		if len(missing) > 0 {
			m.setLinks(kind, there)
		}
	}
}

// linkCredential are links as the API takes them, nil for none.
func linkCredential(links []link) *kratos.LinkCredential {
	if len(links) == 0 {
		return nil
	}
	providers := make([]kratos.LinkProvider, 0, len(links))
	for _, l := range links {
		providers = append(providers, kratos.LinkProvider{
			Provider: l.provider, Subject: l.subject, Organization: l.organization, UseAutoLink: l.autoLink,
		})
	}
	return &kratos.LinkCredential{Config: kratos.LinkConfig{Providers: providers}}
}

// withLinks adds links, by type, to the credentials to send; nil where there is nothing to send.
func withLinks(credentials *kratos.IdentityCredentials, links map[string][]link) *kratos.IdentityCredentials {
	if len(links[oidc])+len(links[saml]) == 0 {
		return credentials
	}
	if credentials == nil {
		credentials = &kratos.IdentityCredentials{}
	}
	credentials.OIDC, credentials.SAML = linkCredential(links[oidc]), linkCredential(links[saml])
	return credentials
}

// allLinks are the links of the model by type.
func (m *model) allLinks() map[string][]link {
	return map[string][]link{oidc: linksIn(m.OIDC), saml: linksIn(m.SAML)}
}
