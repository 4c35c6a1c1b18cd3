package identity

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// The validator refuses, at any depth, a number that Kratos stores and then can't patch.
func TestValidators_hugeNumbers(t *testing.T) {
	t.Parallel()
	for text, refused := range map[string]bool{
		`{"a":1e309}`: true, `{"a":[{"b":-1e400}]}`: true, `{"a":1e308}`: false, `{"a":"1e309","b":null,"c":[]}`: false, `{"a":1e-400}`: false,
	} {
		for _, v := range []validator.Dynamic{objectValidator{}, metadataValidator{}} {
			var resp validator.DynamicResponse
			v.ValidateDynamic(
				t.Context(),
				validator.DynamicRequest{Path: path.Root("traits"), ConfigValue: dynamic(t, text)},
				&resp,
			)
			if resp.Diagnostics.HasError() != refused || refused && resp.Diagnostics[0].Summary() != "Number too large" {
				t.Errorf("%T, %s: %v", v, text, resp.Diagnostics)
			}
		}
	}
}
