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
	const summary = "Creating identity"
	switch {
	case f.onAttribute(ctx, summary, err, diags):
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		diags.AddError("Identity may have been created", fmt.Sprintf("%s.\n\nThe request was sent, but its answer was "+
			"lost, and looking for the identity didn't tell what became of it: it may exist without being in the Terraform "+
			"state. Look for it by its login identifier (GET /admin/identities?credentials_identifier=...) or among all "+
			"identities. If it is there, import it or delete it; if not, apply again.", strings.TrimSuffix(err.Error(), ".")))
	default:
		base.AddError(diags, summary, err)
	}
}

// onUpdate adds the error of an update. undone reports whether the server was read after the request that failed, and
// doesn't have the change.
func (f failure) onUpdate(ctx context.Context, id string, err error, undone bool, diags *diag.Diagnostics) {
	summary := "Updating identity " + id
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		diags.AddError(summary, err.Error()+".\n\nThe identity was deleted outside Terraform after the plan was made. Plan "+
			"again: it will be created anew.")
	case f.onAttribute(ctx, summary, err, diags):
	case undone:
		diags.AddError(summary, base.ExplainUndone(err))
	default:
		base.AddError(diags, summary, err)
	}
}

// onAttribute adds err on the attribute that caused it. It returns false if err doesn't show the attribute, as with an
// answer that isn't from Kratos.
func (f failure) onAttribute(ctx context.Context, summary string, err error, diags *diag.Diagnostics) bool {
	var answer *kratos.Error
	if !errors.As(err, &answer) || (!answer.Refused() && !answer.ServerFailed()) {
		return false
	}
	if errors.Is(err, kratos.ErrConflict) {
		f.addConflict(ctx, summary, err, diags)
		return true
	}
	for _, a := range managed {
		if a.refused(ctx, f, answer, diags) {
			return true
		}
	}
	return false
}

// addUnsupported adds an error on an attribute that older servers don't support.
func addUnsupported(diags *diag.Diagnostics, at path.Path, name, since, how string) {
	diags.AddAttributeError(at, "Server doesn't know "+name, fmt.Sprintf("%s\n\nThe attribute %s needs %s. Remove it, "+
		"or upgrade the server.", how, name, since))
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
