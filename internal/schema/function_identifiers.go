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
		Summary: "Login identifiers that traits hold",
		MarkdownDescription: "Returns what a person with these traits can sign in with, as the server would spell it (in " +
			"lower case, without spaces around it; a phone number that codes are sent to as `+` and digits), sorted: the " +
			"values that the identity schema " +
			"marks with `ory.sh/kratos`. It asks no server. Servers after v26.2 also normalise Unicode and all " +
			"phone numbers, which this function leaves as they are. " + base.FunctionsNeed +
			"\n\nFor checking a list of people where no " +
			"server is at hand, as in a pull request: that no two have the same identifier, or that everybody has one. What " +
			"it can't tell is whether the server has such a person already. It isn't needed for `ory_identity`, whose plan " +
			"refuses two that declare one person, and whose `identifiers` show them. Traits that are marked under a condition " +
			"(`if`, `anyOf`) always count. A phone number that codes are sent to must be a valid one, written with its " +
			"country code, as in `+49 1512 3456789`: another one is an error.",
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
		resp.Error = function.NewArgumentFuncError(0, "The login identifiers can't be known, because "+gap+". "+s.Remedy())
		return
	}
	byType, gap := s.LoginIdentifiers(traits)
	if gap != "" {
		resp.Error = function.NewArgumentFuncError(1, "The login identifiers can't be known, "+
			"because "+gap+", such as +4915123456789")
		return
	}
	all := []string{}
	for _, identifiers := range byType {
		all = append(all, identifiers...)
	}
	slices.Sort(all)
	resp.Error = resp.Result.Set(ctx, slices.Compact(all))
}

// unusable returns the error for a schema that can't be used. Terraform adds a full stop to its text.
func unusable(err error) *function.FuncError {
	return function.NewArgumentFuncError(0, "This schema can't be used: "+err.Error()+". Give the whole identity "+
		"schema, such as by file(\"identity.schema.json\")")
}

func schemaParameter() function.Parameter {
	return function.StringParameter{
		Name: "schema_json", MarkdownDescription: "The identity schema, as JSON: such as `file(\"identity.schema.json\")`.",
	}
}

func traitsParameter() function.Parameter {
	return function.DynamicParameter{Name: "traits", MarkdownDescription: "The traits: an object, as in `ory_identity`."}
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
		resp.Error = function.NewArgumentFuncError(1, "The traits can't become JSON: "+err.Error())
		return nil, nil
	}
	if _, ok := jsonplain.Decode(traits).(map[string]any); !ok {
		resp.Error = function.NewArgumentFuncError(1, "The traits must be an object, such as { email = \"ada@example.org\" "+
			"}. A JSON document goes through jsondecode()")
	}
	return s, traits
}
