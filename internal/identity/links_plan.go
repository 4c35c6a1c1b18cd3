package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
)

// linksDiffer says whether the plan's links aren't those of the state, be it only in what Terraform records.
func (p *planner) linksDiffer() bool {
	return !p.plan.OIDC.Equal(p.state.OIDC) || !p.plan.SAML.Equal(p.state.SAML)
}

// writesLinks says whether the apply will add or delete links, going by the identifiers that the state shows.
func (p *planner) writesLinks(ctx context.Context) bool {
	if !p.linksDiffer() {
		return false
	}
	current := p.state.identifiers(ctx)
	return slices.ContainsFunc(linkKinds, func(kind string) bool {
		if p.plan.links(kind).IsUnknown() {
			return true
		}
		_, missing := split(linksIn(*p.plan.links(kind)), current[kind], p.knownLinks(kind))
		return len(missing) > 0 || len(p.dropped(kind, current[kind])) > 0
	})
}

// knownLinks are the identifiers of the links in plan and state.
func (p *planner) knownLinks(kind string) []string {
	return append(identifiersOf(linksIn(*p.plan.links(kind))), identifiersOf(linksIn(*p.state.links(kind)))...)
}

// dropped are the identifiers, of those given, of links that Terraform added and the plan doesn't have any more.
func (p *planner) dropped(kind string, identifiers []string) []string {
	planned := linksIn(*p.plan.links(kind))
	if p.plan.links(kind).IsUnknown() || slices.ContainsFunc(planned, func(l link) bool { return !l.known }) {
		return nil
	}
	// What the state doesn't have was unlinked in between, and is the person's own if it is there again.
	stay, before := identifiersOf(planned), identifiersOf(linksIn(*p.state.links(kind)))
	var dropped []string
	for _, identifier := range identifiers {
		if slices.Contains(p.owned.links(kind), identifier) && slices.Contains(before, identifier) && !slices.Contains(stay, identifier) {
			dropped = append(dropped, identifier)
		}
	}
	return dropped
}

// checkPlannedLinks tells of changes of links that the apply won't make.
func (p *planner) checkPlannedLinks(ctx context.Context) {
	current := p.state.identifiers(ctx)
	for _, kind := range linkKinds {
		planned := linksIn(*p.plan.links(kind))
		if p.plan.links(kind).IsUnknown() || slices.ContainsFunc(planned, func(l link) bool { return !l.known }) {
			continue
		}
		var forgotten []string
		for _, before := range linksIn(*p.state.links(kind)) {
			owned := slices.Contains(p.owned.links(kind), before.identifier())
			i := slices.IndexFunc(planned, func(l link) bool { return l.identifier() == before.identifier() })
			switch {
			case i < 0 && !owned && slices.Contains(current[kind], before.identifier()):
				forgotten = append(forgotten, before.identifier())
			case i >= 0 && owned && !planned[i].sameOptions(before) && slices.Contains(current[kind], before.identifier()):
				p.refuseChangedLink(kind, before.identifier())
			}
		}
		if len(forgotten) > 0 {
			p.diags.AddAttributeWarning(path.Root(kind), "Link stays on the server", fmt.Sprintf("The configuration doesn't have these "+
				"links of %s any more, and Terraform didn't add them, so it forgets them and leaves them on the server: %s. The person "+
				"can go on signing in with them.", kind, strings.Join(forgotten, ", ")))
		}
	}
}

func (p *planner) refuseChangedLink(kind, identifier string) {
	what := "organization"
	if kind == oidc {
		what += " or use_auto_link"
	}
	p.diags.AddAttributeError(path.Root(kind), "Link can't be changed", fmt.Sprintf("The configuration changes %s of the link %q in "+
		"%s. The server takes them only when a link is added. Remove the link from %s and apply, then add it again as it is to be.",
		what, identifier, kind, kind))
}
