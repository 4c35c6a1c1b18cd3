package passwordhash

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func runFunction(t *testing.T, password, seed string) (string, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.StringUnknown())}
	NewFunction().Run(t.Context(), function.RunRequest{
		Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(password), types.StringValue(seed)}),
	}, &resp)
	return resp.Result.Value().(types.String).ValueString(), resp.Error
}

// The hash was computed by another implementation, pyca/cryptography. It must never change: it is in people's plans.
func TestFunction(t *testing.T) {
	t.Parallel()
	const want = "$argon2id$v=19$m=19456,t=2,p=1$z+AN3kbvlCYB/6+54oJegA$YKC/wET+BavhRAnDOr/dM5pI9k+rseoy+aXLKTKrCls"
	if got, err := runFunction(t, "analytical-engine-1843", "ada@example.org"); err != nil || got != want {
		t.Errorf("%s, want %s: %v", got, want, err)
	}
	other, err := runFunction(t, "analytical-engine-1843", "grace@example.org")
	if salt := strings.Split(other, "$")[4]; err != nil || salt == strings.Split(want, "$")[4] {
		t.Errorf("the salt of another seed is the same: %s: %v", salt, err)
	}
}

func TestFunction_errors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, password, seed, want string
		argument                   int64
	}{
		{"no password", "", "ada", "The password is empty: nobody can sign in with", 0},
		{"a long password", strings.Repeat("é", 37), "ada", "The password is too long: it has 74 bytes", 0},
		{"no seed", "hunter22", "", "The salt_seed is empty", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := runFunction(t, tc.password, tc.seed)
			if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != tc.argument ||
				!strings.Contains(err.Text, tc.want) ||
				tc.password != "" && strings.Contains(err.Text, tc.password) {
				t.Errorf("%v, want %q on argument %d", err, tc.want, tc.argument)
			}
		})
	}
}
