package passwordhash

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestValidator(t *testing.T) {
	t.Parallel()
	for hash, ok := range map[string]bool{
		"$2a$04$AjyJALIL": true, "$2b$10$x": true, "$2y$10$x": true, "$2$10$x": true,
		"$argon2id$v=19$m=1024,t=1,p=1$c2FsdA$aGFzaA": true, "$argon2i$v=19$x": true, "$argon2d$v=19$x": false,
		"$pbkdf2-sha256$i=1000,l=32$c2FsdA$aGFzaA": true, "$pbkdf2-sha512$x": true, "$pbkdf2$x": false,
		"$scrypt$ln=1024,r=8,p=1$c2FsdA==$aGFzaA==": true, "$firescrypt$ln=14$x": true,
		"$md5$x": true, "$md5-crypt$x": true, "$1$x": false,
		"$sha1$pf=e1NBTFR9$x$y": true, "$sha256$x": true, "$sha512$x": true, "$sha384$x": false,
		"$sha256-crypt$x": true, "$sha512-crypt$x": true, "$sha1-crypt$x": false,
		"{SSHA}x": true, "{SSHA256}x": true, "{SSHA512}x": true, "{SSHA384}x": false, "{SHA}x": false,
		"$hmac-md5$x$y": true, "$hmac-sha512$x$y": true, "$hmac-sha3$x$y": false,
		"s3cret": false, "": false, " $2a$04$x": false,
	} {
		req := validator.StringRequest{
			Path:        path.Root("credentials").AtName("password").AtName("hash"),
			ConfigValue: types.StringValue(hash),
		}
		var resp validator.StringResponse
		Validator{}.ValidateString(t.Context(), req, &resp)
		if resp.Diagnostics.HasError() == ok {
			t.Errorf("%q: %v", hash, resp.Diagnostics)
		}
		for _, d := range resp.Diagnostics {
			if strings.TrimSpace(hash) != "" && strings.Contains(d.Detail(), hash) {
				t.Errorf("the message shows %q", hash)
			}
		}
	}
}
