package passwordhash

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// format is one format of password hashes that the server takes ("Import user identities", Hashed passwords). The
// server recognizes a format by the beginning of the hash, and so does this package.
type format struct {
	name    string
	example string
	begins  *regexp.Regexp
}

var knownFormats = []format{
	{"bcrypt", "$2b$", regexp.MustCompile(`^\$2[abzy]?\$`)},
	{"argon2", "$argon2id$", regexp.MustCompile(`^\$argon2(id|i)\$`)},
	{"pbkdf2", "$pbkdf2-sha256$", regexp.MustCompile(`^\$pbkdf2-sha[0-9]{1,3}\$`)},
	{"scrypt", "$scrypt$", regexp.MustCompile(`^\$scrypt\$`)},
	{"firebase scrypt", "$firescrypt$", regexp.MustCompile(`^\$firescrypt\$`)},
	{"md5", "$md5$", regexp.MustCompile(`^\$md5\$`)},
	{"md5-crypt", "$md5-crypt$", regexp.MustCompile(`^\$md5-crypt\$`)},
	{"sha", "$sha256$", regexp.MustCompile(`^\$sha(1|256|512)\$`)},
	{"sha-crypt", "$sha256-crypt$", regexp.MustCompile(`^\$sha(256|512)-crypt\$`)},
	{"salted sha", "{SSHA}", regexp.MustCompile(`^{SSHA(256|512)?}`)},
	{"hmac", "$hmac-sha256$", regexp.MustCompile(`^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$`)},
}

// Formats lists the names and an example of each format, in Markdown.
func Formats() string {
	words := make([]string, 0, len(knownFormats))
	for _, f := range knownFormats {
		words = append(words, fmt.Sprintf("%s (`%s`)", f.name, f.example))
	}
	return strings.Join(words, ", ")
}

// Validator refuses a string that begins like no hash format that the server knows. Its messages never show the hash.
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
	for _, f := range knownFormats {
		if f.begins.MatchString(req.ConfigValue.ValueString()) {
			return
		}
	}
	resp.Diagnostics.AddAttributeError(
		req.Path,
		"Unknown password hash format",
		fmt.Sprintf("The attribute %s is no hash in a format that the server takes. It takes: %s. A plain password goes "+
			"into value or value_wo.",
			req.Path, strings.ReplaceAll(Formats(), "`", "")),
	)
}
