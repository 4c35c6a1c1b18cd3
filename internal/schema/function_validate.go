package schema

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonplain"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

var _ function.Function = validateTraitsFunction{}

// NewValidateTraitsFunction returns the function validate_traits.
func NewValidateTraitsFunction() function.Function { return validateTraitsFunction{} }

type validateTraitsFunction struct{}

// violationModel is one violation as the function returns it.
type violationModel struct {
	Path    string `tfsdk:"path"`
	Message string `tfsdk:"message"`
}

// Metadata implements function.Function.
func (validateTraitsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "validate_traits"
}

// Definition implements function.Function.
func (validateTraitsFunction) Definition(
	_ context.Context,
	_ function.DefinitionRequest,
	resp *function.DefinitionResponse,
) {
	resp.Definition = function.Definition{
		Summary: "Validates traits against an identity schema",
		MarkdownDescription: "Validates traits against an identity schema. Returns a sorted list of violations, empty if " +
			"the traits are valid. Each violation has a `path`, a JSON Pointer such as `/name/first` (`\"\"` for the traits " +
			"as a whole), and a `message`. Messages do not contain the value. The function needs no server.\n\nUse it to " +
			"check a list of people in a pull request, or to try a new version of an identity schema. `ory_identity` " +
			"validates its traits during the plan in the same way.\n\n" +
			checkedDocs + base.FunctionRequirements,
		Parameters: []function.Parameter{schemaParameter(), traitsParameter()},
		Return: function.ListReturn{ElementType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"path": types.StringType, "message": types.StringType,
		}}},
	}
}

// checkedDocs describes what Validate checks.
const checkedDocs = "The function uses the validator of Kratos. It supports all keywords of the drafts 04, 06 and " +
	"07, references within the document, formats such as `email` and `tel`, and the checks of `ory.sh/kratos` for " +
	"e-mail addresses and phone numbers.\n\nThe function does not check whether an identifier is taken. It accepts " +
	"values that versions of the server judge differently: e-mail addresses with quotes, comments or names, URIs with " +
	"brackets or several colons in the host, and phone numbers of a valid length in an unknown range.\n\nThe function " +
	"fails for a schema of a later draft, a schema with references to other documents, a schema that takes too much " +
	"time or memory (more than 256 kB, 100 levels, lists of more than about 1000 entries, very large patterns, or " +
	"nested alternatives that multiply), and a number with an exponent beyond 10000."

// Run implements function.Function.
func (validateTraitsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	s, traits := functionArguments(ctx, req, resp)
	if resp.Error != nil {
		return
	}
	broken, err := s.Validate(jsonplain.Decode(traits))
	if errors.Is(err, traitschema.ErrExtremeNumber) {
		resp.Error = base.ArgumentError(1, "The traits cannot be checked", err.Error())
		return
	}
	if err != nil {
		resp.Error = unusable(err)
		return
	}
	violations := make([]violationModel, 0, len(broken))
	for _, violation := range broken {
		message := violation.Message
		if violation.Hint != "" {
			message += ". " + strings.TrimSuffix(violation.Hint, ".")
		}
		violations = append(violations, violationModel{Path: pointer(violation.Path), Message: message})
	}
	resp.Error = resp.Result.Set(ctx, violations)
}

// pointer returns the JSON Pointer (RFC 6901) of a path.
func pointer(path []string) string {
	var text strings.Builder
	for _, name := range path {
		text.WriteString("/" + jsonplain.EscapePointer(name))
	}
	return text.String()
}
