package identity

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// The error names the places of the NUL characters, without values and without keys.
func TestAddNUL(t *testing.T) {
	t.Parallel()
	const answer = "ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)"
	bad := types.StringValue("hunter2\x00")
	badKey := traitsOf(map[string]attr.Value{"hunter2\x00": types.StringValue("x")})
	for name, test := range map[string]struct {
		message  string
		traits   map[string]attr.Value
		metadata attr.Value
		external string
		at, want string // empty: the error is about something else
	}{
		"a trait":       {answer, map[string]attr.Value{"a": bad}, nil, "", "traits.a", "characters: traits.(key 1 of 1 in alphabetical order) ("},
		"a key":         {answer, map[string]attr.Value{"o": badKey}, nil, "", "traits.o", "characters: traits.(key 1 of 1 in alphabetical order) ("},
		"metadata":      {answer, nil, badKey, "", "metadata_admin", "characters: metadata_admin ("},
		"both":          {answer, map[string]attr.Value{"a": bad}, bad, "", "traits.a", "order), metadata_admin ("},
		"external id":   {answer, nil, nil, "x\x00", "external_id", "characters: external_id ("},
		"none":          {answer, map[string]attr.Value{"a": types.StringValue("x")}, nil, "", "", ""},
		"another error": {"ERROR: deadlock detected (SQLSTATE 40P01)", map[string]attr.Value{"a": bad}, nil, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := model{Traits: types.DynamicValue(traitsOf(test.traits))}
			plan.ExternalID = types.StringValue(test.external)
			if test.metadata != nil {
				plan.MetadataAdmin = types.DynamicValue(test.metadata)
			}
			var diags diag.Diagnostics
			done := failure{plan: &plan}.addNUL(t.Context(),
				&kratos.Error{StatusCode: 500, Message: test.message, RequestID: "r1"}, &diags)
			if done != (test.at != "") || done != diags.HasError() {
				t.Fatalf("done: %v, %v", done, diags)
			}
			if !done {
				return
			}
			if found, ok := diags[0].(diag.DiagnosticWithPath); !ok || found.Path().String() != test.at {
				t.Errorf("the error is not on %s: %v", test.at, diags)
			}
			text := diags[0].Detail()
			if strings.Contains(text, "hunter2") || !strings.Contains(text, test.want) || !strings.Contains(text, "r1") {
				t.Errorf("the error says %q", text)
			}
		})
	}
}
