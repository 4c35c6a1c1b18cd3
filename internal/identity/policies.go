package identity

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// policies handles on_conflict, deletion_policy and the block timeouts, which configure Terraform and aren't part of
// the identity. It makes no request. Import, move and list write the defaults into the state, so that the plan after
// them is empty.
type policies struct{ unmanaged }

// The values of on_conflict.
const (
	ConflictError = "error"
	ConflictAdopt = "adopt"
)

// The values of deletion_policy.
const (
	DeletionDelete     = "delete"
	DeletionDeactivate = "deactivate"
	DeletionRetain     = "retain"
)

// KeepsIdentity reports whether a destroy with this deletion_policy leaves the identity on the server.
func KeepsIdentity(policy string) bool {
	return policy == DeletionDeactivate || policy == DeletionRetain
}

func (policies) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"on_conflict": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "What a create does if another identity already has the `external_id` or a login identifier. " +
				"`error` (default) reports the conflict. `adopt` takes that identity over: it sets what the configuration sets, " +
				"the password included, activates the identity unless `state` is `inactive`, and shows a warning with the id.",
			Validators: []validator.String{stringvalidator.OneOf(ConflictError, ConflictAdopt)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "What a destroy does with the identity. `delete` (default) deletes it, `deactivate` sets its " +
				"`state` to `inactive`, and `retain` does not change it.",
			Validators: []validator.String{stringvalidator.OneOf(DeletionDelete, DeletionDeactivate, DeletionRetain)},
		},
	}
}

func (policies) fields() []field {
	return []field{
		stringField("on_conflict", func(m *model) *types.String { return &m.OnConflict }),
		stringField("deletion_policy", func(m *model) *types.String { return &m.DeletionPolicy }),
	}
}

func (policies) plan(o *operation) {
	if o.config.OnConflict.IsNull() {
		o.plan.OnConflict = types.StringValue(ConflictError)
	}
	if o.config.DeletionPolicy.IsNull() {
		o.plan.DeletionPolicy = types.StringValue(DeletionDelete)
	}
}

func (policies) effect(o *operation) effect {
	if o.plan.OnConflict.Equal(o.state.OnConflict) && o.plan.DeletionPolicy.Equal(o.state.DeletionPolicy) &&
		o.plan.Timeouts.Equal(o.state.Timeouts) {
		return unchanged
	}
	return recorded
}

// setDefaults sets the attributes that import, move and list write into the state although the server doesn't store
// them.
func (m *model) setDefaults() {
	m.OnConflict = types.StringValue(ConflictError)
	m.DeletionPolicy = types.StringValue(DeletionDelete)
}
