package identity

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// setCredentials sends the changed password and the links that the server doesn't have yet, by PUT, the only way to set them
// after create. A link that is there already is refused, so what is missing is found out anew for every attempt: one that was
// lost may have added it. It returns false if the plan wasn't carried out.
func (u *updater) setCredentials(ctx context.Context) bool {
	links := u.missingLinks()
	if u.diags.HasError() || withLinks(u.changedPassword(), links) == nil {
		return !u.diags.HasError()
	}
	if !u.knows(ctx, links) {
		return false
	}
	id := u.state.ID.ValueString()
	updated, err := u.client.UpdateIdentity(ctx, id, func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool) {
		u.identity = *current
		credentials := withLinks(u.changedPassword(), u.missingLinks())
		return u.put(credentials), credentials != nil
	})
	if err == nil {
		u.identity = *updated
	}
	u.own(links)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		u.failure().onUpdate(ctx, id, err, u.diags)
		return false
	case err != nil:
		u.failure().onCredentials(id, u, links, err)
		return false
	}
	addIgnoredLinks(updated, links, u.diags)
	return true
}

// knows asks whether the server knows all that the new links have, if that came with v25.4: a PUT ignores in silence what it
// doesn't know, unlike a create.
func (u *updater) knows(ctx context.Context, links map[string][]link) bool {
	if len(laterOptions(links)) == 0 {
		return true
	}
	id := u.state.ID.ValueString()
	_, err := u.client.GetIdentity(ctx, id, saml)
	switch {
	case err == nil:
		return true
	case credential.IsUnknownType(err):
		for _, option := range laterOptions(links) {
			addUnsupportedAt(u.diags, option.at, option.name, err.Error()+".")
		}
	default:
		u.failure().onUpdate(ctx, id, err, u.diags)
	}
	return false
}

// put is a body that changes nothing but the credentials: PUT clears what its body leaves out, so the body is what the server
// has, but for the state: left out, it stays.
func (u *updater) put(credentials *kratos.IdentityCredentials) kratos.UpdateIdentityBody {
	return kratos.UpdateIdentityBody{
		SchemaID:       u.identity.SchemaID,
		Traits:         u.identity.Traits,
		MetadataPublic: u.identity.MetadataPublic,
		MetadataAdmin:  u.identity.MetadataAdmin,
		ExternalID:     u.identity.ExternalID,
		Credentials:    credentials,
	}
}

func (u *updater) changedPassword() *kratos.IdentityCredentials {
	if !u.sendsPassword() {
		return nil
	}
	return passwordCredentials(u.config)
}

// missingLinks are the planned links, by type, that the server doesn't have.
func (u *updater) missingLinks() map[string][]link {
	missing := map[string][]link{}
	if !u.linksDiffer() {
		return missing
	}
	for kind, links := range u.plan.checkedLinks(u.diags) {
		if _, absent := split(links, u.identity.Credentials[kind].Identifiers, u.knownLinks(kind)); len(absent) > 0 {
			missing[kind] = absent
		}
	}
	return missing
}

// own records as Terraform's those of the links sent that the server now has.
func (u *updater) own(sent map[string][]link) {
	for kind, links := range sent {
		there, _ := split(links, u.identity.Credentials[kind].Identifiers, u.knownLinks(kind))
		u.owned.setLinks(kind, append(slices.Clone(u.owned.links(kind)), identifiersOf(there)...))
	}
}

// withHeldLinks is the model with the links that hold by now: those planned that the server has, and those dropped that it
// still has.
func (u *updater) withHeldLinks(m model) model {
	if !u.linksDiffer() {
		return m
	}
	for _, kind := range linkKinds {
		identifiers := u.identity.Credentials[kind].Identifiers
		held, missing := split(linksIn(*u.plan.links(kind)), identifiers, u.knownLinks(kind))
		pending := u.dropped(kind, identifiers)
		for _, before := range linksIn(*u.state.links(kind)) {
			if slices.Contains(pending, before.identifier()) {
				held = append(held, before)
			}
		}
		switch {
		case len(held) == 0 && len(missing) > 0 && u.state.links(kind).IsNull():
			*m.links(kind) = types.SetNull(linkObject(kind).Type())
		case len(missing)+len(pending) > 0:
			m.setLinks(kind, held)
		}
	}
	return m
}

// removeLinks deletes the links that Terraform added and the plan drops, and calls saved after each. It deletes none where
// the person could not sign in any more.
func (u *updater) removeLinks(ctx context.Context, saved func()) bool {
	id := u.state.ID.ValueString()
	if len(u.droppedLinks()) == 0 {
		return true
	}
	fail := u.failure()
	before, err := credential.ReadSignIn(ctx, u.client, id)
	if err != nil {
		fail.onUpdate(ctx, id, err, u.diags)
		return false
	}
	u.identity = *before.Identity
	dropped := u.droppedLinks()
	if len(dropped) > 0 && !before.Remains(dropped) {
		fail.onLastWayIn(id, dropped, before.Guarded, u.diags)
		return false
	}
	for _, kind := range linkKinds {
		for _, identifier := range dropped[kind] {
			if !u.removeLink(ctx, kind, identifier) {
				return false
			}
			saved()
		}
	}
	// What the deletion changed besides, such as updated_at: the answer to a deletion is empty.
	if current, err := u.client.GetIdentity(ctx, id); err == nil {
		u.identity = *current
	}
	return true
}

// droppedLinks are the identifiers, by type, of the links to delete that the server has.
func (u *updater) droppedLinks() map[string][]string {
	all := map[string][]string{}
	if !u.linksDiffer() {
		return all
	}
	for _, kind := range linkKinds {
		if dropped := u.dropped(kind, u.identity.Credentials[kind].Identifiers); len(dropped) > 0 {
			all[kind] = dropped
		}
	}
	return all
}

func (u *updater) removeLink(ctx context.Context, kind, identifier string) bool {
	id := u.state.ID.ValueString()
	if err := credential.Delete(ctx, u.client, id, kind, identifier); err != nil {
		u.failure().onLinkRemoval(id, kind, identifier, err, u.diags)
		return false
	}
	isThis := func(other string) bool { return other == identifier }
	credential := u.identity.Credentials[kind]
	credential.Identifiers = slices.DeleteFunc(slices.Clone(credential.Identifiers), isThis)
	u.identity.Credentials = maps.Clone(u.identity.Credentials)
	u.identity.Credentials[kind] = credential
	u.owned.setLinks(kind, slices.DeleteFunc(slices.Clone(u.owned.links(kind)), isThis))
	return true
}

// keepOwnedLinks gives up what Terraform owned and the model doesn't have.
func (u *updater) keepOwnedLinks(m model) {
	for _, kind := range linkKinds {
		kept := identifiersOf(linksIn(*m.links(kind)))
		u.owned.setLinks(kind, slices.DeleteFunc(slices.Clone(u.owned.links(kind)), func(identifier string) bool {
			return !slices.Contains(kept, identifier)
		}))
	}
}
