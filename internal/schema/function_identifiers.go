package schema

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

var _ function.Function = identifiersFunction{}

// NewIdentifiersFunction returns the function identifiers.
func NewIdentifiersFunction() function.Function { return identifiersFunction{} }

type identifiersFunction struct{}

// Metadata implements function.Function.
func (identifiersFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "identifiers"
}

// Definition implements function.Function.
func (identifiersFunction) Definition(
	_ context.Context,
	_ function.DefinitionRequest,
	resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary: "Login identifiers of traits",
		MarkdownDescription: "Returns the login identifiers of traits, sorted: the values that the identity schema marks " +
			"with `ory.sh/kratos`, as the server stores them (lower case, without surrounding spaces; phone numbers that " +
			"receive codes as `+` and digits). The function needs no server.\n\nUse it to check a list of people, for example " +
			"in a pull request: that no two people have the same identifier, or that everyone has one. It cannot detect that " +
			"the server already has a person with the identifier. `ory_identity` needs no such check: its plan fails if two " +
			"resources declare the same login identifier.\n\nServers after v26.2 also normalise Unicode and all phone " +
			"numbers. The function does not.\n\nTraits that a conditional schema (`if`, `anyOf`) marks always count. A phone " +
			"number that receives codes must be valid and have a country code, such as `+49 1512 3456789`. Otherwise the " +
			"function fails." + base.FunctionRequirements,
		Parameters: []function.Parameter{schemaParameter(), traitsParameter()},
		Return:     function.ListReturn{ElementType: types.StringType},
	}
}

// Run implements function.Function.
func (identifiersFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	s, traits := functionArguments(ctx, req, resp)
	if resp.Error != nil {
		return
	}
	if gap := s.Gap(); gap != "" {
		resp.Error = base.ArgumentError(0, undetermined, gap+". "+s.Remedy())
		return
	}
	byType, gap := s.LoginIdentifiers(traits)
	if gap != "" {
		resp.Error = base.ArgumentError(1, undetermined, gap+", such as +4915123456789")
		return
	}
	all := []string{}
	for _, identifiers := range byType {
		all = append(all, identifiers...)
	}
	slices.Sort(all)
	resp.Error = resp.Result.Set(ctx, slices.Compact(all))
}

const undetermined = "The login identifiers cannot be determined"

// unusable returns the error for a schema that can't be used.
func unusable(err error) *function.FuncError {
	return base.ArgumentError(0, "This schema cannot be used", err.Error()+". Pass the whole identity schema, for "+
		"example with file(\"identity.schema.json\")")
}

func schemaParameter() function.Parameter {
	return function.StringParameter{
		Name: "schema_json", MarkdownDescription: "The identity schema as JSON, for example " +
			"`file(\"identity.schema.json\")`.",
	}
}

func traitsParameter() function.Parameter {
	return function.DynamicParameter{Name: "traits", MarkdownDescription: "The traits, an object as in `ory_identity`."}
}

// functionArguments reads a schema and traits. A null member is absent, unless the schema requires the member and
// allows null for it. An invalid argument is an error on that argument.
func functionArguments(
	ctx context.Context,
	req function.RunRequest,
	resp *function.RunResponse,
) (*traitschema.Schema, json.RawMessage) {
	var document string
	var value types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &document, &value); resp.Error != nil {
		return nil, nil
	}
	s, err := traitschema.Parse(json.RawMessage(document))
	if err != nil {
		resp.Error = unusable(err)
		return nil, nil
	}
	traits, err := jsonvalue.EncodeKeeping(value, s.AllowsNull)
	if err != nil {
		resp.Error = base.ArgumentError(1, "The traits cannot be written as JSON", err.Error())
		return nil, nil
	}
	if _, ok := jsonplain.Decode(traits).(map[string]any); !ok {
		resp.Error = base.ArgumentError(1, "The traits must be an object", "for example { email = \"ada@example.org\" }. "+
			"Convert a JSON document with jsondecode()")
	}
	return s, traits
}
