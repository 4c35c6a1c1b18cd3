package identity

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

// failure converts the server's refusals to diagnostics on the attributes that caused them.
type failure struct {
	client  client
	schemas schemaGetter
	data    *base.Data
	plan    *model
	state   *model // nil if there is no state yet
}

func (f failure) onCreate(ctx context.Context, err error, diags *diag.Diagnostics) {
	switch {
	case f.onAttribute(ctx, err, diags):
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		diags.AddError("Identity may have been created", fmt.Sprintf("%s.\n\nThe provider sent the request, but the "+
			"answer was lost, and a search did not show whether the identity exists. The identity may exist without being "+
			"in the Terraform state. Search for it by its login identifier (GET "+
			"/admin/identities?credentials_identifier=...) or among all identities. If the identity exists, import it or "+
			"delete it. If it does not exist, apply again.", strings.TrimSuffix(err.Error(), ".")))
	default:
		base.AddError(diags, "Failed to create identity", err)
	}
}

// failedToUpdate is the summary if an update fails for no reason that a single attribute shows.
const failedToUpdate = "Failed to update identity"

// updateRefused is the summary if Kratos refuses an update for a reason that no attribute shows.
const updateRefused = "Identity update refused"

// onUpdate adds the error of an update. undone reports whether the server was read after the request that failed, and
// doesn't have the change.
func (f failure) onUpdate(ctx context.Context, err error, undone bool, diags *diag.Diagnostics) {
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		diags.AddError(failedToUpdate, err.Error()+".\n\nThe identity was deleted outside Terraform after the plan. Plan "+
			"again: the new plan creates the identity again.")
	case f.onAttribute(ctx, err, diags):
	case undone:
		diags.AddError(failedToUpdate, base.ExplainUndone(err))
	case isRefused(err) && !errors.Is(err, kratos.ErrUnauthorized) && !errors.Is(err, kratos.ErrOutcomeUnknown):
		base.AddError(diags, updateRefused, err)
	default:
		base.AddError(diags, failedToUpdate, err)
	}
}

// onAttribute adds err on the attribute that caused it. It returns false if err doesn't show the attribute, as with an
// answer that isn't from Kratos.
func (f failure) onAttribute(ctx context.Context, err error, diags *diag.Diagnostics) bool {
	var answer *kratos.Error
	if !errors.As(err, &answer) || (!answer.Refused() && !answer.ServerFailed()) {
		return false
	}
	if errors.Is(err, kratos.ErrConflict) {
		f.addConflict(ctx, err, diags)
		return true
	}
	for _, a := range managed {
		if a.refused(ctx, f, answer, diags) {
			return true
		}
	}
	return f.addNUL(ctx, answer, diags)
}

// addUnsupported adds an error on an attribute that older servers don't support.
func addUnsupported(diags *diag.Diagnostics, at path.Path, name, since, how string) {
	diags.AddAttributeError(at, "Attribute not supported by the server", fmt.Sprintf("%s\n\nThe attribute %s needs "+
		"%s. Remove the attribute, or upgrade the server.", how, name, since))
}

// isRefused reports whether Kratos itself refused a request. A 4xx from a gateway doesn't count, because a repeated
// request may succeed.
func isRefused(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.Refused()
}

// serverFailed reports whether the server failed to carry out a request, as opposed to refusing it.
func serverFailed(err error) bool {
	var answer *kratos.Error
	return errors.As(err, &answer) && answer.ServerFailed()
}
