package base

import "github.com/hashicorp/terraform-plugin-framework/function"

// ArgumentError is the error of a function about its argument at a position, counted from 0. Terraform shows no title
// for it: the text begins with the summary. Terraform adds a full stop to the detail.
func ArgumentError(position int64, summary, detail string) *function.FuncError {
	return function.NewArgumentFuncError(position, summary+": "+detail)
}
