package identity

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// violation matches one line of the server's answer to traits that violate the schema, such as
//
//	I[#/traits/name/first] S[#/properties/.../type] expected string, but got number
var violation = regexp.MustCompile(`I\[#/traits(/.*?)?\] S\[(.*?)\] (.*)`)

// refusal is a violation of the identity schema that the server has found.
type refusal struct {
	at     path.Path
	where  string // the trait in words
	demand string // of the schema, without the value that breaks it
}

// breaksSchema reports whether the server has refused the traits by their identity schema.
func breaksSchema(answer *kratos.Error) bool {
	return strings.Contains(answer.Reason+"\n"+answer.Message, "I[#/traits")
}

// refusals returns the violations in the server's answer, each once. They show no value and no key of the traits, which
// the configuration may mark as sensitive: Terraform doesn't tell a provider.
func refusals(answer *kratos.Error, traits types.Dynamic, isName func(string) bool) []refusal {
	var all []refusal
	seen := map[string]bool{}
	for line := range strings.Lines(answer.Reason) {
		match := violation.FindStringSubmatch(strings.TrimSpace(line))
		// The server reports the enclosing value before the actual violations.
		if match == nil || match[3] == "validation failed" || seen[match[0]] {
			continue
		}
		seen[match[0]] = true
		path, message := segments(match[1]), match[3]
		isKnown := func(name string) bool { return isName(name) || strings.Contains(match[2]+"/", "/properties/"+name+"/") }
		add := func(path []string, demand string) {
			at, where := traitPath(traits, path, isKnown)
			all = append(all, refusal{at, where, demand})
		}
		if names := traitschema.AdditionalNames(message); len(names) > 0 {
			for _, name := range names {
				add(append(slices.Clone(path), name), traitschema.NoSuchProperty)
			}
			continue
		}
		add(path, traitschema.Demand(message, match[2]))
	}
	return all
}

// refused adds an error for each violation of the identity schema on the trait that the violation concerns.
func (traits) refused(ctx context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	if !breaksSchema(answer) {
		return f.tooLongTraits(ctx, answer, diags)
	}
	id := f.plan.SchemaID.ValueString()
	found := refusals(answer, f.plan.Traits, namesTrait(ctx, f.schemas, id))
	for _, r := range found {
		diags.AddAttributeError(r.at, "Trait refused by the identity schema", fmt.Sprintf("The server refuses %s "+
			"because of the identity schema %q: %s (request id %s). Correct the trait, or the schema on the "+
			"server.", r.where, id, r.demand, answer.RequestID))
	}
	if len(found) == 0 {
		diags.AddAttributeError(path.Root("traits"), "Trait refused by the identity schema", fmt.Sprintf("The server "+
			"refuses the traits because of the identity schema %q, but does not report which trait (request id %s). "+
			"Compare the traits with the schema.", id, answer.RequestID))
	}
	return true
}

// namesTrait returns a function that reports whether the identity schema has a name of a property. The function reports
// false if the schema isn't available.
func namesTrait(ctx context.Context, schemas schemaGetter, id string) func(string) bool {
	if schemas != nil {
		if s, err := schemas.Get(ctx, id); err == nil {
			return s.Names
		}
	}
	return func(string) bool { return false }
}
