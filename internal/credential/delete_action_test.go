package credential

import (
	"context"
	"errors"
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

// withoutConfig is a server behind a gateway that drops include_credential.
type withoutConfig struct{ Client }

func (withoutConfig) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	return &kratos.Identity{ID: "1", Credentials: map[string]kratos.Credential{
		Password: {Type: Password, Identifiers: []string{"ada"}}, Passkey: {Type: Passkey, Identifiers: []string{"x"}},
		WebAuthn: {Type: WebAuthn, Identifiers: []string{"ada"}},
	}}, nil
}

// If the server's answer doesn't show whether a credential is set, the removal fails.
func TestRemove_unread(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{Password, Passkey, WebAuthn} {
		if removed, err := Remove(t.Context(), withoutConfig{}, "1", kind, ""); removed || !errors.Is(err, ErrUnread) {
			t.Errorf("%s: removed %t, %v", kind, removed, err)
		}
	}
}
