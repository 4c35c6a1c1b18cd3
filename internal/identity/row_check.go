package identity

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Check returns the errors of a new or changed row, found by the validators and the plan of ory_identity.
func (r *Rows) Check(ctx context.Context, row Row, isNew bool) []string {
	var diags diag.Diagnostics
	o := r.operation(ctx, row, &diags)
	o.creating = isNew
	o.validate(ctx)
	if !diags.HasError() && r.data != nil {
		for _, a := range managed {
			a.check(ctx, o)
		}
	}
	return Reasons(diags)
}

// validate runs the validators of the attributes, which the framework runs for ory_identity.
func (o *operation) validate(ctx context.Context) {
	for _, s := range []scalar{state, externalID, organizationID} {
		for _, v := range s.validators {
			var resp validator.StringResponse
			v.ValidateString(ctx, validator.StringRequest{Path: path.Root(s.name), ConfigValue: *s.at(&o.config)}, &resp)
			o.diags.Append(resp.Diagnostics...)
		}
	}
	if o.config.SchemaID.ValueString() == "" {
		o.diags.AddAttributeError(path.Root("schema_id"), "Missing schema_id", "Neither the row nor the resource has a "+
			"schema_id. Set schema_id in one of them.")
	}
	if isNull(o.config.Traits) {
		o.diags.AddAttributeError(path.Root("traits"), "Missing traits", "The row has no traits. Set traits to an object.")
	}
	for name, check := range map[string]struct {
		value types.Dynamic
		by    validator.Dynamic
	}{
		"traits":            {o.config.Traits, objectValidator{}},
		metadataPublic.name: {o.config.MetadataPublic, metadataValidator{}},
		metadataAdmin.name:  {o.config.MetadataAdmin, metadataValidator{}},
	} {
		var resp validator.DynamicResponse
		check.by.ValidateDynamic(ctx, validator.DynamicRequest{Path: path.Root(name), ConfigValue: check.value}, &resp)
		o.diags.Append(resp.Diagnostics...)
	}
	var resp validator.SetResponse
	at := path.Root("verified_addresses")
	verifiedAddressesValidator{}.ValidateSet(ctx, validator.SetRequest{Path: at, ConfigValue: o.config.VerifiedAddresses},
		&resp)
	o.diags.Append(resp.Diagnostics...)
}

// Reasons returns the errors of diagnostics as sentences, without the advice that follows them.
func Reasons(diags diag.Diagnostics) []string {
	var reasons []string
	for _, d := range diags.Errors() {
		what, _, _ := strings.Cut(d.Detail(), "\n\n")
		reasons = append(reasons, strings.TrimSpace(what))
	}
	return reasons
}

// IsConflict reports whether an update failed because another identity has one of the values.
func IsConflict(diags diag.Diagnostics) bool {
	return slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Summary() == conflictSummary })
}

// IsFailure reports whether an update failed without a refusal of the row.
func IsFailure(diags diag.Diagnostics) bool {
	return slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Summary() == failedToUpdate })
}

// Refusal returns the reason why the server refused to create the identity of a row.
func (r *Rows) Refusal(ctx context.Context, row Row, err error) string {
	var diags diag.Diagnostics
	o := r.operation(ctx, row, &diags)
	if reasons := Reasons(diags); len(reasons) > 0 {
		return strings.Join(reasons, " ")
	}
	o.failure().onCreate(ctx, err, &diags)
	return strings.Join(Reasons(diags), " ")
}

// ConflictsWith returns the id of the other identity that has a login identifier or the external id of a row. It is
// empty if there are several, or none that can be found.
func (r *Rows) ConflictsWith(ctx context.Context, id string, row Row) string {
	body := kratos.CreateIdentityBody{SchemaID: row.SchemaID, Traits: row.Traits, ExternalID: row.ExternalID}
	found, err := lookup.FindOwners(ctx, r.client, r.operation(ctx, row, &diag.Diagnostics{}).schemas, body)
	if owner := found.Without(id).One(); err == nil && owner != nil {
		return owner.ID
	}
	return ""
}

// Uniques returns the values that no other identity can have: the login identifiers that the server certainly derives
// from the traits, and the external id.
func (r *Rows) Uniques(ctx context.Context, schemaID string, traits json.RawMessage, external string) []base.Unique {
	var uniques []base.Unique
	if r.data != nil && r.data.Schemas != nil {
		if s, err := r.data.Schemas.Get(ctx, schemaID); err == nil {
			uniques = loginUniques(s.CertainLoginIdentifiers(traits), foldExactly)
		}
	}
	if external != "" {
		uniques = append(uniques, base.Unique{Kind: kindExternalID, Value: external})
	}
	return uniques
}

// AwaitSchema fetches an identity schema with the patience of a write, so that Uniques knows it.
func (r *Rows) AwaitSchema(ctx context.Context, id string) {
	if r.data != nil && r.data.Schemas != nil {
		_, _ = r.data.Schemas.Require(ctx, id) // without the schema, Uniques returns the external id alone
	}
}

// DeclareKeys declares to the walk the metadata of a row, and returns the conflicts with other resources. before is the
// row in the state.
func (r *Rows) DeclareKeys(id string, before, row Row) []string {
	var diags diag.Diagnostics
	for _, d := range []struct {
		name        string
		before, now json.RawMessage
	}{
		{metadataPublic.name, before.MetadataPublic, row.MetadataPublic},
		{metadataAdmin.name, before.MetadataAdmin, row.MetadataAdmin},
	} {
		if jsonvalue.Plain(d.now) == nil {
			continue
		}
		var held []base.Key
		if d.before != nil {
			held = ownedOf(d.before).keys(d.name)
		}
		addKeyConflict(&diags, id, r.data.Walk.DeclareKeys(id, typeRows, ownedOf(d.now).keys(d.name), held))
	}
	return Reasons(diags)
}

const kindContent = "content"

// IsContent reports whether a unique value is a stand-in: see [Content].
func IsContent(unique base.Unique) bool { return unique.Kind == kindContent }

// Sent returns the schema and the traits of a create as text, with phone numbers in E.164: some servers store them so.
func Sent(schemaID string, traits json.RawMessage) string {
	content := mapTexts(jsonvalue.Plain(traits), nil, func(_ []string, text string) string {
		if number, ok := traitschema.E164(text); ok {
			return number
		}
		return text
	})
	return schemaID + "\x00" + string(jsonvalue.EncodePlain(content))
}

// Content returns a stand-in for the unique value of an identity that has none. Identities can be alike.
func Content(schemaID string, traits json.RawMessage) base.Unique {
	content := string(jsonvalue.EncodePlain(jsonvalue.Plain(traits)))
	return base.Unique{Kind: kindContent, Value: schemaID + "\x00" + content}
}
