package passwordhash_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
)

func validate(t *testing.T, value types.String) diag.Diagnostics {
	t.Helper()
	req := validator.StringRequest{
		Path: path.Root("credentials").AtName("password").AtName("hash"), ConfigValue: value,
	}
	var resp validator.StringResponse
	passwordhash.Validator{}.ValidateString(t.Context(), req, &resp)
	return resp.Diagnostics
}

// Each sample gets one diagnostic of its kind, which is on the attribute and shows no part of the hash.
func TestValidator_samples(t *testing.T) {
	t.Parallel()
	for hash, want := range samples {
		d := validate(t, types.StringValue(hash))
		if len(d) != 1 != (want == accepted) || d.ErrorsCount() == 1 != (want == unknown || want == damaged) {
			t.Errorf("%s: %v, want verdict %d", hash, d, want)
			continue
		}
		for _, problem := range d {
			summary := map[verdict]string{
				unknown: "Unknown password hash format", damaged: "Damaged password hash",
				useless: "Password hash that matches no password", bounded: "Password hash that newer servers refuse",
			}[want]
			if problem.Summary() != summary || !strings.Contains(problem.Detail(), "credentials.password.hash") {
				t.Errorf("%s: %v", hash, problem)
			}
			for part := range strings.SplitSeq(strings.TrimSpace(hash), "$") {
				if len(part) > 10 && !strings.Contains(part, "-crypt") && strings.Contains(problem.Detail(), part) {
					t.Errorf("%s: %v shows %s", hash, problem, part)
				}
			}
		}
	}
}

// A hash of crypt(3) needs another name.
func TestCheck_crypt(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"$1$": "for this format is $md5-crypt$", "$5$": "is $sha256-crypt$", "$6$": "is $sha512-crypt$", "hunter22": "value or value_wo",
	} {
		d := passwordhash.Check(path.Root("hash"), name+"saltsalt$xkWKrgH8D/d21935caGq31")
		if len(d) != 1 || !strings.Contains(d[0].Detail(), want) {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func TestValidator_noValue(t *testing.T) {
	t.Parallel()
	for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
		if d := validate(t, value); len(d) > 0 {
			t.Errorf("%s: %v", value, d)
		}
	}
}

// No text makes the parser fail.
func FuzzValidator(f *testing.F) {
	for hash := range samples {
		f.Add(hash)
	}
	f.Fuzz(func(t *testing.T, hash string) { validate(t, types.StringValue(hash)) })
}
