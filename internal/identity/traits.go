package identity

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// traits is the attribute traits, which is owned whole.
type traits struct{ unmanaged }

func (traits) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{"traits": schema.DynamicAttribute{
		Required: true,
		MarkdownDescription: "The traits: an object of any nesting, as the identity schema wants it. A `null` member means that the " +
			"trait is absent. Traits are owned whole: one that was set elsewhere is shown as drift, unless " +
			"`ignore_changes = [traits.name.first]` leaves it to the person.",
		Validators: []validator.Dynamic{objectValidator{}},
	}}
}

func (traits) fields() []field {
	return []field{fieldOf("traits", types.DynamicType, func(m *model) *types.Dynamic { return &m.Traits })}
}

func (traits) effect(o *operation) effect {
	if jsonvalue.Equal(o.plan.Traits, o.state.Traits) {
		return unchanged
	}
	return patched
}

// check reports what of the planned traits breaks the identity schema, which the server would refuse only in the middle of the
// apply. What isn't known yet is left to a later look, and everything to the server if the schema can't be had or checked.
func (traits) check(ctx context.Context, o *operation) {
	if o.schemas == nil || o.data.SkipValidation || o.plan.SchemaID.IsUnknown() || o.plan.SchemaID.IsNull() || o.keepsTraits() {
		return
	}
	id := o.plan.SchemaID.ValueString()
	plain, err := jsonvalue.PlainOf(o.plan.Traits, traitschema.Unknown)
	if err != nil {
		return // the create or the update adds the error
	}
	violations, err := violationsOf(ctx, o.schemas, id, plain)
	if err != nil {
		tflog.Debug(ctx, "traits not checked against their identity schema", map[string]any{"schema_id": id, "error": err.Error()})
	}
	for _, violation := range violations {
		at, where, _ := traitPath(o.plan.Traits, violation.Path)
		text := fmt.Sprintf("The identity schema %q refuses %s: %s.\n\nCorrect it. To leave such checks to the server, set "+
			"validate_traits = false in the provider block.", id, where, violation.Message)
		o.diags.AddAttributeError(at, "Trait refused by the identity schema", text+numbered(o.data.Walk.Mistake(text)))
	}
}

func violationsOf(ctx context.Context, schemas schemaGetter, id string, plain any) ([]traitschema.Violation, error) {
	s, err := schemas.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.Validate(plain)
}

// numbered makes a text of its own of each repetition of a mistake. Newer versions of Terraform show equal texts only once, for one
// instance of a for_each, although each instance has the mistake.
func numbered(times int) string {
	if times == 1 {
		return ""
	}
	return fmt.Sprintf("\n\nThis is place %d with this mistake.", times)
}

func (traits) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	body.Traits = encodeJSON(path.Root("traits"), o.plan.Traits, o.diags)
}

func (traits) isOurs(o *operation, _ kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	return jsonvalue.Matches(o.plan.Traits, identity.Traits)
}

// patch changes only the traits that the plan changes: a person may have changed another trait since the state was read.
func (traits) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	if jsonvalue.Equal(o.plan.Traits, o.state.Traits) {
		return nil
	}
	before := plainBefore(path.Root("traits"), o.plan.Traits, o.state.Traits, o.diags)
	want := jsonvalue.Plain(encodeJSON(path.Root("traits"), o.plan.Traits, o.diags))
	have := jsonvalue.Plain(current.Traits)
	return jsonpatch.Diff(have, jsonpatch.Merge(jsonpatch.Respell(before, have), jsonpatch.Respell(want, have), have), "/traits")
}

func (traits) answered(o *operation, sent func(string) bool, identity *kratos.Identity) {
	if sent("traits") && !jsonvalue.Matches(o.plan.Traits, identity.Traits) {
		o.diags.AddAttributeWarning(path.Root("traits"), "Server changed the traits", "The server stored other traits than those "+
			"configured, as some versions do with phone numbers, or somebody changed them at the same moment. The next plan shows "+
			"the difference; write the traits as it shows them.")
	}
}

func (traits) refresh(m *model, identity *kratos.Identity, _ *owned, diags *diag.Diagnostics) {
	m.Traits = align(path.Root("traits"), m.Traits, identity.Traits, diags)
}

// violation is one line of the server's answer to traits that break the schema, such as
//
//	I[#/traits/name/first] S[#/properties/.../type] expected string, but got number
var violation = regexp.MustCompile(`I\[#/traits(/.*?)?\] S\[.*?\] (.*)`)

// refused adds each thing that breaks the identity schema on the trait that it is about.
func (traits) refused(_ context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	if !strings.Contains(answer.Reason+"\n"+answer.Message, "I[#/traits") {
		return false
	}
	seen := map[string]bool{}
	for line := range strings.Lines(answer.Reason) {
		match := violation.FindStringSubmatch(strings.TrimSpace(line))
		// A line about the enclosing value comes before the lines that say what is wrong.
		if match == nil || match[2] == "validation failed" || seen[match[0]] {
			continue
		}
		seen[match[0]] = true
		at, where, value := traitPath(f.plan.Traits, segments(match[1]))
		diags.AddAttributeError(at, "Trait refused by the identity schema", withoutValue(fmt.Sprintf("The identity schema %q refuses %s: "+
			"%s.\n\nThe server's words (request id %s): %s", f.plan.SchemaID.ValueString(), where, match[2], answer.RequestID, match[0]), value))
	}
	if len(seen) == 0 {
		diags.AddAttributeError(path.Root("traits"), "Traits refused by the identity schema", answer.Error()+".")
	}
	return true
}

// withoutValue takes a trait's own value out of the server's words: the configuration may hold it as sensitive, which a provider
// isn't told, and the diagnostic shows the line anyway.
func withoutValue(text string, value attr.Value) string {
	if s, ok := value.(types.String); ok && s.ValueString() != "" {
		return strings.ReplaceAll(text, strconv.Quote(s.ValueString()), "the value")
	}
	return text
}
