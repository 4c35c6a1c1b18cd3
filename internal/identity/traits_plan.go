package identity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// checkTraits reports what of the planned traits breaks the identity schema, which the server would refuse only in the middle of
// the apply. What isn't known yet is left to a later look, and all of it to the server where the schema can't be had or checked.
func (r *identityResource) checkTraits(ctx context.Context, p *planner) {
	schemas := r.schemas()
	if schemas == nil || r.Data.SkipValidation || p.plan.SchemaID.IsUnknown() || p.plan.SchemaID.IsNull() {
		return
	}
	id := p.plan.SchemaID.ValueString()
	traits, err := jsonvalue.PlainOf(p.plan.Traits, traitschema.Unknown)
	if err != nil {
		return // said when it is to be sent
	}
	violations, err := violationsOf(ctx, schemas, id, traits)
	if err != nil {
		tflog.Debug(ctx, "traits not checked against their identity schema", map[string]any{"schema_id": id, "error": err.Error()})
	}
	for _, violation := range violations {
		at, where, _ := traitPath(p.plan.Traits, violation.Path)
		text := fmt.Sprintf("The identity schema %q refuses %s: %s.\n\nCorrect it. To leave such checks to the server, set "+
			"validate_traits = false in the provider block.", id, where, violation.Message)
		p.diags.AddAttributeError(at, "Trait refused by the identity schema", text+numbered(r.Data.Walk.Mistake(text)))
	}
}

func violationsOf(ctx context.Context, schemas schemaGetter, id string, traits any) ([]traitschema.Violation, error) {
	s, err := schemas.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.Validate(traits)
}

// numbered makes a text of its own of each repetition of a mistake. Newer versions of Terraform show what is the same to the letter
// only once, for one instance of a for_each, although each of them is wrong.
func numbered(times int) string {
	if times == 1 {
		return ""
	}
	return fmt.Sprintf("\n\nThis is place %d with this mistake.", times)
}
