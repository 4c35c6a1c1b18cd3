package identity

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func traitsOf(members map[string]attr.Value) types.Object {
	kinds := map[string]attr.Type{}
	for name, member := range members {
		kinds[name] = member.Type(context.Background())
	}
	return types.ObjectValueMust(kinds, members)
}

func TestTooLongTraits(t *testing.T) {
	t.Parallel()
	long := types.StringValue("hunter2" + strings.Repeat("ä", 300))
	fits := types.StringValue(strings.Repeat("ä", 255))
	const answer = "ERROR: value too long for type character varying(255) (SQLSTATE 22001)"
	for name, test := range map[string]struct {
		message string
		traits  map[string]attr.Value
		at      string // empty: the error isn't about these traits
	}{
		"one":           {answer, map[string]attr.Value{"a": fits, "b": long}, "traits.b"},
		"nested":        {answer, map[string]attr.Value{"o": traitsOf(map[string]attr.Value{"p": long})}, "traits.o.p"},
		"several":       {answer, map[string]attr.Value{"a": long, "b": long}, "traits"},
		"none":          {answer, map[string]attr.Value{"a": fits}, ""},
		"another error": {"ERROR: deadlock detected", map[string]attr.Value{"a": long}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := failure{plan: &model{Traits: types.DynamicValue(traitsOf(test.traits))}}
			var diags diag.Diagnostics
			done := f.tooLongTraits(t.Context(), &kratos.Error{StatusCode: 500, Message: test.message, RequestID: "r1"}, &diags)
			if done != (test.at != "") || done != diags.HasError() {
				t.Fatalf("done: %v, %v", done, diags)
			}
			if !done {
				return
			}
			found, ok := diags[0].(diag.DiagnosticWithPath)
			if !ok || found.Path().String() != test.at {
				t.Errorf("the error is not on %s: %v", test.at, diags)
			}
			text := diags[0].Detail()
			if strings.Contains(text, "hunter2") || !strings.Contains(text, "255") || !strings.Contains(text, "r1") {
				t.Errorf("the error says %q", text)
			}
		})
	}
}

func TestStringsWith(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	value := traitsOf(map[string]attr.Value{
		"b": text("abcd"), "a": types.ListValueMust(types.StringType, []attr.Value{text("x"), text("wxyz")}), "n": types.Int64Value(12345),
		"c": types.MapValueMust(types.StringType, map[string]attr.Value{"long key": text("x")}),
	})
	for name, test := range map[string]struct {
		keys bool
		want [][]string
	}{
		"values":          {false, [][]string{{"a", "1"}, {"b"}}},
		"values and keys": {true, [][]string{{"a", "1"}, {"b"}, {"c"}}},
	} {
		isLong := func(text string, isKey bool) bool { return len(text) > 3 && (test.keys || !isKey) }
		if got := stringsWith(value, isLong); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
