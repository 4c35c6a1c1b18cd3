package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// activity is what is known of an identity whose deactivation failed.
type activity string

const (
	isActive      activity = "The identity is still active: the person can sign in."
	mayBeInactive activity = "It is not known whether the identity is inactive now: the person may still be able to " +
		"sign in."
	notKnown activity = "The identity was not made inactive: the person may still be able to sign in."
)

// stillActive adds the error of a destroy that could not make the identity inactive. It ends the sessions nevertheless,
// if they must end.
func (d *remover) stillActive(ctx context.Context, id string, active activity, err error) {
	cure := "Correct the cause and destroy again."
	said := base.Explain(err)
	var answer *kratos.Error
	if errors.As(err, &answer) && breaksSchema(answer) {
		schemaID := d.state.SchemaID.ValueString()
		var lines []string
		for _, r := range refusals(answer, d.state.Traits, namesTrait(ctx, d.schemas, schemaID)) {
			lines = append(lines, r.where+": "+r.demand)
		}
		said = fmt.Sprintf("The server checks the traits at every change, and its identity schema %q refuses the traits "+
			"of the identity: %s (request id %s).", schemaID, strings.Join(lines, "; "), answer.RequestID)
		cure = "Add the resource to the configuration again, with traits that match the schema, and apply. Then remove " +
			"the resource again. Or relax the schema on the server. To delete the identity instead, first apply " +
			"deletion_policy = \"delete\", which sends no request. To keep the identity active and only remove it from " +
			"the state, add a removed block with destroy = false."
	}
	text := string(active)
	switch {
	case !d.state.revokesOn(revokeOnDeactivation) && len(d.unrevoked) == 0:
		text += " The sessions were not ended."
	default:
		words, ended := endSessionsOfActive(ctx, d.client, id, err)
		if text += words; ended {
			d.unrevoked = nil
		}
	}
	d.diags.AddError("Identity not deactivated", said+"\n\n"+text+" "+cure)
	d.unrevoked.save(ctx, d.private, d.diags)
}

// addStillActive adds an error if an update should have made the identity inactive and failed. It ends the sessions
// nevertheless, if they must end. err is the error of the request, which another diagnostic describes. undone reports
// whether the server was read after the request and doesn't have the change.
func (o *operation) addStillActive(ctx context.Context, err error, undone bool) {
	if !o.deactivates() || errors.Is(err, kratos.ErrNotFound) {
		return
	}
	id := o.state.ID.ValueString()
	active := notKnown
	switch {
	case errors.Is(err, kratos.ErrOutcomeUnknown) && !undone:
		active = mayBeInactive
	case o.known.State != "" && o.known.State != stateInactive:
		active = isActive
	}
	text := string(active)
	switch {
	case o.doubtful: // Update ends the sessions
	case !o.plan.revokesOn(revokeOnDeactivation):
		text += " The sessions were not ended."
	default:
		words, ended := endSessionsOfActive(ctx, o.client, id, err)
		if text += words; ended {
			o.unrevoked = nil
		}
	}
	o.diags.AddAttributeError(path.Root("state"), "Identity not deactivated", fmt.Sprintf("The change of the identity "+
		"%s to inactive failed (see the other error). %s Correct the cause and apply again.", id, text))
}

// endSessionsOfActive ends the sessions of an identity whose deactivation failed with err, and describes the result.
func endSessionsOfActive(ctx context.Context, c client, id string, err error) (text string, ended bool) {
	if !errors.Is(err, kratos.ErrUnreachable) {
		if err = endSessions(ctx, c, id); err == nil {
			return " Its sessions were ended.", true
		}
	}
	return fmt.Sprintf(" The sessions could not be ended either (%s).", strings.TrimSuffix(err.Error(), ".")), false
}
