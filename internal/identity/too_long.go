package identity

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// tooLong matches the answer of Kratos on PostgreSQL to a login identifier or an address that is longer than its
// column. Its status is 500. SQLite stores values of any length.
var tooLong = regexp.MustCompile(`value too long for type character varying\((\d+)\)`)

// tooLongTraits adds an error on the trait that is too long for the database of the server. It returns false if the
// answer says something else, or if no trait is longer than the limit.
func (f failure) tooLongTraits(ctx context.Context, answer *kratos.Error, diags *diag.Diagnostics) bool {
	match := tooLong.FindStringSubmatch(answer.Reason + "\n" + answer.Message)
	if match == nil {
		return false
	}
	limit, err := strconv.Atoi(match[1])
	if err != nil {
		return false
	}
	isName := namesTrait(ctx, f.schemas, f.plan.SchemaID.ValueString())
	at, names := path.Root("traits"), []string(nil)
	isLong := func(text string, isKey bool) bool { return !isKey && utf8.RuneCountInString(text) > limit }
	for _, segments := range stringsWith(jsonvalue.Unwrap(f.plan.Traits), isLong) {
		var name string
		at, name = traitPath(f.plan.Traits, segments, isName)
		names = append(names, name)
	}
	switch len(names) {
	case 0:
		return false
	case 1:
	default: // a text that is no identifier can be as long as it likes
		at = path.Root("traits")
	}
	diags.AddAttributeError(at, "Trait too long for the server's database", fmt.Sprintf("The database of the server "+
		"stores login identifiers and addresses of at most %d characters. These traits are longer: %s (request id %s). "+
		"Shorten the login identifier or the address.", limit, strings.Join(names, ", "), answer.RequestID))
	return true
}
