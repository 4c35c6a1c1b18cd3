// Package recovery issues recovery codes and links, with which people sign in who have no password or have lost it.
// Each exists as an ephemeral resource (in neither plan nor state) and as a managed resource (in the state).
package recovery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// client is the part of the admin API that this package uses.
type client interface {
	CreateRecoveryCodeForIdentity(ctx context.Context, body kratos.RecoveryCodeBody) (*kratos.Recovery, error)
	CreateRecoveryLinkForIdentity(ctx context.Context, body kratos.RecoveryLinkBody) (*kratos.Recovery, error)
}

// These are the recovery methods, by their names in the server's configuration.
const (
	methodCode = "code"
	methodLink = "link"
)

// These are the values of flow_type.
const (
	flowBrowser = "browser"
	flowAPI     = "api"
)

// failedToCreate is the summary if the server creates no code or link for no reason that an attribute shows.
const failedToCreate = "Failed to create recovery code or link"

// addError adds the server's refusal of a recovery by this method to the attribute that caused the refusal.
func addError(diags *diag.Diagnostics, method, id string, err error) {
	task := fmt.Sprintf("Creating a recovery %s for identity %s", method, id)
	said := strings.TrimSuffix(err.Error(), ".")
	var answer *kratos.Error
	isAnswer := errors.As(err, &answer)
	switch {
	case errors.Is(err, kratos.ErrDisabled):
		diags.AddAttributeError(path.Root("identity_id"), "Recovery method disabled", fmt.Sprintf("%s: %s.\n\n%s",
			task, said, howToEnable(method)))
	case errors.Is(err, kratos.ErrNotFound):
		base.AddNoSuchIdentity(diags, task, err)
	case isAnswer && strings.Contains(answer.Reason, "expires_in"):
		diags.AddAttributeError(path.Root("expires_in"), "Invalid expires_in", fmt.Sprintf("%s: %s.\n\nSet expires_in "+
			"to a positive duration such as \"30m\" or \"24h\".", task, said))
	case isAnswer && isReturnTo(answer):
		addReturnTo(diags, task, said+".")
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		diags.AddError(failedToCreate, fmt.Sprintf("%s: %s.\n\nThe server may have created a code or link. Nobody has seen "+
			"it, and it expires automatically. Apply again.", task, said))
	default:
		base.AddError(diags, failedToCreate, fmt.Errorf("%s: %w", task, err))
	}
}

// isReturnTo reports whether the server refused the URL to return to.
func isReturnTo(answer *kratos.Error) bool {
	return strings.Contains(answer.ID, "return_to") || strings.Contains(answer.Reason, "return_to")
}

func addReturnTo(diags *diag.Diagnostics, task, said string) {
	diags.AddAttributeError(path.Root("return_to"), "URL not allowed", fmt.Sprintf("%s: %s\n\nSet return_to to a URL "+
		"that the server's configuration allows, or add this URL to the server's configuration "+
		"(selfservice.allowed_return_urls; in the Ory Console under Redirects).", task, said))
}

// isFlowOff reports whether the server's reason is that the flow, or the method that it uses, is disabled.
func isFlowOff(reason string) bool {
	return strings.Contains(reason, "because it was disabled") || strings.Contains(reason, "is not enabled")
}

func howToEnable(method string) string {
	if method == methodLink {
		return "Set selfservice.methods.link.enabled to true in the server's configuration (on Ory Network in the Ory " +
			"Console under Account recovery), or use a recovery code."
	}
	return "Set selfservice.methods.code.enabled to true in the server's configuration (on Ory Network in the Ory " +
		"Console under Account recovery), or use a recovery link."
}
