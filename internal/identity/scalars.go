package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// scalar is an optional attribute that corresponds to one string of the identity, such as external_id.
type scalar struct {
	unmanaged
	name        string // of the attribute and of the member in the API
	description string
	validators  []validator.String
	since       string // the servers that support it, empty for all

	at     func(*model) *types.String
	body   func(*kratos.CreateIdentityBody) *string
	server func(*kratos.Identity) string

	cleared types.String                     // the value after the configuration drops the attribute
	initial types.String                     // the value of a new identity without the attribute
	same    func(planned, other string) bool // nil for an exact comparison
}

// The values of the attribute state that the server has today. Other values in an answer are kept unchanged.
const (
	stateActive   = kratos.StateActive
	stateInactive = kratos.StateInactive
)

// sinceV25 names the servers that support external_id, organization_id and saml.
const sinceV25 = "Kratos v25.4 or later, or Ory Network"

var (
	state = scalar{
		name: "state",
		description: "`active` (default) or `inactive`. An inactive identity cannot sign in, and the server refuses its " +
			"sessions. Sessions that have not expired become valid again when the identity becomes active again.",
		validators: []validator.String{stringvalidator.OneOf(stateActive, stateInactive)},
		at:         func(m *model) *types.String { return &m.State },
		body:       func(b *kratos.CreateIdentityBody) *string { return &b.State },
		server:     func(i *kratos.Identity) string { return i.State },
		cleared:    types.StringValue(stateActive),
		initial:    types.StringValue(stateActive),
	}
	externalID = scalar{
		name:        "external_id",
		description: "Your own id for the identity: unique, case-sensitive, at most 64 characters. Needs " + sinceV25 + ".",
		validators:  []validator.String{stringvalidator.UTF8LengthBetween(1, kratos.MaxExternalIDLength)},
		since:       sinceV25,
		at:          func(m *model) *types.String { return &m.ExternalID },
		body:        func(b *kratos.CreateIdentityBody) *string { return &b.ExternalID },
		server:      func(i *kratos.Identity) string { return i.ExternalID },
		initial:     types.StringUnknown(),
	}
	organizationID = scalar{
		name: "organization_id",
		description: "Id (UUID) of the organization that the identity belongs to. Needs " + sinceV25 + ". The server does " +
			"not check that the organization exists.",
		validators: []validator.String{base.UUID()},
		since:      sinceV25,
		at:         func(m *model) *types.String { return &m.OrganizationID },
		body:       func(b *kratos.CreateIdentityBody) *string { return &b.OrganizationID },
		server:     func(i *kratos.Identity) string { return i.OrganizationID },
		initial:    types.StringUnknown(),
		same:       strings.EqualFold, // the server converts UUIDs to lower case
	}
)

func (s scalar) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{s.name: schema.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: s.description, Validators: s.validators,
	}}
}

func (s scalar) fields() []field { return []field{stringField(s.name, s.at)} }

func (s scalar) plan(o *operation) {
	if !s.at(&o.config).IsNull() {
		return
	}
	switch planned := s.at(&o.plan); {
	case o.creating:
		*planned = s.initial
	case slices.Contains(o.owned.Scalars, s.name):
		*planned = s.cleared
	default:
		*planned = *s.at(&o.state)
	}
}

// isSame compares two values in the way of the server.
func (s scalar) isSame(a, b types.String) bool {
	if a.Equal(b) {
		return true
	}
	if s.same == nil || a.IsUnknown() || b.IsUnknown() || a.IsNull() != b.IsNull() {
		return false
	}
	return s.same(a.ValueString(), b.ValueString())
}

// effect returns hidden if the configuration drops the attribute and the attribute has its cleared value already. The
// apply then sends nothing, but must record that Terraform no longer owns the attribute. Otherwise a later apply would
// clear a value that was set outside Terraform.
func (s scalar) effect(o *operation) effect {
	switch {
	case !s.isSame(*s.at(&o.plan), *s.at(&o.state)):
		return patched
	case slices.Contains(o.owned.Scalars, s.name) && s.at(&o.config).IsNull():
		return hidden
	}
	return unchanged
}

func (s scalar) check(_ context.Context, o *operation) {
	if s.name != state.name || !o.config.State.IsNull() || !slices.Contains(o.owned.Scalars, s.name) ||
		o.state.State.ValueString() == stateActive {
		return
	}
	sessions := "Earlier sessions that have not expired become valid again."
	if o.plan.revokesOn(revokeOnDeactivation) {
		sessions = "The apply ends its earlier sessions first (revoke_sessions_on)."
	}
	o.diags.AddAttributeWarning(
		path.Root("state"),
		"Identity becomes active again",
		fmt.Sprintf("The configuration no longer sets state, so the state of the identity changes from %q to the "+
			"default, %q. %s", o.state.State.ValueString(), stateActive, sessions),
	)
}

func (s scalar) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	*s.body(body) = s.at(&o.plan).ValueString()
}

func (s scalar) isOurs(_ *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	want, has := *s.body(&body), s.server(identity)
	return want == has || (want == "" && s.name == state.name) || (s.same != nil && s.same(want, has))
}

func (s scalar) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	planned := *s.at(&o.plan)
	if planned.IsUnknown() || s.isSame(planned, *s.at(&o.state)) || planned.ValueString() == s.server(current) {
		return nil
	}
	return []kratos.PatchOperation{replaceString("/"+s.name, planned)}
}

func replaceString(pointer string, value types.String) kratos.PatchOperation {
	raw, err := json.Marshal(value.ValueStringPointer())
	if err != nil {
		raw = nil // strings always have a JSON encoding
	}
	return kratos.PatchOperation{Op: kratos.OpReplace, Path: pointer, Value: raw}
}

// ignoredAttribute is the explanation if a server accepts a request but ignores an attribute that it doesn't support.
const ignoredAttribute = "The server reported success, but ignored the attribute."

func (s scalar) answered(o *operation, sent func(string) bool, identity *kratos.Identity) {
	planned := s.at(&o.plan)
	has := base.Optional(s.server(identity))
	if !sent(s.name) || planned.IsUnknown() || s.isSame(*planned, has) {
		return
	}
	switch {
	case s.name == state.name && (has.IsNull() || o.staged):
		return // the answer doesn't tell, or the second step of the create activates the identity
	case s.name == state.name:
		o.diags.AddAttributeError(path.Root("state"), "State not changed", fmt.Sprintf("The provider requested the "+
			"state %[2]q for the identity %[1]s, but %[3]s. Apply again.", identity.ID, planned.ValueString(),
			stateIgnored(has.ValueString())))
	default:
		o.addUnsupported(path.Root(s.name), s.name, s.since, ignoredAttribute)
	}
	*planned = has
}

func (s scalar) own(config, saved *model, owned *owned) {
	owned.setScalar(s.name, !s.at(config).IsNull() && !s.at(saved).IsNull())
}

func (s scalar) refresh(m *model, identity *kratos.Identity, _ *owned, _ *diag.Diagnostics) {
	if has := base.Optional(s.server(identity)); !s.isSame(*s.at(m), has) {
		*s.at(m) = has
	}
}

func (s scalar) resolve(m *model, identity *kratos.Identity, _ *diag.Diagnostics) {
	resolveTo(s.at(m), base.Optional(s.server(identity)))
}

func (s scalar) refused(_ context.Context, _ failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	text := answer.Reason + "\n" + answer.Message
	switch {
	case s.since != "" && strings.Contains(text, `unknown field "`+s.name+`"`):
		addUnsupported(diags, path.Root(s.name), s.name, s.since, answer.Error()+".")
	case s.name == state.name && strings.Contains(text, "identity state is not valid"):
		diags.AddAttributeError(path.Root("state"), "State refused", answer.Error()+".")
	default:
		return false
	}
	return true
}
