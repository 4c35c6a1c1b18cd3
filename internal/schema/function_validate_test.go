package schema

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A null member is present if the schema requires the member and allows null for it; any other null member is absent.
func TestValidateTraits_null(t *testing.T) {
	t.Parallel()
	const document = `{"properties":{"traits":{"required":["nick"],"properties":{"nick":{"type":["string","null"]},"age":{"type":"integer"}}}}}`
	violation := types.ObjectType{AttrTypes: map[string]attr.Type{"path": types.StringType, "message": types.StringType}}
	for name, test := range map[string]struct {
		members    map[string]attr.Value
		violations int
	}{
		"null":                  {map[string]attr.Value{"nick": types.StringNull(), "age": types.DynamicNull()}, 0},
		"null of another trait": {map[string]attr.Value{"age": types.DynamicNull()}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			memberTypes := map[string]attr.Type{}
			for name, value := range test.members {
				memberTypes[name] = value.Type(t.Context())
			}
			traits := types.DynamicValue(types.ObjectValueMust(memberTypes, test.members))
			resp := function.RunResponse{Result: function.NewResultData(types.ListUnknown(violation))}
			validateTraitsFunction{}.Run(t.Context(), function.RunRequest{
				Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(document), traits}),
			}, &resp)
			if resp.Error != nil {
				t.Fatal(resp.Error)
			}
			if found, ok := resp.Result.Value().(types.List); !ok || len(found.Elements()) != test.violations {
				t.Errorf("%s, want %d violations", resp.Result.Value(), test.violations)
			}
		})
	}
}

// Terraform's infinity has no form in JSON.
func TestValidateTraits_infinity(t *testing.T) {
	t.Parallel()
	infinity := types.NumberValue(new(big.Float).SetInf(false))
	traits := types.DynamicValue(types.ObjectValueMust(
		map[string]attr.Type{"age": types.NumberType}, map[string]attr.Value{"age": infinity}))
	var resp function.RunResponse
	validateTraitsFunction{}.Run(t.Context(), function.RunRequest{
		Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(`{"properties":{"traits":{}}}`), traits}),
	}, &resp)
	if resp.Error == nil || !strings.HasPrefix(resp.Error.Text, "The traits cannot be written as JSON: ") {
		t.Errorf("%v", resp.Error)
	}
}
