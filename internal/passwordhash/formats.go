package passwordhash

import (
	"fmt"
	"regexp"
	"strings"
)

// format is one format of password hashes that the server takes ("Import user identities", Hashed passwords). The
// server recognizes a format by the beginning of the hash, and decodes the rest when the person signs in. Servers after
// v26.2 also decode some formats on import. Every version decodes a hash in the same way.
type format struct {
	name    string
	example string
	begins  *regexp.Regexp
	parse   parser
}

var knownFormats = []format{
	{"bcrypt", "$2b$", regexp.MustCompile(`^\$2[abzy]?\$`), parseBcrypt},
	{"argon2", "$argon2id$", regexp.MustCompile(`^\$argon2(id|i)\$`), fields(
		layout{argonVersion, parameters(argonParameters...), bytesOf("salt", raw), keyOf(raw)},
	)},
	{"pbkdf2", "$pbkdf2-sha256$", regexp.MustCompile(`^\$pbkdf2-sha[0-9]{1,3}\$`), fields(
		layout{parameters(pbkdf2Parameters...), bytesOf("salt", raw), keyOf(raw)},
	)},
	{"scrypt", "$scrypt$", regexp.MustCompile(`^\$scrypt\$`), fields(
		layout{parameters(scryptParameters...), bytesOf("salt", padded), keyOf(padded)},
	)},
	{"firebase scrypt", "$firescrypt$", regexp.MustCompile(`^\$firescrypt\$`), fields(
		layout{
			parameters(firebaseParameters...), bytesOf("salt", padded), keyOf(padded),
			bytesOf("salt separator", padded), keyOf(padded), // the signer key, which the hash is an encryption of
		},
	)},
	{"md5", "$md5$", regexp.MustCompile(`^\$md5\$`), fields(
		layout{digest}, layout{template, bytesOf("salt", padded), digest},
	)},
	{"md5-crypt", "$md5-crypt$", regexp.MustCompile(`^\$md5-crypt\$`), fields(layout{anySalt, cryptDigest})},
	{"sha", "$sha256$", regexp.MustCompile(`^\$sha(1|256|512)\$`), fields(
		layout{template, bytesOf("salt", padded), digest},
	)},
	{"sha-crypt", "$sha256-crypt$", regexp.MustCompile(`^\$sha(256|512)-crypt\$`), fields(
		layout{anySalt, cryptDigest}, layout{rounds, anySalt, cryptDigest},
	)},
	{"salted sha", "{SSHA}", regexp.MustCompile(`^{SSHA(256|512)?}`), parseSaltedSHA},
	{"hmac", "$hmac-sha256$", regexp.MustCompile(`^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$`), fields(
		layout{hexDigest, bytesOf("key", padded)},
	)},
}

// Formats lists the names and an example of each format, in Markdown.
func Formats() string {
	words := make([]string, 0, len(knownFormats))
	for _, f := range knownFormats {
		words = append(words, fmt.Sprintf("%s (`%s`)", f.name, f.example))
	}
	return strings.Join(words, ", ")
}

// formatOf returns the format of a hash, nil if no server knows it.
func formatOf(hash string) *format {
	for i := range knownFormats {
		if knownFormats[i].begins.MatchString(hash) {
			return &knownFormats[i]
		}
	}
	return nil
}
