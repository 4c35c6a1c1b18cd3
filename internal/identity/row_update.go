package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// Update changes an identity to match a row. before is the row that Terraform saved last, nil for an identity that
// Terraform has just taken over. It shows which values Terraform owns and the row drops.
func (r *Rows) Update(ctx context.Context, id string, before *Row, row Row) diag.Diagnostics {
	var diags diag.Diagnostics
	defer r.data.Locks.Lock(id)()
	current, err := r.client.GetIdentity(ctx, id)
	u := updater{operation: r.operation(ctx, row, &diags)}
	if err != nil {
		u.failure().onUpdate(ctx, err, false, &diags)
		return diags
	}
	u.client = &readOnce{client: r.client, identity: current}
	if before != nil {
		prior := before.model(&diags)
		u.owned = prior.ownedRow()
		u.state.VerifiedAddresses = prior.VerifiedAddresses
	}
	u.state.refresh(current, &u.owned, &diags)
	for _, a := range managed {
		a.plan(u.operation)
	}
	u.plan.ID, u.known = u.state.ID, *current
	if !diags.HasError() && u.prepareVerification(ctx) {
		u.carryOut(ctx, func(model) {})
	}
	return diags
}

// readOnce is a client that answers the first read of one identity with the identity that the caller has just read.
type readOnce struct {
	client
	identity *kratos.Identity
}

// GetIdentity implements client.
func (c *readOnce) GetIdentity(ctx context.Context, id string, include ...string) (*kratos.Identity, error) {
	if first := c.identity; first != nil && first.ID == id && len(include) == 0 {
		c.identity = nil
		return first, nil
	}
	return c.client.GetIdentity(ctx, id, include...)
}

// Deactivate makes an identity inactive.
func (r *Rows) Deactivate(ctx context.Context, id string) error {
	defer r.data.Locks.Lock(id)()
	_, err := setInactive(ctx, r.client, id)
	return err
}

// Delete deletes an identity. The error is [kratos.ErrNotFound] if the identity is gone already.
func (r *Rows) Delete(ctx context.Context, id string) error {
	defer r.data.Locks.Lock(id)()
	return deleteIdentity(ctx, r.client, id)
}

// Refresh returns the row of the state with the values of the server. Members with the same meaning keep their bytes.
func (r *Rows) Refresh(ctx context.Context, row Row, identity *kratos.Identity) Row {
	fresh := row
	fresh.SchemaID = identity.SchemaID
	fresh.Traits = r.refreshTraits(ctx, row, identity)
	fresh.MetadataPublic = refreshMetadata(row.MetadataPublic, identity.MetadataPublic)
	fresh.MetadataAdmin = refreshMetadata(row.MetadataAdmin, identity.MetadataAdmin)
	if row.State != "" {
		fresh.State = identity.State
	}
	if row.ExternalID != "" {
		fresh.ExternalID = identity.ExternalID
	}
	if row.OrganizationID != "" && !organizationID.same(row.OrganizationID, identity.OrganizationID) {
		fresh.OrganizationID = identity.OrganizationID
	}
	if len(row.VerifiedAddresses) > 0 && !row.Verified(identity) {
		fresh.VerifiedAddresses = []string{}
		stillVerified := spellings(onlyVerified(textSet(row.VerifiedAddresses), identity))
		for _, address := range row.VerifiedAddresses {
			if _, is := stillVerified[traitschema.Canonical(address)]; is {
				fresh.VerifiedAddresses = append(fresh.VerifiedAddresses, address)
			}
		}
	}
	return fresh
}

func (r *Rows) refreshTraits(ctx context.Context, row Row, identity *kratos.Identity) json.RawMessage {
	if sameJSON(row.Traits, identity.Traits) {
		return row.Traits
	}
	configured, err := jsonvalue.DynamicWithNulls(row.Traits)
	if err != nil {
		return identity.Traits
	}
	var schemas schemaGetter
	if r.data.Schemas != nil {
		schemas = r.data.Schemas
	}
	stored := phonesOf(ctx, schemas, types.StringValue(identity.SchemaID)).asConfigured(configured, identity.Traits)
	if jsonvalue.EqualJSON(row.Traits, stored) {
		return row.Traits
	}
	return stored
}

func refreshMetadata(configured, stored json.RawMessage) json.RawMessage {
	if configured == nil || bytes.Equal(configured, stored) {
		return configured
	}
	seen := ownedOf(configured).view(stored)
	if jsonvalue.EqualJSON(configured, seen) {
		return configured
	}
	return seen
}

// ownedOf returns what Terraform owns of metadata that it has set.
func ownedOf(configured json.RawMessage) *ownedJSON {
	object, ok := jsonvalue.Plain(configured).(map[string]any)
	if !ok {
		return &ownedJSON{Whole: true}
	}
	var o ownedJSON
	for key, value := range object {
		if value != nil {
			o.Keys = append(o.Keys, key)
		}
	}
	return &o
}

// RowOf returns the row of an identity that Terraform is about to manage, as an import does.
func RowOf(identity *kratos.Identity) Row {
	row := Row{
		SchemaID: identity.SchemaID, Traits: identity.Traits, MetadataPublic: identity.MetadataPublic,
		MetadataAdmin: identity.MetadataAdmin, ExternalID: identity.ExternalID, OrganizationID: identity.OrganizationID,
	}
	if identity.State != stateActive {
		row.State = identity.State
	}
	for _, a := range identity.VerifiableAddresses {
		if a.Verified {
			row.VerifiedAddresses = append(row.VerifiedAddresses, a.Value)
		}
	}
	return row
}

// Equal reports whether two rows have the same meaning. It ignores the passwords.
func (row Row) Equal(other Row) bool {
	return row.SchemaID == other.SchemaID && row.State == other.State && row.ExternalID == other.ExternalID &&
		organizationID.same(row.OrganizationID, other.OrganizationID) &&
		sameJSON(row.Traits, other.Traits) &&
		sameMember(row.MetadataPublic, other.MetadataPublic) && sameMember(row.MetadataAdmin, other.MetadataAdmin) &&
		(row.VerifiedAddresses == nil) == (other.VerifiedAddresses == nil) &&
		sameAddresses(row.VerifiedAddresses, other.VerifiedAddresses)
}

// sameMember compares a member that may not be configured. Metadata {} is an object of which Terraform owns no key.
func sameMember(a, b json.RawMessage) bool {
	return (a == nil) == (b == nil) && sameJSON(a, b)
}

// sameJSON is jsonvalue.EqualJSON, without the work for texts that are equal.
func sameJSON(a, b json.RawMessage) bool { return bytes.Equal(a, b) || jsonvalue.EqualJSON(a, b) }

func sameAddresses(a, b []string) bool {
	return slices.Equal(a, b) || coversAddresses(a, b) && coversAddresses(b, a)
}

func coversAddresses(all, some []string) bool {
	there := map[string]bool{}
	for _, address := range all {
		there[traitschema.Canonical(address)] = true
	}
	for _, address := range some {
		if !there[traitschema.Canonical(address)] {
			return false
		}
	}
	return true
}

// CoveredBy reports whether an imported row has all values of this row. Other members of the imported row stay on the
// server, because Terraform never set them.
func (row Row) CoveredBy(imported Row) bool {
	covered := func(configured, stored json.RawMessage) bool {
		return configured == nil || jsonvalue.EqualJSON(configured, ownedOf(configured).view(stored))
	}
	is := func(configured, stored string) bool { return configured == "" || configured == stored }
	state := imported.State
	if state == "" {
		state = stateActive
	}
	return row.SchemaID == imported.SchemaID && jsonvalue.EqualJSON(row.Traits, imported.Traits) &&
		covered(row.MetadataPublic, imported.MetadataPublic) && covered(row.MetadataAdmin, imported.MetadataAdmin) &&
		is(row.State, state) && is(row.ExternalID, imported.ExternalID) &&
		(row.OrganizationID == "" || organizationID.same(row.OrganizationID, imported.OrganizationID)) &&
		coversAddresses(imported.VerifiedAddresses, row.VerifiedAddresses)
}
