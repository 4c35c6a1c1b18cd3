package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// managed are the things that the resource manages, in the order in which plan, create, read and update go through
// them.
var managed = []attribute{
	schemaID,
	traits{},
	state,
	metadataPublic,
	metadataAdmin,
	externalID,
	organizationID,
	region,
	verifiedAddresses{},
	password{},
	oidcLinks,
	samlLinks,
	revokeSessionsOn{},
	policies{},
	computed{},
}

// attribute is one thing that the resource manages: one attribute, or a few that belong together. Plan, create, read
// and update are loops over all of them. Each attribute embeds unmanaged and implements the steps that concern it.
type attribute interface {
	// schema returns the attribute's part of the resource's schema by name. Parts of credentials have none: see
	// credentials.
	schema() map[string]schema.Attribute

	// fields binds the attribute's part of the schema to the model.
	fields() []field

	// plan sets in o.plan what the configuration leaves out: a default for a new identity; null where Terraform set the
	// attribute before; else the value of the state.
	plan(o *operation)

	// effect tells what the apply of a plan that differs from the state does.
	effect(o *operation) effect

	// check adds the errors and warnings that a plan calls for. It is not called for a plan without changes.
	check(ctx context.Context, o *operation)

	// create adds the attribute to the body that creates the identity.
	create(ctx context.Context, o *operation, body *kratos.CreateIdentityBody)

	// isOurs tells whether an identity that was looked up has the attribute as the create asked for it.
	isOurs(o *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool

	// patch returns the JSON Patch that brings the server's current identity to the plan.
	patch(o *operation, current *kratos.Identity) []kratos.PatchOperation

	// answered compares the server's answer to a create or a patch with what was sent, and takes out of o.plan what the
	// server ignored. sent tells of the top-level members of the identity whether the request had them.
	answered(o *operation, sent func(member string) bool, identity *kratos.Identity)

	// own records in owned what the configuration sets of the saved model.
	own(config, saved *model, owned *owned)

	// refresh brings the model, which is the prior state, to what the server has.
	refresh(m *model, identity *kratos.Identity, owned *owned, diags *diag.Diagnostics)

	// resolve gives what is unknown in the model its value from the server. What the plan knew stays as planned, as
	// Terraform demands; where the server has changed it since, the next refresh shows it.
	resolve(m *model, identity *kratos.Identity, diags *diag.Diagnostics)

	// refused adds an error on the attribute if the server's answer is about it, and tells whether it is.
	refused(ctx context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool
}

// effect is what an apply does for an attribute, the least first.
type effect int

const (
	// unchanged: plan and state mean the same.
	unchanged effect = iota
	// recorded: only Terraform's state changes.
	recorded
	// hidden: the apply does something that no other attribute of the plan shows, so updated_at shows it.
	hidden
	// credentialSent: the apply sets or deletes a credential.
	credentialSent
	// patched: the apply changes the identity by JSON Patch.
	patched
)

// effectOf returns the greatest effect of all attributes.
func effectOf(o *operation) effect {
	greatest := unchanged
	for _, a := range managed {
		greatest = max(greatest, a.effect(o))
	}
	return greatest
}

// unmanaged is an attribute that has no part in any step.
type unmanaged struct{}

func (unmanaged) schema() map[string]schema.Attribute { return nil }

func (unmanaged) fields() []field { return nil }

func (unmanaged) plan(*operation) {}

func (unmanaged) effect(*operation) effect { return unchanged }

func (unmanaged) check(context.Context, *operation) {}

func (unmanaged) create(context.Context, *operation, *kratos.CreateIdentityBody) {}

func (unmanaged) isOurs(*operation, kratos.CreateIdentityBody, *kratos.Identity) bool { return true }

func (unmanaged) patch(*operation, *kratos.Identity) []kratos.PatchOperation { return nil }

func (unmanaged) answered(*operation, func(string) bool, *kratos.Identity) {}

func (unmanaged) own(*model, *model, *owned) {}

func (unmanaged) refresh(*model, *kratos.Identity, *owned, *diag.Diagnostics) {}

func (unmanaged) resolve(*model, *kratos.Identity, *diag.Diagnostics) {}

func (unmanaged) refused(context.Context, failure, *kratos.Error, *diag.Diagnostics) bool {
	return false
}
