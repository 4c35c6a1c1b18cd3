package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonpatch"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// traits handles the attribute traits, which Terraform owns as a whole.
type traits struct{ unmanaged }

func (traits) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{"traits": schema.DynamicAttribute{
		Required: true,
		MarkdownDescription: "Traits of the identity: an object that fits the identity schema, nested or flat. A trait " +
			"that is `null` is absent, unless the identity schema requires the trait and allows null for it. Terraform " +
			"manages all traits: a trait that is set elsewhere is drift. Use `ignore_changes = [traits.name.first]` for a " +
			"trait that the person may change.",
		Validators: []validator.Dynamic{objectValidator{what: "Traits", example: `{ email = "ada@example.org" }`}},
	}}
}

func (traits) fields() []field {
	return []field{fieldOf("traits", types.DynamicType, func(m *model) *types.Dynamic { return &m.Traits })}
}

func (traits) effect(o *operation) effect {
	if o.sameTraits() {
		return unchanged
	}
	return patched
}

// check reports planned traits that violate the identity schema. The server checks the traits with every change, but
// would refuse them only in the middle of the apply. A later plan checks values that are unknown now. The server alone
// checks the traits if the schema isn't available or can't be evaluated.
func (traits) check(ctx context.Context, o *operation) {
	if o.schemas == nil || o.data.SkipValidation || o.plan.SchemaID.IsUnknown() || o.plan.SchemaID.IsNull() {
		return
	}
	kept := !o.creating && o.keepsTraits()
	if kept && effectOf(o) < credentialSent {
		return
	}
	id := o.plan.SchemaID.ValueString()
	violations, err := o.violations(ctx, id)
	if err != nil {
		fields := map[string]any{"schema_id": id, "error": err.Error()}
		tflog.Debug(ctx, "traits not checked against their identity schema", fields)
		o.warnOfUnusable(ctx, id, err)
	}
	isName := namesTrait(ctx, o.schemas, id)
	for _, violation := range violations {
		at, where := traitPath(o.plan.Traits, violation.Path, isName)
		more := ""
		if violation.Hint != "" {
			more = " " + violation.Hint
		}
		if kept {
			more += " The plan does not change the traits, but the server checks them at every change of the identity."
		}
		text := fmt.Sprintf("The identity schema %q refuses %s: %s.%s\n\nCorrect the trait. To leave the check of "+
			"traits to the server, set validate_traits = false in the provider block.", id, where, violation.Message, more)
		o.diags.AddAttributeError(at, "Trait refused by the identity schema", text+numbered(o.data.Walk.Mistake(text)))
	}
}

// warnOfUnusable warns of a schema that isn't valid or that uses a draft that the server doesn't support. The server
// would answer such a schema with a 500 without a reason.
func (o *operation) warnOfUnusable(ctx context.Context, id string, err error) {
	if _, noSchema := o.schemas.Get(ctx, id); noSchema != nil || errors.Is(err, traitschema.ErrNotCheckable) {
		return
	}
	text := fmt.Sprintf("The traits cannot be checked with the identity schema %q: %s. Kratos supports the drafts 04, "+
		"06 and 07 of JSON Schema. If Kratos cannot use the schema, it answers every create and update with status 500. "+
		"Correct the schema on the server.", id, err)
	if o.data.Walk.Mistake(text) == 1 {
		o.diags.AddAttributeWarning(path.Root("schema_id"), "Identity schema cannot be used", text)
	}
}

// violations returns the violations of the identity schema by the planned traits. The server may hold a null trait as
// null or as absent; violations assumes whichever of the two the schema accepts.
func (o *operation) violations(ctx context.Context, id string) ([]traitschema.Violation, error) {
	s, err := o.schemas.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	var kept bool
	violations, err := violationsOf(s, o.plan.Traits, func(path []string) bool {
		kept = kept || o.keptNulls(path)
		return s.AllowsNull(path)
	})
	if err != nil || len(violations) == 0 || !kept {
		return violations, err
	}
	others, err := violationsOf(
		s,
		o.plan.Traits,
		func(path []string) bool { return s.AllowsNull(path) || o.keptNulls(path) },
	)
	if err == nil && len(others) == 0 {
		return nil, nil
	}
	return violations, err
}

func violationsOf(s *traitschema.Schema, traits types.Dynamic, keep jsonvalue.Keep) ([]traitschema.Violation, error) {
	plain, err := jsonvalue.PlainKeeping(traits, traitschema.Unknown, keep)
	if err != nil {
		return nil, err
	}
	return s.Validate(plain)
}

// numbered returns a suffix that makes each repetition of a message unique. Recent versions of Terraform show equal
// messages only once, for one instance of a for_each, although each instance has the mistake.
func numbered(times int) string {
	if times == 1 {
		return ""
	}
	return fmt.Sprintf("\n\nThis is occurrence %d of this error.", times)
}

func (traits) create(ctx context.Context, o *operation, body *kratos.CreateIdentityBody) {
	body.Traits = encodeJSON(path.Root("traits"), o.plan.Traits, o.requiredNulls(ctx), o.diags)
}

func (traits) isOurs(o *operation, _ kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	return o.phones.matches(o.plan.Traits, identity.Traits)
}

// patch changes only the traits that the plan changes, because a person may have changed other traits since the last
// read.
func (traits) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	if o.sameTraits() {
		return nil
	}
	before := plainBefore(path.Root("traits"), o.plan.Traits, o.state.Traits, o.keep, o.diags)
	have := jsonvalue.Plain(current.Traits)
	want := o.phones.asStored(jsonvalue.Plain(encodeJSON(path.Root("traits"), o.plan.Traits, o.keep, o.diags)), have)
	want = jsonpatch.Respell(want, have)
	merged := jsonpatch.Merge(jsonpatch.Respell(o.phones.asStored(before, have), have), want, have)
	return jsonpatch.Diff(have, jsonpatch.AddNulls(merged, want), "/traits")
}

func (traits) answered(o *operation, sent func(string) bool, identity *kratos.Identity) {
	if sent("traits") && !o.phones.matches(o.plan.Traits, identity.Traits) {
		o.diags.AddAttributeWarning(path.Root("traits"), "Server changed the traits", "The server stored other traits "+
			"than the configured traits, or somebody changed the traits at the same time. The next plan shows the "+
			"difference. Set traits to the values that the plan shows for the server.")
	}
}

func (traits) refresh(m *model, identity *kratos.Identity, _ *owned, diags *diag.Diagnostics) {
	if m.Traits.IsNull() { // after an import, null may differ from absent: a schema can require a null trait
		if value, err := jsonvalue.DynamicWithNulls(identity.Traits); err == nil {
			m.Traits = value
			return
		}
	}
	m.Traits = align(path.Root("traits"), m.Traits, identity.Traits, diags)
}
