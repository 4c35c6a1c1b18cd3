package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// revokeSessionsOn handles the attribute revoke_sessions_on.
type revokeSessionsOn struct{ unmanaged }

// The values of revoke_sessions_on.
const (
	revokeOnPassword     = "password"
	revokeOnDeactivation = "deactivation"
)

func (revokeSessionsOn) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{"revoke_sessions_on": schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Changes after which Terraform ends all sessions of the identity. `password`: Terraform has " +
			"set another password, which by itself ends no session. `deactivation`: Terraform has set `state` to `inactive`, " +
			"also by `deletion_policy`. Without it, the sessions become valid again when the identity becomes active again. " +
			"With `deactivation`, Terraform also ends the sessions before it activates an inactive identity, because an " +
			"earlier apply may have failed to end them, or another program may have deactivated the identity. Default: none.",
		Validators: []validator.Set{
			setvalidator.ValueStringsAre(stringvalidator.OneOf(revokeOnPassword, revokeOnDeactivation)),
		},
	}}
}

func (revokeSessionsOn) fields() []field {
	return []field{
		fieldOf(
			"revoke_sessions_on",
			types.SetType{ElemType: types.StringType},
			func(m *model) *types.Set { return &m.RevokeSessionsOn },
		),
	}
}

func (revokeSessionsOn) effect(o *operation) effect {
	switch {
	case len(o.stillToRevoke()) > 0:
		return hidden
	case !o.plan.RevokeSessionsOn.Equal(o.state.RevokeSessionsOn):
		return recorded
	}
	return unchanged
}

// revokesOn reports whether the sessions must end after the change.
func (m *model) revokesOn(change string) bool {
	return slices.ContainsFunc(m.RevokeSessionsOn.Elements(), types.StringValue(change).Equal)
}

// unrevoked lists the changes after which an apply failed to end the sessions.
type unrevoked []string

func loadUnrevoked(ctx context.Context, private base.PrivateReader, diags *diag.Diagnostics) unrevoked {
	raw, d := private.GetKey(ctx, unrevokedKey)
	diags.Append(d...)
	var changes unrevoked
	if len(raw) > 0 && json.Unmarshal(raw, &changes) != nil {
		return unrevoked{revokeOnPassword, revokeOnDeactivation} // the value is unreadable: assume all changes
	}
	return changes
}

// with adds a change to the list if it is missing.
func (c unrevoked) with(change string) unrevoked {
	if slices.Contains(c, change) {
		return c
	}
	return append(slices.Clone(c), change)
}

// save records the changes in the private state, or removes the key if there are none.
func (c unrevoked) save(ctx context.Context, private base.PrivateWriter, diags *diag.Diagnostics) {
	var raw []byte
	if len(c) > 0 {
		raw = jsonvalue.EncodePlain([]string(c))
	}
	diags.Append(private.SetKey(ctx, unrevokedKey, raw)...)
}

// on returns the changes after which the sessions must end according to the model.
func (c unrevoked) on(m *model) unrevoked {
	return slices.DeleteFunc(slices.Clone(c), func(change string) bool { return !m.revokesOn(change) })
}

// stillToRevoke returns the changes of earlier applies after which the sessions must end according to the plan.
func (o *operation) stillToRevoke() unrevoked { return o.unrevoked.on(&o.plan) }

// check explains a plan that shows only updated_at, and warns of a plan that cancels a pending revocation.
func (revokeSessionsOn) check(_ context.Context, o *operation) {
	changes := o.stillToRevoke()
	if len(o.unrevoked) > 0 && len(changes) == 0 && !o.plan.RevokeSessionsOn.IsUnknown() {
		o.diags.AddAttributeWarning(
			path.Root("revoke_sessions_on"),
			"Sessions not revoked",
			fmt.Sprintf("An earlier apply or destroy changed the identity %s (%s) and could not end its sessions. The "+
				"configuration no longer requests this, so the provider does not try again: earlier sessions are valid "+
				"while the identity is active. To end the sessions, add %[2]s to revoke_sessions_on again.",
				o.state.ID.ValueString(), strings.Join(o.unrevoked, ", ")),
		)
	}
	if len(changes) > 0 {
		o.diags.AddAttributeWarning(
			path.Root("revoke_sessions_on"),
			"Sessions not yet revoked",
			fmt.Sprintf("An earlier apply or destroy changed the identity %s (%s) and could not end its sessions. This "+
				"apply tries to end them again.", o.state.ID.ValueString(), strings.Join(changes, ", ")),
		)
	}
}

// changed records a change on the server after which the sessions must end.
func (o *operation) changed(change string) {
	if o.plan.revokesOn(change) {
		o.unrevoked = o.unrevoked.with(change)
	}
}

func (o *operation) deactivates() bool {
	return o.plan.State.ValueString() == stateInactive && o.state.State.ValueString() != stateInactive
}

func (o *operation) activates() bool {
	return o.plan.State.ValueString() != stateInactive && o.state.State.ValueString() == stateInactive
}

// noteDeactivation records that a request has deactivated the identity, or may have. err is the error of the request.
// Neither a later failure nor a refresh that reads the inactive state may lose this record.
func (o *operation) noteDeactivation(err error) {
	if o.deactivates() && (err == nil || errors.Is(err, kratos.ErrOutcomeUnknown)) {
		o.doubtful = err != nil
		o.changed(revokeOnDeactivation)
	}
}

// revokeBeforeActivation ends the sessions from before a deactivation, which an activation would make valid again. It
// does so even without a recorded change, because a killed provider records nothing. If it fails, it returns false with
// an error, and the identity must stay inactive.
func (o *operation) revokeBeforeActivation(ctx context.Context) bool {
	if !o.activates() || !o.plan.revokesOn(revokeOnDeactivation) && len(o.stillToRevoke()) == 0 {
		return true
	}
	id := o.state.ID.ValueString()
	if err := endSessions(ctx, o.client, id); err != nil {
		o.diags.AddAttributeError(
			path.Root("revoke_sessions_on"),
			failedToRevoke,
			fmt.Sprintf("%s\n\nThe provider could not end the sessions from the time before the identity became inactive. "+
				"These sessions would be valid again for an active identity, so the identity remains inactive, and nothing "+
				"was changed. The next apply tries again. To activate the identity without ending the sessions, remove "+
				"revoke_sessions_on.", base.Explain(err)),
		)
		return false
	}
	o.unrevoked = nil
	return true
}

// revokeSessions ends the sessions if a change requires it. It returns false with an error if the request fails.
func (o *operation) revokeSessions(ctx context.Context) bool {
	o.unrevoked = o.stillToRevoke()
	if len(o.unrevoked) == 0 {
		return true
	}
	id, was := o.state.ID.ValueString(), "was"
	if o.doubtful {
		was = "may have been"
	}
	if err := endSessions(ctx, o.client, id); err != nil {
		o.diags.AddAttributeError(
			path.Root("revoke_sessions_on"),
			failedToRevoke,
			fmt.Sprintf("%s\n\nThe identity %s changed (%s), but its sessions could not be ended. The next apply tries "+
				"again. To keep the sessions, remove revoke_sessions_on.",
				base.Explain(err), was, strings.Join(o.unrevoked, ", ")),
		)
		return false
	}
	o.unrevoked = nil
	return true
}

// failedToRevoke is the summary if the request that ends the sessions fails.
const failedToRevoke = "Failed to revoke sessions"

// endSessions ends all sessions of an identity. It succeeds if there are no sessions.
func endSessions(ctx context.Context, c client, id string) error {
	if err := c.DeleteIdentitySessions(ctx, id); err != nil && !errors.Is(err, kratos.ErrNotFound) {
		return err
	}
	return nil
}
