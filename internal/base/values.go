package base

import "github.com/hashicorp/terraform-plugin-framework/types"

// Optional returns null for an empty string, because the server omits or empties a string without a value.
func Optional(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
