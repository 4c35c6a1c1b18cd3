package identity

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// hashFormat is one format of password hashes that the server takes ("Import user identities", Hashed passwords). It looks at
// the beginning of a hash only, and so do we.
type hashFormat struct {
	name    string
	example string
	begins  *regexp.Regexp
}

var knownHashFormats = []hashFormat{
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

// hashFormats lists the formats in words.
func hashFormats() string {
	words := make([]string, 0, len(knownHashFormats))
	for _, format := range knownHashFormats {
		words = append(words, fmt.Sprintf("%s (`%s`)", format.name, format.example))
	}
	return strings.Join(words, ", ")
}

// hashValidator refuses what begins like no hash that the server knows. Its messages never show the hash.
type hashValidator struct{}

func (hashValidator) Description(context.Context) string { return "a password hash" }

func (v hashValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (hashValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	for _, format := range knownHashFormats {
		if format.begins.MatchString(req.ConfigValue.ValueString()) {
			return
		}
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Unknown password hash format", fmt.Sprintf("The attribute %s is no hash in a "+
		"format that the server takes. It takes: %s. A plain password goes into password or password_wo.",
		req.Path, strings.ReplaceAll(hashFormats(), "`", "")))
}
