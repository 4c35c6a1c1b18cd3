package identity

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// schemaGetter finds identity schemas, Get for what can go without and Require for what can't; *traitschema.Cache is one.
type schemaGetter interface {
	Get(ctx context.Context, id string) (*traitschema.Schema, error)
	Require(ctx context.Context, id string) (*traitschema.Schema, error)
}

// computed plans each computed attribute as unknown where the change at hand can alter it, and as it is elsewhere.
func (p *planner) computed(ctx context.Context, schemas schemaGetter) {
	schemaChanges := !p.plan.SchemaID.Equal(p.state.SchemaID)
	stateChanges := !p.plan.State.Equal(p.state.State)
	identifiersChange := schemaChanges || p.identifiersChange(ctx, schemas)
	writesLinks := p.writesLinks(ctx)

	p.plan.ID, p.plan.CreatedAt = p.state.ID, p.state.CreatedAt
	p.plan.SchemaURL = unknownIf(schemaChanges, types.StringUnknown(), p.state.SchemaURL)
	p.plan.StateChangedAt = unknownIf(stateChanges, types.StringUnknown(), p.state.StateChangedAt)
	p.plan.UpdatedAt = unknownIf(p.writes() || p.sendsPassword() || writesLinks || p.releases() || len(p.stillToRevoke()) > 0, types.StringUnknown(), p.state.UpdatedAt)
	p.plan.VerifiableAddresses = unknownIf(identifiersChange || p.verificationChanges(), types.ListUnknown(verifiableAddress().Type()), p.state.VerifiableAddresses)
	p.plan.RecoveryAddresses = unknownIf(identifiersChange, types.ListUnknown(recoveryAddress().Type()), p.state.RecoveryAddresses)
	_, hasPassword := p.state.identifiers(ctx)["password"]
	p.plan.Credentials = unknownIf(identifiersChange || writesLinks || p.sendsPassword() && !hasPassword, types.MapUnknown(CredentialsType()), p.state.Credentials)
}

func unknownIf[T any](changes bool, unknown, state T) T {
	if changes {
		return unknown
	}
	return state
}

// identifiersChange says whether the planned traits can change login identifiers or addresses.
func (p *planner) identifiersChange(ctx context.Context, schemas schemaGetter) bool {
	if jsonvalue.Equal(p.plan.Traits, p.state.Traits) {
		return false
	}
	taken := p.state.identifierSet(ctx)
	changes := false
	eachChange(p.state.Traits, p.plan.Traits, nil, func(at []string, before, after attr.Value) {
		switch {
		case changes:
		case slices.ContainsFunc(texts(before), func(text string) bool { return taken[fold(text)] }):
			changes = true
		case isScalar(before) && (after == nil || isScalar(after) && !after.IsUnknown()) && len(texts(before)) > 0:
			// A trait with a value that isn't among the identifiers is marked as none, so no other value of it will be.
		default:
			changes = p.schemaMarks(ctx, schemas, at)
		}
	})
	return changes
}

func (p *planner) schemaMarks(ctx context.Context, schemas schemaGetter, at []string) bool {
	if schemas == nil || len(at) == 0 {
		return true
	}
	s, err := schemas.Get(ctx, p.state.SchemaID.ValueString())
	if err != nil {
		tflog.Debug(ctx, "identity schema can't be had: every new trait may be an address", map[string]any{
			"schema_id": p.state.SchemaID.ValueString(), "error": err.Error(),
		})
		// While applying, less may become unknown than was planned, but never more.
		return p.refreshed
	}
	return s.Marks(at)
}

// identifiers returns the login identifiers of the state by type of credential.
func (m model) identifiers(ctx context.Context) map[string][]string {
	byType := map[string][]string{}
	if !m.Credentials.IsNull() && !m.Credentials.IsUnknown() {
		m.Credentials.ElementsAs(ctx, &byType, false)
	}
	return byType
}

// identifierSet returns all login identifiers and addresses of the state, folded.
func (m model) identifierSet(ctx context.Context) map[string]bool {
	set := map[string]bool{}
	for _, identifiers := range m.identifiers(ctx) {
		for _, identifier := range identifiers {
			set[fold(identifier)] = true
		}
	}
	for _, list := range []types.List{m.VerifiableAddresses, m.RecoveryAddresses} {
		for _, element := range list.Elements() {
			if object, ok := element.(types.Object); ok {
				if value, ok := object.Attributes()["value"].(types.String); ok {
					set[fold(value.ValueString())] = true
				}
			}
		}
	}
	return set
}

// fold makes a trait comparable with the identifier that the server made of it: it lower-cases and trims, and later versions
// write phone numbers without separators.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-./\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(text)))
}

// eachChange calls visit for every place where two values differ, as deep down as both are objects. A value that is absent on
// one side is nil there.
func eachChange(before, after attr.Value, at []string, visit func(at []string, before, after attr.Value)) {
	before, after = jsonvalue.Unwrap(before), jsonvalue.Unwrap(after)
	old, isObject := members(before)
	current, both := members(after)
	if !isObject || !both {
		if before == nil || after == nil || !jsonvalue.Equal(before, after) {
			visit(at, before, after)
		}
		return
	}
	names := slices.Sorted(maps.Keys(old))
	for name := range current {
		if _, ok := old[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		eachChange(old[name], current[name], append(slices.Clip(at), name), visit)
	}
}

// texts returns every string and number within a value, as text.
func texts(value attr.Value) []string {
	if object, ok := members(value); ok {
		var all []string
		for _, member := range object {
			all = append(all, texts(member)...)
		}
		return all
	}
	switch v := jsonvalue.Unwrap(value).(type) {
	case types.String:
		if v.ValueString() != "" {
			return []string{v.ValueString()}
		}
	case types.Number:
		if !v.IsNull() && !v.IsUnknown() {
			return []string{v.ValueBigFloat().Text('f', -1)}
		}
	case interface{ Elements() []attr.Value }:
		var all []string
		for _, element := range v.Elements() {
			all = append(all, texts(element)...)
		}
		return all
	}
	return nil
}

func isScalar(value attr.Value) bool {
	switch value.(type) {
	case types.String, types.Number, types.Bool:
		return true
	}
	return false
}
