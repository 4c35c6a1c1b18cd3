package base

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A required argument of an action can become null at apply.
func TestRecheck_null(t *testing.T) {
	t.Parallel()
	s := schema.Schema{Attributes: map[string]schema.Attribute{"identity_id": schema.StringAttribute{Required: true}}}
	values := map[string]tftypes.Value{"identity_id": tftypes.NewValue(tftypes.String, nil)}
	config := tfsdk.Config{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), values)}
	var diags diag.Diagnostics
	if Recheck(t.Context(), config, &diags) || len(diags) != 1 || diags[0].Summary() != "Missing value" {
		t.Errorf("%v", diags)
	}
}
