package passwordhash

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Validator judges a hash as [Check] does. Its messages never show the hash.
type Validator struct{}

// Description implements validator.Describer.
func (Validator) Description(context.Context) string { return "a password hash" }

// MarkdownDescription implements validator.Describer.
func (v Validator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (Validator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(Check(req.Path, req.ConfigValue.ValueString())...)
}

// Check judges the hash of an attribute: an error if nobody can sign in with it on any server, a warning if nobody can
// on some servers. The plan doesn't know every hash.
func Check(at path.Path, hash string) (diags diag.Diagnostics) {
	f := formatOf(hash)
	if f == nil {
		diags.AddAttributeError(
			at,
			"Unknown password hash format",
			fmt.Sprintf("The attribute %s is not a password hash in a format that the server accepts. The server accepts: "+
				"%s. %s",
				at, strings.ReplaceAll(Formats(), "`", ""), cure(hash)),
		)
		return diags
	}
	says := fmt.Sprintf("The attribute %s is a hash in the format %s, but ", at, f.name)
	switch v := f.parse(hash); {
	case v.fault != "":
		diags.AddAttributeError(at, "Damaged password hash", says+v.fault+". Export the hash again. Check that no "+
			"step of the export shortens the hash, or replaces \"$\" or Base64 characters.")
	case v.useless != "":
		diags.AddAttributeWarning(at, "Password hash that matches no password", says+v.useless+". The server accepts "+
			"the hash, but nobody can sign in with it. Export the hash again.")
	case v.bound != "":
		diags.AddAttributeWarning(at, "Password hash that newer servers refuse", says+v.bound+". Versions of Kratos "+
			"after v26.2 refuse such a hash. Earlier versions accept the hash, but every sign-in is slow. If the server "+
			"refuses the hash, remove it, and let the person set a new password.")
	}
	return diags
}

// cryptNames are the server's names of formats of crypt(3), which differ in nothing else.
var cryptNames = map[string]string{"$1$": "$md5-crypt$", "$5$": "$sha256-crypt$", "$6$": "$sha512-crypt$"}

// cure says what to do about a hash of an unknown format.
func cure(hash string) string {
	for name, kratos := range cryptNames {
		if strings.HasPrefix(hash, name) {
			return fmt.Sprintf("The hash begins with %s. The server's name for this format is %s: replace the "+
				"beginning.", name, kratos)
		}
	}
	return "Set a plain password in value or value_wo."
}
