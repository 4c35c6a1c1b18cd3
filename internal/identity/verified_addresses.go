package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// verifiedAddresses handles the attribute verified_addresses. Its requests are in verification.go.
type verifiedAddresses struct{ unmanaged }

func (verifiedAddresses) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{"verified_addresses": schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Addresses of the traits, such as e-mail addresses and phone numbers, that Terraform marks as " +
			"verified. The person proves nothing. Upper and lower case are equal. An address that the person verified is not " +
			"drift if the list does not contain it. An address that you remove from the list becomes unverified only if " +
			"Terraform verified it.",
		Validators: []validator.Set{verifiedAddressesValidator{}},
	}}
}

func (verifiedAddresses) fields() []field {
	return []field{
		fieldOf(
			"verified_addresses",
			types.SetType{ElemType: types.StringType},
			func(m *model) *types.Set { return &m.VerifiedAddresses },
		),
	}
}

func (verifiedAddresses) effect(o *operation) effect {
	switch {
	case o.verificationChanges():
		return patched
	case !o.plan.VerifiedAddresses.Equal(o.state.VerifiedAddresses):
		return recorded
	}
	return unchanged
}

// check refuses wanted addresses that are in no trait, if schema and traits are known.
func (verifiedAddresses) check(ctx context.Context, o *operation) {
	wanted := spellings(o.plan.VerifiedAddresses)
	if len(wanted) == 0 {
		return
	}
	if via, ok := o.plan.addressesInTraits(ctx, o.schemas); ok {
		o.plan.refuseStrangers(wanted, via, o.diags)
	}
}

func (verifiedAddresses) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	body.VerifiableAddresses = o.verification.additions(&kratos.Identity{})
}

func (verifiedAddresses) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	return o.verification.operations(current)
}

func (verifiedAddresses) refresh(m *model, identity *kratos.Identity, _ *owned, _ *diag.Diagnostics) {
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity)
}

// verifiedAddressesValidator refuses texts that can't be addresses, and duplicate addresses.
type verifiedAddressesValidator struct{}

func (verifiedAddressesValidator) Description(context.Context) string {
	return "addresses without spaces around them, each once"
}

func (v verifiedAddressesValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (verifiedAddressesValidator) ValidateSet(
	_ context.Context,
	req validator.SetRequest,
	resp *validator.SetResponse,
) {
	seen := map[string]string{}
	for _, element := range req.ConfigValue.Elements() {
		address, ok := element.(types.String)
		if !ok || address.IsUnknown() {
			continue
		}
		text := address.ValueString()
		refuse := func(summary, what string) {
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(element), summary,
				fmt.Sprintf("The attribute %s contains %s", req.Path, what))
		}
		if strings.TrimSpace(text) == "" {
			refuse("Empty address", "an empty address. Remove it.")
			continue
		}
		if strings.TrimSpace(text) != text {
			refuse("Spaces around address", fmt.Sprintf("%q, with spaces around the address. Remove the spaces, or use "+
				"trimspace().", text))
		}
		if other, twice := seen[traitschema.Canonical(text)]; twice {
			refuse("Duplicate address", fmt.Sprintf("%q and %q, which are the same address for the server. Keep one of "+
				"them.", other, text))
		}
		seen[traitschema.Canonical(text)] = text
	}
}

// addressKeys returns the folded addresses. Some versions of the server normalise addresses in ways that the provider
// doesn't know. If exactly one address matches no text of the traits, and exactly one wanted address of the traits is
// missing, addressKeys treats the two as the same address.
func addressKeys(addresses []string, wanted map[string]string, traits []string) []string {
	inTraits := map[string]bool{}
	for _, text := range traits {
		inTraits[traitschema.Canonical(text)] = true
	}
	keys := make([]string, len(addresses))
	there := map[string]bool{}
	strange := map[string]bool{}
	for i, address := range addresses {
		keys[i] = traitschema.Canonical(address)
		there[keys[i]] = true
		if !inTraits[keys[i]] {
			strange[keys[i]] = true
		}
	}
	var missing []string
	for key := range wanted {
		if inTraits[key] && !there[key] {
			missing = append(missing, key)
		}
	}
	if len(missing) != 1 || len(strange) != 1 {
		return keys
	}
	for i := range keys {
		if strange[keys[i]] {
			keys[i] = missing[0]
		}
	}
	return keys
}

// verifiableKeys returns the addressKeys of an identity's verifiable addresses.
func verifiableKeys(identity *kratos.Identity, wanted map[string]string) []string {
	values := make([]string, len(identity.VerifiableAddresses))
	for i, a := range identity.VerifiableAddresses {
		values[i] = a.Value
	}
	var traits []string
	eachText(jsonvalue.Plain(identity.Traits), func(text string) { traits = append(traits, text) })
	return addressKeys(values, wanted, traits)
}

// spellings returns the known addresses of a set in their configured spelling, by folded address.
func spellings(set types.Set) map[string]string {
	byAddress := map[string]string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsNull() && !text.IsUnknown() {
			byAddress[traitschema.Canonical(text.ValueString())] = text.ValueString()
		}
	}
	return byAddress
}

// addressPath returns the path of the address in the configuration.
func addressPath(address string) path.Path {
	return path.Root("verified_addresses").AtSetValue(types.StringValue(address))
}

// onlyVerified returns the addresses of the set that the identity has as verified addresses, in the spelling of the
// set.
func onlyVerified(set types.Set, identity *kratos.Identity) types.Set {
	if set.IsNull() || set.IsUnknown() {
		return set
	}
	wanted, verified := spellings(set), map[string]bool{}
	for i, key := range verifiableKeys(identity, wanted) {
		// Two addresses can have the same key, as one value that is reached by e-mail and by SMS.
		verified[key] = verified[key] || identity.VerifiableAddresses[i].Verified
	}
	kept := []attr.Value{}
	for key, spelling := range wanted {
		if verified[key] {
			kept = append(kept, types.StringValue(spelling))
		}
	}
	return types.SetValueMust(types.StringType, kept)
}

// verificationChanges reports whether the apply will verify an address, or withdraw a verification by Terraform.
func (o *operation) verificationChanges() bool {
	if jsonvalue.HasUnknown(o.plan.VerifiedAddresses) {
		return true
	}
	wanted := spellings(o.plan.VerifiedAddresses)
	verified := o.state.verified(wanted)
	for address := range wanted {
		if !verified[address] {
			return true
		}
	}
	return slices.ContainsFunc(o.state.ownVerified(&o.owned), func(address string) bool {
		_, stays := wanted[address]
		return !stays && verified[address]
	})
}

// ownVerified returns the addresses that Terraform verified and that have stayed verified since. An address that has
// left the state lost its verification in between; if the address is verified again, Terraform didn't verify it.
func (m *model) ownVerified(o *owned) []string {
	before := spellings(m.VerifiedAddresses)
	return slices.DeleteFunc(slices.Clone(o.Verified), func(address string) bool {
		_, stayed := before[address]
		return !stayed
	})
}

// verified returns the folded addresses that the state shows as verified.
func (m *model) verified(wanted map[string]string) map[string]bool {
	var values []string
	var is []bool
	for _, element := range m.VerifiableAddresses.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		value, _ := object.Attributes()["value"].(types.String)
		verified, _ := object.Attributes()["verified"].(types.Bool)
		values, is = append(values, value.ValueString()), append(is, verified.ValueBool())
	}
	all := map[string]bool{}
	for i, key := range addressKeys(values, wanted, texts(jsonvalue.Unwrap(m.Traits))) {
		all[key] = all[key] || is[i]
	}
	return all
}
