package base

import "github.com/hashicorp/terraform-plugin-framework/types"

// Optional is the value of a string that the server leaves out or empties where it has none.
func Optional(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}
