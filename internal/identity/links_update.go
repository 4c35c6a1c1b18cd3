package identity

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// unsent adds the planned links that the server doesn't have. All links of a type belong to one credential.
func (l links) unsent(o *operation, body *kratos.IdentityCredentials) bool {
	missing := o.missingLinks()[l.kind]
	*linksOf(body, l.kind) = linkCredential(missing)
	return len(missing) > 0
}

// held sets in the model the planned links that the server has, and the dropped links that the server still has.
func (l links) held(o *operation, m *model) {
	if !o.linksDiffer() {
		return
	}
	identifiers := o.known.Credentials[l.kind].Identifiers
	held, missing := split(linksIn(o.plan.links(l.kind)), identifiers, o.knownLinks(l.kind))
	pending := o.dropped(l.kind, identifiers)
	for _, before := range linksIn(o.state.links(l.kind)) {
		if slices.Contains(pending, before.identifier()) {
			held = append(held, before)
		}
	}
	switch {
	case len(held) == 0 && len(missing) > 0 && o.state.links(l.kind).IsNull():
		m.setCredential(l.kind, types.SetNull(linkObject(l.kind).Type()))
	case len(missing)+len(pending) > 0:
		m.setLinks(l.kind, held)
	}
}

// linksDiffer reports whether the links of the plan differ from the links of the state.
func (o *operation) linksDiffer() bool {
	return slices.ContainsFunc(linkKinds, func(kind string) bool { return !o.plan.links(kind).Equal(o.state.links(kind)) })
}

// checkedLinks returns the planned links of a type after a repeated check, because all their values are known now.
func (o *operation) checkedLinks(kind string) []link {
	set := o.plan.links(kind)
	checkLinks(credentialPath(kind), set, o.diags)
	return linksIn(set)
}

// missingLinks returns, by type, the planned links that the server doesn't have.
func (o *operation) missingLinks() map[string][]link {
	missing := map[string][]link{}
	if !o.linksDiffer() {
		return missing
	}
	for _, kind := range linkKinds {
		if _, absent := split(o.checkedLinks(kind), o.known.Credentials[kind].Identifiers, o.knownLinks(kind)); len(
			absent,
		) > 0 {
			missing[kind] = absent
		}
	}
	return missing
}

// knowsLinkOptions asks whether the server supports the options of the new links. Unlike a create, a PUT silently
// ignores unknown fields.
func (o *operation) knowsLinkOptions(ctx context.Context, sent map[string][]link) bool {
	options := laterOptions(sent)
	if len(options) == 0 {
		return true
	}
	id := o.state.ID.ValueString()
	_, err := o.client.GetIdentity(ctx, id, credential.SAML)
	switch {
	case err == nil:
		return true
	case credential.IsUnknownType(err):
		for _, option := range options {
			o.addUnsupported(option.at, option.name, sinceV25, err.Error()+".")
		}
	default:
		o.failure().onUpdate(ctx, err, false, o.diags)
	}
	return false
}

// ownLinks records that Terraform owns each sent link that the server has now.
func (o *operation) ownLinks(sent map[string][]link) {
	for kind, all := range sent {
		there, _ := split(all, o.known.Credentials[kind].Identifiers, o.knownLinks(kind))
		o.owned.setLinks(kind, append(slices.Clone(o.owned.Links[kind]), identifiersOf(there)...))
	}
}

// keepOwnedLinks removes from the owned links every link that the model doesn't have.
func (o *operation) keepOwnedLinks(m *model) {
	for _, kind := range linkKinds {
		kept := identifiersOf(linksIn(m.links(kind)))
		o.owned.setLinks(kind, slices.DeleteFunc(slices.Clone(o.owned.Links[kind]), func(identifier string) bool {
			return !slices.Contains(kept, identifier)
		}))
	}
}

// remove deletes the dropped links of all types at once, so that the guard of the last way to sign in sees them all.
func (l links) remove(ctx context.Context, o *operation, saved func()) bool {
	return l.kind != linkKinds[0] || o.removeLinks(ctx, saved)
}

// removeLinks deletes the links that Terraform added and the plan drops, and calls saved after each deletion. It
// deletes no link if the person could no longer sign in.
func (o *operation) removeLinks(ctx context.Context, saved func()) bool {
	id := o.state.ID.ValueString()
	if len(o.droppedLinks()) == 0 {
		return true
	}
	before, err := credential.ReadSignIn(ctx, o.client, id)
	if err != nil {
		o.failure().onUpdate(ctx, err, false, o.diags)
		return false
	}
	o.known = *before.Identity
	dropped := o.droppedLinks()
	if len(dropped) > 0 && !before.Remains(dropped) {
		o.onLastWayIn(id, dropped, before.Guarded)
		return false
	}
	for _, kind := range linkKinds {
		for _, identifier := range dropped[kind] {
			if !o.removeLink(ctx, kind, identifier) {
				return false
			}
			saved()
		}
	}
	// The answer to a deletion is empty. The read fetches the other values that the deletion changed, such as updated_at.
	if current, err := o.client.GetIdentity(ctx, id); err == nil {
		o.known = *current
	}
	return true
}

// droppedLinks returns, by type, the identifiers of the links that must be deleted and that the server has.
func (o *operation) droppedLinks() map[string][]string {
	all := map[string][]string{}
	if !o.linksDiffer() {
		return all
	}
	for _, kind := range linkKinds {
		if dropped := o.dropped(kind, o.known.Credentials[kind].Identifiers); len(dropped) > 0 {
			all[kind] = dropped
		}
	}
	return all
}

func (o *operation) removeLink(ctx context.Context, kind, identifier string) bool {
	id := o.state.ID.ValueString()
	if err := credential.Delete(ctx, o.client, id, kind, identifier); err != nil {
		o.onLinkRemoval(id, kind, identifier, err)
		return false
	}
	isThis := func(other string) bool { return other == identifier }
	remaining := o.known.Credentials[kind]
	remaining.Identifiers = slices.DeleteFunc(slices.Clone(remaining.Identifiers), isThis)
	o.known.Credentials = maps.Clone(o.known.Credentials)
	o.known.Credentials[kind] = remaining
	o.owned.setLinks(kind, slices.DeleteFunc(slices.Clone(o.owned.Links[kind]), isThis))
	return true
}
