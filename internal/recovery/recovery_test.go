package recovery

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// refusing answers every request with its error.
type refusing struct{ error }

func (r refusing) CreateRecoveryCodeForIdentity(context.Context, kratos.RecoveryCodeBody) (*kratos.Recovery, error) {
	return nil, r.error
}

func (r refusing) CreateRecoveryLinkForIdentity(context.Context, kratos.RecoveryLinkBody) (*kratos.Recovery, error) {
	return nil, r.error
}

// These errors can't come from Kratos in a test, because the provider checks the value first or because they need a
// fault. Each names its attribute, or none.
func TestAddError(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err      error
		at, says string
	}{
		"expires_in": {
			&kratos.Error{StatusCode: 400, Reason: `Value from "expires_in" must result to a future time: 0s`}, "expires_in", "Invalid expires_in: ",
		},
		"a lost answer": {fmt.Errorf("reset: %w", kratos.ErrOutcomeUnknown), "", "Failed to create recovery code or link: "},
		"no right":      {&kratos.Error{StatusCode: 403}, "", "refused the credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, m := range []interface {
				issue(context.Context, client, *diag.Diagnostics) *kratos.Recovery
			}{&issuedCode{}, &issuedLink{}} {
				var diags diag.Diagnostics
				if m.issue(t.Context(), refusing{tc.err}, &diags) != nil || len(diags) != 1 ||
					!strings.Contains(diags[0].Summary()+": "+diags[0].Detail(), tc.says) {
					t.Fatalf("%v", diags)
				}
				at := ""
				if d, ok := diags[0].(diag.DiagnosticWithPath); ok {
					at = d.Path().String()
				}
				if at != tc.at {
					t.Errorf("on %q, want %q", at, tc.at)
				}
			}
		})
	}
}

// unreachable is a server whose requests fail.
type unreachable struct {
	sender
	error
}

func (u unreachable) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	return nil, u.error
}

func (u unreachable) ListCourierMessages(context.Context, string) ([]kratos.CourierMessage, error) {
	return nil, u.error
}

func TestSending_unreachable(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	s := sending{
		client: unreachable{error: kratos.ErrUnreachable}, kind: kratos.RecoveryFlow, id: "1", patience: time.Second,
		progress: func(string) {}, diags: &diags,
	}
	s.run(t.Context())
	s.await(t.Context(), "ada@example.org", map[string]bool{})
	if len(diags) != 2 || diags[0].Summary() != "Failed to send message" || diags[1].Summary() != "Failed to check delivery" {
		t.Errorf("%v", diags)
	}
	for _, d := range diags {
		if !strings.Contains(d.Detail(), "Sending the recovery message of identity 1: ") ||
			!strings.Contains(d.Detail(), "terraform apply -invoke=action.ory_send_recovery.") {
			t.Error(d.Detail())
		}
	}
}

// refusedMail is a server whose mail server has refused a message.
type refusedMail struct{ sender }

func (refusedMail) GetCourierMessage(context.Context, string) (*kratos.CourierMessage, error) {
	var message kratos.CourierMessage
	err := json.Unmarshal([]byte(`{"id":"m1","dispatches":[{"error":{"code":500,"reason":"failed to send email via smtp",`+
		`"message":"550 5.1.1 <ada@example.org>: Recipient address rejected"}}]}`), &message)
	return &message, err
}

// The error about a message shows why it wasn't sent, without the address: the address can be a sensitive trait.
func TestSending_lastFailure(t *testing.T) {
	t.Parallel()
	why := (&sending{client: refusedMail{}}).lastFailure(t.Context(), "m1")
	if !strings.Contains(why, "failed to send email via smtp. ") || strings.Contains(why, "ada@") {
		t.Errorf("%q", why)
	}
}
