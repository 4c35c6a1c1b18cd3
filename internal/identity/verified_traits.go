package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// addressesInTraits returns the via of each verifiable address of the traits. ok is false if this isn't known for all
// addresses.
func (m *model) addressesInTraits(ctx context.Context, schemas schemaGetter) (via map[string]string, ok bool) {
	s, traits, ok := m.schemaAndTraits(ctx, schemas)
	if !ok {
		return nil, false
	}
	return s.VerifiableAddresses(traits)
}

// schemaAndTraits returns the identity schema and the traits as JSON. ok is false if either isn't known.
func (m *model) schemaAndTraits(
	ctx context.Context,
	schemas schemaGetter,
) (s *traitschema.Schema, traits json.RawMessage, ok bool) {
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

// refuseStrangers adds an error for each wanted address that isn't an address of the traits.
func (m *model) refuseStrangers(wanted, via map[string]string, diags *diag.Diagnostics) {
	there := map[string]bool{}
	for address := range via {
		there[traitschema.Canonical(address)] = true
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if !there[key] {
			diags.AddAttributeError(
				addressPath(wanted[key]),
				"Not a verifiable address of the traits",
				fmt.Sprintf("The attribute verified_addresses contains %q, but no trait that the identity schema %q marks "+
					"for verification has this value. %s Correct the address, add it to a trait, or remove it from "+
					"verified_addresses.", wanted[key], m.SchemaID.ValueString(), countAddresses(len(via))),
			)
		}
	}
}

// countAddresses describes how many other addresses there are. It doesn't show the addresses, because traits can be
// sensitive.
func countAddresses(others int) string {
	switch others {
	case 0:
		return "These traits have no verifiable address."
	case 1:
		return "These traits have one other verifiable address."
	}
	return fmt.Sprintf("These traits have %d other verifiable addresses.", others)
}
