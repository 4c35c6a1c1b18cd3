package identity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// managed lists the attributes of the resource. Plan, create, read and update process the attributes in this order.
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
	totp,
	lookupSecret,
	webauthn,
	passkey,
	removedCredentials{},
	revokeSessionsOn{},
	policies{},
	computed{},
}

// attribute is one attribute of the resource, or a few attributes that belong together. Plan, create, read and update
// are loops over all attributes. An implementation embeds unmanaged and overrides the steps that it takes part in.
type attribute interface {
	// schema returns the schemas of the attribute by name. Members of credentials return none: see credentials.
	schema() map[string]schema.Attribute

	// fields binds the attribute's part of the schema to the model.
	fields() []field

	// plan sets the values in o.plan that the configuration does not set: the default for a new identity, null if
	// Terraform set the attribute before, and otherwise the value of the state.
	plan(o *operation)

	// effect returns what the apply does for this attribute if the plan differs from the state.
	effect(o *operation) effect

	// check adds the errors and warnings of a plan. It is not called for a plan without changes.
	check(ctx context.Context, o *operation)

	// create adds the attribute to the request body that creates the identity.
	create(ctx context.Context, o *operation, body *kratos.CreateIdentityBody)

	// isOurs reports whether an identity that was looked up has the value that the create sent for the attribute.
	isOurs(o *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool

	// patch returns the JSON Patch that changes the server's current identity to the plan.
	patch(o *operation, current *kratos.Identity) []kratos.PatchOperation

	// answered compares the server's answer to a create or a patch with the request, and removes from o.plan the values
	// that the server ignored. sent reports whether the request contained a top-level member of the identity.
	answered(o *operation, sent func(member string) bool, identity *kratos.Identity)

	// remove deletes the credentials that the plan drops. An update calls it after all its other requests. It calls saved
	// after each request, and returns false if the plan wasn't carried out.
	remove(ctx context.Context, o *operation, saved func()) bool

	// held sets the attribute in the model to the value that the server has at this step of an update. The model is a copy
	// of the plan.
	held(o *operation, m *model)

	// changesIdentifiers reports whether the apply can change the types of credential or their identifiers.
	changesIdentifiers(o *operation) bool

	// own records in owned which values of the saved model the configuration sets.
	own(config, saved *model, owned *owned)

	// refresh updates the model, which holds the prior state, with the server's values.
	refresh(m *model, identity *kratos.Identity, owned *owned, diags *diag.Diagnostics)

	// resolve replaces unknown values of the model with the server's values. Known values stay as planned, because
	// Terraform requires it. If the server has changed a known value since, the next refresh shows the difference.
	resolve(m *model, identity *kratos.Identity, diags *diag.Diagnostics)

	// refused adds an error on the attribute if the server's answer concerns the attribute, and reports whether it does.
	refused(ctx context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool
}

// effect is what an apply does for an attribute. The values are in ascending order.
type effect int

const (
	// unchanged: plan and state have the same meaning.
	unchanged effect = iota
	// recorded: the apply changes only Terraform's state.
	recorded
	// hidden: the apply changes something that no other attribute of the plan shows. The plan shows updated_at as unknown.
	hidden
	// credentialSent: the apply sets or deletes a credential.
	credentialSent
	// patched: the apply changes the identity with a JSON Patch.
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

// unmanaged is an attribute that takes part in no step.
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

func (unmanaged) remove(context.Context, *operation, func()) bool { return true }

func (unmanaged) held(*operation, *model) {}

func (unmanaged) changesIdentifiers(*operation) bool { return false }

func (unmanaged) own(*model, *model, *owned) {}

func (unmanaged) refresh(*model, *kratos.Identity, *owned, *diag.Diagnostics) {}

func (unmanaged) resolve(*model, *kratos.Identity, *diag.Diagnostics) {}

func (unmanaged) refused(context.Context, failure, *kratos.Error, *diag.Diagnostics) bool {
	return false
}
