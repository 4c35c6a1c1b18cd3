package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// links is credentials.oidc or credentials.saml: the accounts at other providers with which the person signs in. kind
// is the type of credential, which is also the name of the member.
type links struct {
	unmanaged
	kind string
}

var (
	oidcLinks = links{kind: credential.OIDC}
	samlLinks = links{kind: credential.SAML}

	linkKinds = []string{credential.OIDC, credential.SAML}
)

func (l links) member() (string, schema.Attribute) {
	const rules = " Terraform does not show or change links that people make themselves. It sends each new link once, " +
		"before it deletes old links. If you remove a link from the configuration, Terraform deletes the link if Terraform " +
		"added it and if it is not the last way to sign in. A link that exists at an import is recorded and not sent."
	description := "Links: accounts at OpenID Connect and OAuth 2.0 providers that the person can sign in with."
	if l.kind == credential.SAML {
		description = "Links: accounts at SAML providers that the person can sign in with. Needs Kratos v25.4 or later, or " +
			"Ory Network."
	}
	return l.kind, schema.SetNestedAttribute{
		Optional: true, NestedObject: linkObject(l.kind), Validators: []validator.Set{linksValidator{}},
		MarkdownDescription: description + rules,
	}
}

func (l links) effect(o *operation) effect {
	planned := o.plan.links(l.kind)
	if planned.Equal(o.state.links(l.kind)) {
		return unchanged
	}
	if planned.IsUnknown() {
		return credentialSent
	}
	current := o.state.identifiers()[l.kind]
	_, missing := split(linksIn(planned), current, o.knownLinks(l.kind))
	if len(missing) > 0 || len(o.dropped(l.kind, current)) > 0 {
		return credentialSent
	}
	return recorded
}

func (l links) changesIdentifiers(o *operation) bool { return l.effect(o) == credentialSent }

// check warns of changes of links that the apply doesn't carry out.
func (l links) check(_ context.Context, o *operation) {
	planned := linksIn(o.plan.links(l.kind))
	if o.plan.links(l.kind).IsUnknown() || slices.ContainsFunc(planned, func(link link) bool { return !link.known }) {
		return
	}
	current := o.state.identifiers()[l.kind]
	var forgotten []string
	for _, before := range linksIn(o.state.links(l.kind)) {
		owned := slices.Contains(o.owned.Links[l.kind], before.identifier())
		i := slices.IndexFunc(planned, func(link link) bool { return link.identifier() == before.identifier() })
		switch {
		case i < 0 && !owned && slices.Contains(current, before.identifier()):
			forgotten = append(forgotten, before.identifier())
		case i >= 0 && owned && !planned[i].sameOptions(before) && slices.Contains(current, before.identifier()):
			l.refuseChange(o, before.identifier())
		}
	}
	if len(forgotten) > 0 {
		o.diags.AddAttributeWarning(
			credentialPath(l.kind),
			"Link remains on the server",
			fmt.Sprintf("The configuration no longer has these links of %s, which Terraform did not add: %s. Terraform "+
				"only removes them from the state. The links remain on the server, and the person can still sign in with "+
				"them.", l.kind, strings.Join(forgotten, ", ")),
		)
	}
}

func (l links) refuseChange(o *operation, identifier string) {
	what := "organization"
	if l.kind == credential.OIDC {
		what += " or use_auto_link"
	}
	o.diags.AddAttributeError(credentialPath(l.kind), "Link cannot be changed", fmt.Sprintf("The configuration changes "+
		"%s of the link %q in %s. The server accepts these values only for a new link. Remove the link from %[3]s and "+
		"apply. Then add the link with the new values.",
		what, identifier, credentialPath(l.kind)))
}

func (l links) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	planned := o.checkedLinks(l.kind)
	if sent := linkCredential(planned); sent != nil {
		*linksOf(credentialsOf(body), l.kind) = sent
	}
}

// isOurs reports whether the identity has all planned links. An answer without credentials proves nothing, because some
// requests leave them out.
func (l links) isOurs(o *operation, _ kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	_, missing := split(linksIn(o.config.links(l.kind)), identity.Credentials[l.kind].Identifiers, nil)
	return identity.Credentials == nil || len(missing) == 0
}

func (l links) own(config, _ *model, owned *owned) {
	owned.setLinks(l.kind, identifiersOf(linksIn(config.links(l.kind))))
}

// refresh removes from the model the links that the server no longer has. It never adds links that people created
// themselves. An answer of a list may leave out the credentials.
func (l links) refresh(m *model, identity *kratos.Identity, _ *owned, _ *diag.Diagnostics) {
	if identity.Credentials == nil {
		return
	}
	have := linksIn(m.links(l.kind))
	there, missing := split(have, identity.Credentials[l.kind].Identifiers, identifiersOf(have))
	if len(missing) > 0 {
		m.setLinks(l.kind, there)
	}
}

// links returns the set of links of this type.
func (m *model) links(kind string) types.Set {
	set, _ := m.credential(kind).(types.Set)
	return set
}

// setLinks replaces the links of this type. The set stays null if it is null and there is no link.
func (m *model) setLinks(kind string, all []link) {
	if len(all) == 0 && m.links(kind).IsNull() {
		return
	}
	elements := make([]attr.Value, 0, len(all))
	for _, l := range all {
		elements = append(elements, l.value)
	}
	m.setCredential(kind, types.SetValueMust(linkObject(kind).Type(), elements))
}

// knownLinks returns the identifiers of the links in the plan and in the state.
func (o *operation) knownLinks(kind string) []string {
	return append(identifiersOf(linksIn(o.plan.links(kind))), identifiersOf(linksIn(o.state.links(kind)))...)
}

// dropped filters the identifiers: it returns the identifiers of links that Terraform added and that the plan no longer
// has.
func (o *operation) dropped(kind string, identifiers []string) []string {
	planned := linksIn(o.plan.links(kind))
	if o.plan.links(kind).IsUnknown() || slices.ContainsFunc(planned, func(l link) bool { return !l.known }) {
		return nil
	}
	// A link that is missing in the state was removed outside Terraform. If the server has the link again, the person
	// added it.
	stay, before := identifiersOf(planned), identifiersOf(linksIn(o.state.links(kind)))
	var dropped []string
	for _, identifier := range identifiers {
		if slices.Contains(o.owned.Links[kind], identifier) && slices.Contains(before, identifier) &&
			!slices.Contains(stay, identifier) {
			dropped = append(dropped, identifier)
		}
	}
	return dropped
}

// allLinks returns the links of the model by type.
func (m *model) allLinks() map[string][]link {
	all := map[string][]link{}
	for _, kind := range linkKinds {
		all[kind] = linksIn(m.links(kind))
	}
	return all
}

// uniqueLinks returns the planned links that keep selects as unique values for the walk.
func (o *operation) uniqueLinks(keep func(kind, identifier string) bool) []base.Unique {
	var uniques []base.Unique
	for _, kind := range linkKinds {
		for _, identifier := range identifiersOf(linksIn(o.plan.links(kind))) {
			if keep(kind, identifier) {
				uniques = append(uniques, base.Unique{Kind: kind, Value: identifier})
			}
		}
	}
	return uniques
}
