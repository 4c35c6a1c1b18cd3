package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// verificationChanges says whether the apply will verify an address, or take back what Terraform verified.
func (p *planner) verificationChanges() bool {
	if jsonvalue.HasUnknown(p.plan.VerifiedAddresses) {
		return true
	}
	wanted, verified := spellings(p.plan.VerifiedAddresses), p.state.verified()
	for address := range wanted {
		if !verified[address] {
			return true
		}
	}
	return slices.ContainsFunc(p.state.ownVerified(p.owned), func(address string) bool {
		_, stays := wanted[address]
		return !stays && verified[address]
	})
}

// ownVerified are the addresses that Terraform verified and that have been so since: one that has left the state lost its
// verification in between, and if it is verified again, that is not Terraform's doing.
func (m model) ownVerified(o owned) []string {
	before := spellings(m.VerifiedAddresses)
	return slices.DeleteFunc(slices.Clone(o.Verified), func(address string) bool {
		_, stayed := before[address]
		return !stayed
	})
}

// verified returns the folded addresses that the state shows as verified.
func (m model) verified() map[string]bool {
	verified := map[string]bool{}
	for _, element := range m.VerifiableAddresses.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		value, _ := object.Attributes()["value"].(types.String)
		is, _ := object.Attributes()["verified"].(types.Bool)
		key := foldAddress(value.ValueString())
		verified[key] = verified[key] || is.ValueBool()
	}
	return verified
}

// checkVerified refuses addresses to verify that are in no trait, as far as schema and traits are known.
func (p *planner) checkVerified(ctx context.Context, schemas schemaGetter) {
	if wanted := spellings(p.plan.VerifiedAddresses); len(wanted) > 0 {
		if via, ok := p.plan.addressesInTraits(ctx, schemas); ok {
			p.plan.refuseStrangers(wanted, via, p.diags)
		}
	}
}

// addressesInTraits returns how each verifiable address of the traits is reached; ok is false where that isn't known of all.
func (m model) addressesInTraits(ctx context.Context, schemas schemaGetter) (via map[string]string, ok bool) {
	s, traits, ok := m.schemaAndTraits(ctx, schemas)
	if !ok {
		return nil, false
	}
	return s.VerifiableAddresses(traits)
}

// schemaAndTraits returns the identity schema and the traits as JSON; ok is false where either isn't known.
func (m model) schemaAndTraits(ctx context.Context, schemas schemaGetter) (s *traitschema.Schema, traits json.RawMessage, ok bool) {
	if schemas == nil || m.SchemaID.IsUnknown() || jsonvalue.HasUnknown(m.Traits) {
		return nil, nil, false
	}
	s, err := schemas.Get(ctx, m.SchemaID.ValueString())
	if err != nil {
		return nil, nil, false
	}
	traits, err = jsonvalue.Encode(m.Traits)
	return s, traits, err == nil
}

// refuseStrangers adds an error for each wanted address that isn't one of the traits.
func (m model) refuseStrangers(wanted, via map[string]string, diags *diag.Diagnostics) {
	there := map[string]bool{}
	for address := range via {
		there[foldAddress(address)] = true
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if !there[key] {
			diags.AddAttributeError(addressPath(wanted[key]), "Not a verifiable address of the traits", fmt.Sprintf("The attribute "+
				"verified_addresses names %q, but no trait that the identity schema %q marks for verification has this value. %s "+
				"Correct the address, give it to a trait, or remove it.", wanted[key], m.SchemaID.ValueString(), countAddresses(len(via))))
		}
	}
}

// countAddresses says how many other addresses there are. It doesn't show them: traits can be sensitive.
func countAddresses(others int) string {
	switch others {
	case 0:
		return "These traits have no address to verify."
	case 1:
		return "These traits have one address to verify, another one."
	}
	return fmt.Sprintf("These traits have %d addresses to verify, all of them others.", others)
}
