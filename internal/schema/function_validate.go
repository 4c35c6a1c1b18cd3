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
		Summary: "How traits break an identity schema",
		MarkdownDescription: "Returns the violations of an identity schema, sorted, none where the traits fit it. Each has " +
			"a `path` within the traits, as a JSON Pointer such as `/name/first` (`\"\"` for the traits as a whole), and a " +
			"`message` in the words that the server " +
			"would use, without the value. It asks no server. " + base.FunctionsNeed +
			"\n\nFor data that is no `ory_identity` yet " +
			"or that no server is at hand for: a list of people that is checked in a pull request, or a new version of a " +
			"schema that is tried on those who are there. An `ory_identity` checks its own traits in the same way while " +
			"planning.\n\n" +
			checkedDocs,
		Parameters: []function.Parameter{schemaParameter(), traitsParameter()},
		Return: function.ListReturn{ElementType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"path": types.StringType, "message": types.StringType,
		}}},
	}
}

// checkedDocs describes what Validate checks.
const checkedDocs = "The traits are checked by the library that the server uses, so that the verdicts are the " +
	"server's, down to its precision with numbers: all keywords of the drafts 04, 06 and 07, references within the " +
	"document, formats such as `email` and `tel`, and what `ory.sh/kratos` demands of e-mail addresses and phone " +
	"numbers.\n\nLeft to the server is whether an identifier is taken, and where its versions may differ: e-mail " +
	"addresses with quotes, comments or names in them, URIs with brackets or several colons in the host, and phone " +
	"numbers of a length that their country has, but of no range that is known here.\n\nA schema of a later draft, or " +
	"with references to other documents, is an error. So is one that would take too much time or memory: with more than " +
	"256 kB, 100 levels, or lists of more than about a thousand entries, with very large patterns, or with alternatives " +
	"that multiply from level to level; and a number with an exponent beyond 10000, in the schema or in the traits."

// Run implements function.Function.
func (validateTraitsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	s, traits := functionArguments(ctx, req, resp)
	if resp.Error != nil {
		return
	}
	broken, err := s.Validate(jsonplain.Decode(traits))
	if errors.Is(err, traitschema.ErrExtremeNumber) {
		resp.Error = function.NewArgumentFuncError(1, "The traits can't be checked: "+err.Error())
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
