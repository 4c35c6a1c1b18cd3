package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// failure converts the server's refusals to diagnostics on the attributes that caused them.
type failure struct {
	client client
	plan   *model
	state  *model // nil if there is no state yet
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

func (f failure) onUpdate(ctx context.Context, id string, err error, diags *diag.Diagnostics) {
	summary := "Updating identity " + id
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		diags.AddError(summary, err.Error()+".\n\nThe identity was deleted outside Terraform after the plan was made. Plan "+
			"again: it will be created anew.")
	case f.onAttribute(ctx, summary, err, diags):
	default:
		base.AddError(diags, summary, err)
	}
}

// onAttribute adds err on the attribute that caused it. It returns false if err doesn't show the attribute.
func (f failure) onAttribute(ctx context.Context, summary string, err error, diags *diag.Diagnostics) bool {
	var answer *kratos.Error
	if !errors.As(err, &answer) || answer.StatusCode < 400 {
		return false
	}
	if errors.Is(err, kratos.ErrConflict) {
		f.addConflict(summary, err, diags)
		return true
	}
	for _, a := range managed {
		if a.refused(ctx, f, answer, diags) {
			return true
		}
	}
	return false
}

// addConflict adds an error that lists the possible attributes, because the server never reports which value is taken.
func (f failure) addConflict(summary string, err error, diags *diag.Diagnostics) {
	at, what := path.Root("traits"), "a login identifier or an address among these traits"
	switch {
	case f.onlyExternalIDChanges():
		at, what = path.Root("external_id"), "this external_id (GET /admin/identities/by/external/... finds it)"
	case f.plan.ExternalID.ValueString() != "":
		what += ", or this external_id"
	}
	if links := f.plan.allLinks(); len(kindsOf(links)) > 0 {
		what += ", or one of these links (" + describeLinks(links) + ")"
	}
	diags.AddAttributeError(at, summary+": conflict with another identity", fmt.Sprintf("%s.\n\nAnother identity "+
		"already has %s. Find it with GET /admin/identities?credentials_identifier=... on the admin API. To manage that "+
		"identity with Terraform, import it:\n\n  import {\n    to = ory_identity.example\n    id = \"its UUID\"\n  "+
		"}\n\nElse change the traits. If that identity is another resource of the configuration, don't import it again: "+
		"where that resource gives the value up, apply again, or let this one come after it (depends_on); two that "+
		"exchange values need a third value in between.",
		strings.TrimSuffix(err.Error(), "."), what))
}

func (f failure) onlyExternalIDChanges() bool {
	return f.state != nil && !f.plan.ExternalID.Equal(f.state.ExternalID) && f.plan.SchemaID.Equal(f.state.SchemaID) &&
		jsonvalue.Equal(f.plan.Traits, f.state.Traits)
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
