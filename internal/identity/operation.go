package identity

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// operation is the plan, the create or the update of one identity.
type operation struct {
	config, plan, state model // state is the zero model for a create
	creating            bool
	owned               owned
	unrevoked           unrevoked
	imported            bool // the apply only records configured credentials
	staged              bool // the identity is created without its factors, and inactive: see stage
	refreshed           bool // the state was read in this walk, so the user sees this plan
	verification        verification
	keep                jsonvalue.Keep // see requiredNulls
	phones              phones         // nil if no schema is available
	passwordSent        bool           // by this update
	removed             []string       // by this update, because of credentials_removed
	doubtful            bool           // it is unknown whether this update deactivated the identity

	// known is the latest identity that the server has sent during an update.
	known kratos.Identity

	client  client // nil while planning
	schemas schemaGetter
	data    *base.Data
	diags   *diag.Diagnostics
}

func (o *operation) failure() failure {
	f := failure{client: o.client, schemas: o.schemas, data: o.data, plan: &o.plan}
	if !o.creating {
		f.state = &o.state
	}
	return f
}

// keepsTraits reports whether the plan changes neither schema_id nor the traits.
func (o *operation) keepsTraits() bool {
	return o.plan.SchemaID.Equal(o.state.SchemaID) && o.sameTraits()
}

// sameTraits reports whether the traits of plan and state have the same meaning to the server.
func (o *operation) sameTraits() bool { return o.phones.equal(o.plan.Traits, o.state.Traits) }

// addUnsupported adds an error on an attribute that the server doesn't support.
func (o *operation) addUnsupported(at path.Path, name, since, how string) {
	addUnsupported(o.diags, at, name, since, how)
}
