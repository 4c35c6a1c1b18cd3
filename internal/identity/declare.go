package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// kindExternalID is the kind of an external id in base.Unique. The kind of a login identifier is its type of
// credential.
const kindExternalID = "external_id"

// declareKept declares to the walk the unique values that the identity of an existing resource has after the plan. No
// new resource may adopt an identity by a value that the identity has before the plan.
func (o *operation) declareKept(ctx context.Context, private base.PrivateWriter) {
	if o.data == nil {
		return
	}
	id := o.state.ID.ValueString()
	o.diags.Append(private.SetKey(ctx, plannedKey, jsonvalue.EncodePlain(id))...)
	o.declareKeys(id)
	var login []base.Unique
	if o.keepsTraits() {
		login = o.state.loginUniques(foldExactly)
	} else {
		login = loginUniques(o.plan.certainIdentifiers(ctx, o.schemas), foldExactly)
	}
	held := o.state.identifiers()
	isHeld := func(kind, identifier string) bool { return slices.Contains(held[kind], identifier) }
	uniques, wanted := slices.Concat(login, o.uniqueLinks(isHeld)), slices.Concat(login, o.uniqueLinks(isAny))
	if external := o.plan.ExternalID; external.ValueString() != "" {
		unique := base.Unique{Kind: kindExternalID, Value: external.ValueString()}
		wanted = append(wanted, unique)
		if external.Equal(o.state.ExternalID) {
			uniques = append(uniques, unique)
		}
	}
	conflict := o.data.Walk.Declare(id, uniques)
	o.addDeclaredTwice(id, conflict)
	before := o.state.uniques(ctx, nil, traitschema.Canonical)
	if kind, adopted := o.data.Walk.Hold(id, before); adopted && conflict == nil {
		addHeld(o.diags, path.Root("id"), id, kind)
	}
	if remaining, kind := o.data.Walk.Want(id, wanted); remaining != "" && conflict == nil {
		addRemaining(o.diags, pathOf(kind), remaining, kind)
	}
}

func isAny(string, string) bool { return true }

// addHeld refuses a plan in which a new resource would adopt an identity that another resource keeps.
func addHeld(diags *diag.Diagnostics, at path.Path, id, kind string) {
	diags.AddAttributeError(at, "Identity managed by another resource", fmt.Sprintf("The identity %s of an existing "+
		"resource has the %s of a new resource, which would adopt this identity (on_conflict = %q). Set on_conflict = %q "+
		"for the new resource, or let the existing resource give up the value in an earlier apply.",
		id, KindName(kind), ConflictAdopt, ConflictError))
}

// declareNew declares to the walk the known unique values of a new identity. If the new identity replaces another one,
// Terraform has already planned the resource as existing, and the private state contains the id of the old identity.
func (o *operation) declareNew(ctx context.Context, private base.PrivateReader) {
	if o.data == nil {
		return
	}
	raw, d := private.GetKey(ctx, plannedKey)
	o.diags.Append(d...)
	var replaced string
	if json.Unmarshal(raw, &replaced) == nil {
		if o.data.Walk.Withdraw(replaced) {
			addReplaced(o.diags, path.Root("id"), replaced)
		}
		o.withdrawKeys(replaced)
	} else if shared := o.data.Walk.Newcomer(); shared != "" {
		addShared(o.diags, shared, "is planned as new, and may be tainted", base.Keeps)
	}
	identifiers := o.plan.certainIdentifiers(ctx, o.schemas)
	others := o.uniqueLinks(isAny)
	if external := o.plan.ExternalID.ValueString(); external != "" {
		others = append(others, base.Unique{Kind: kindExternalID, Value: external})
	}
	exact := append(loginUniques(identifiers, foldExactly), others...)
	conflict := o.data.Walk.Declare(replaced, exact)
	o.addDeclaredTwice(replaced, conflict)
	arriving := append(loginUniques(identifiers, traitschema.Canonical), others...)
	adopts := o.plan.OnConflict.ValueString() == ConflictAdopt
	leaver := o.data.Walk.Arrive(replaced, arriving, adopts)
	if mayAdopt := adopts || o.plan.OnConflict.IsUnknown(); !mayAdopt {
		if id, kind := o.data.Walk.Want(replaced, exact); id != "" && conflict == nil {
			addRemaining(o.diags, pathOf(kind), id, kind)
			return
		}
	}
	o.addLeaver(leaver)
	// After Arrive, so that of two resources that are planned at the same time one sees the other.
	if id, kind := o.data.Walk.Holder(replaced, arriving); adopts && id != "" && conflict == nil && leaver == nil {
		addHeld(o.diags, path.Root("on_conflict"), id, kind)
	}
}

// foldExactly makes login identifiers equal that are one identifier to every version of the server.
func foldExactly(identifier string) string {
	if number, ok := traitschema.E164(identifier); ok {
		return number
	}
	return traitschema.Fold(identifier)
}

// loginUniques returns the login identifiers that the server derived from the traits.
func (m *model) loginUniques(fold func(string) string) []base.Unique {
	held := m.identifiers()
	maps.DeleteFunc(held, func(kind string, _ []string) bool { return !usesTraits(kind) })
	return loginUniques(held, fold)
}

// loginUniques returns login identifiers of all types of credential, in a fixed order, so that the same conflict gives
// the same error.
func loginUniques(byType map[string][]string, fold func(string) string) []base.Unique {
	var uniques []base.Unique
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		for _, identifier := range byType[kind] {
			uniques = append(uniques, base.Unique{Kind: kind, Value: fold(identifier)})
		}
	}
	return uniques
}

// certainIdentifiers returns the login identifiers, by type of credential, that the server will derive from the traits.
// It returns none if the schema or the traits aren't known.
func (m *model) certainIdentifiers(ctx context.Context, schemas schemaGetter) map[string][]string {
	s, traits, ok := m.schemaAndTraits(ctx, schemas)
	if !ok {
		return nil
	}
	return s.CertainLoginIdentifiers(traits)
}

// addDeclaredTwice adds an error if this resource and another resource declare the same person. id is the identity of
// this resource, empty for a new one. The message doesn't contain the common value, because traits can be sensitive.
func (o *operation) addDeclaredTwice(id string, conflict *base.Conflict) {
	switch {
	case conflict == nil:
		return
	case conflict.Kind == "":
		addShared(o.diags, id, "is kept, imported or replaced", conflict.Role)
		return
	}
	o.diags.AddAttributeError(pathOf(conflict.Kind), "Two resources declare one identity", fmt.Sprintf("This "+
		"resource%s and another resource of the configuration%s declare the same identity: both have the same %s. "+
		"Remove one of the two resources. To rename a resource, add a moved block. To remove a resource from the "+
		"Terraform state without a change of the identity, add a removed block with destroy = false.",
		ofIdentity(id), ofIdentity(conflict.ID), KindName(conflict.Kind)))
}

// pathOf returns the path of the attribute with the unique values of a kind.
func pathOf(kind string) path.Path {
	switch kind {
	case credential.OIDC, credential.SAML:
		return credentialPath(kind)
	case kindExternalID:
		return path.Root("external_id")
	}
	return path.Root("traits")
}

func ofIdentity(id string) string {
	if id == "" {
		return ", which will be created,"
	}
	return fmt.Sprintf(" (identity %s)", id)
}
