package credential

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// unreachable is a server whose requests fail.
type unreachable struct{ Client }

func (unreachable) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	return nil, kratos.ErrUnreachable
}

func TestDeletion_unreachable(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	deletion{client: unreachable{}, id: "1", kind: TOTP, progress: func(string) {}, diags: &diags}.run(t.Context())
	if len(diags) != 1 || diags[0].Summary() != "Failed to delete credential" ||
		!strings.Contains(diags[0].Detail(), "deleting the credential totp of identity 1: ") {
		t.Errorf("%v", diags)
	}
}
