package identity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// verification verifies the addresses of one identity. All addresses are folded, except those in via.
type verification struct {
	wanted map[string]string // folded address to the spelling of the configuration
	via    map[string]string // address of the traits to its via
	owned  map[string]bool   // addresses that Terraform verified earlier
	// Addresses that this operation verified. After a lost answer they must not look like the person's work.
	asked map[string]bool
	fresh bool // the identity is being created
}

func newVerification(plan, state *model, o *owned) verification {
	v := verification{wanted: spellings(plan.VerifiedAddresses), owned: map[string]bool{}, asked: map[string]bool{}}
	for _, address := range state.ownVerified(o) {
		v.owned[address] = true
	}
	return v
}

// findVia determines the via of each wanted address, because the server ignores an address without a via. It returns
// false if an address certainly isn't in the traits. If the schema isn't available, findVia guesses from the form of
// the address, and finish corrects wrong guesses.
func (v *verification) findVia(ctx context.Context, plan *model, schemas schemaGetter, diags *diag.Diagnostics) bool {
	if len(v.wanted) == 0 {
		return true
	}
	via, ok := plan.addressesInTraits(ctx, schemas)
	if ok {
		plan.refuseStrangers(v.wanted, via, diags)
		v.via = via
		return !diags.HasError()
	}
	v.via = map[string]string{}
	for key, spelling := range v.wanted {
		if value := traitschema.Fold(spelling); strings.Contains(value, "@") {
			v.via[value] = "email"
		} else if strings.Trim(key, "+0123456789") == "" {
			v.via[value] = "sms"
		}
	}
	maps.Copy(v.via, via)
	return true
}

// prepareVerification must run before the first request of the update.
func (o *operation) prepareVerification(ctx context.Context) bool {
	o.verification = newVerification(&o.plan, &o.state, &o.owned)
	return effectOf(o) < patched || o.verification.findVia(ctx, &o.plan, o.schemas, o.diags)
}

// additions returns the wanted addresses that the current identity doesn't have. A change of the traits adds them.
func (v *verification) additions(current *kratos.Identity) []kratos.VerifiableAddress {
	present := map[string]bool{}
	for _, key := range verifiableKeys(current, v.wanted) {
		present[key] = true
	}
	var added []kratos.VerifiableAddress
	for _, value := range slices.Sorted(maps.Keys(v.via)) {
		key := traitschema.Canonical(value)
		if _, wanted := v.wanted[key]; wanted && !present[key] {
			v.asked[key] = true
			added = append(
				added,
				kratos.VerifiableAddress{Value: value, Via: v.via[value], Verified: true, Status: kratos.StatusCompleted},
			)
		}
	}
	return added
}

// operations returns the JSON Patch for the current addresses, empty if they are as wanted. It keeps the entries of
// addresses that leave the traits: the server removes them, and only the server knows how it spells addresses.
func (v *verification) operations(current *kratos.Identity) []kratos.PatchOperation {
	entries := v.additions(current)
	changes := len(entries) > 0
	keys := verifiableKeys(current, v.wanted)
	for i, a := range current.VerifiableAddresses {
		key := keys[i]
		_, wanted := v.wanted[key]
		switch {
		case wanted && !a.Verified:
			a.Verified, a.Status, a.VerifiedAt = true, kratos.StatusCompleted, ""
			v.asked[key], changes = true, true
		case !wanted && a.Verified && v.owned[key]:
			a.Verified, a.Status, a.VerifiedAt = false, kratos.StatusPending, ""
			changes = true
		}
		entries = append(entries, a)
	}
	if !changes {
		return nil
	}
	return []kratos.PatchOperation{kratos.ReplaceVerifiableAddresses(entries)}
}

// finish compares the answer to a create or a patch with the wanted addresses, and returns the final identity. The
// server silently drops an entry if its spelling or its via differs from the server's own. The answer shows the
// server's values, so finish sends them in one more patch. Each address that remains unverified causes an error and is
// removed from the model.
func (v *verification) finish(
	ctx context.Context,
	client client,
	identity *kratos.Identity,
	m *model,
	diags *diag.Diagnostics,
) *kratos.Identity {
	addresses := v.unverified(identity)
	cause := "The server reported success, but does not show the address as verified."
	if slices.ContainsFunc(slices.Collect(maps.Values(addresses)), func(there bool) bool { return there }) {
		v.via = nil
		if updated, err := client.PatchIdentity(ctx, identity.ID, v.operations(identity)); err != nil {
			cause = base.Explain(err)
		} else {
			identity = updated
		}
		addresses = v.unverified(identity)
	}
	for _, key := range slices.Sorted(maps.Keys(addresses)) {
		if !addresses[key] {
			diags.AddAttributeError(
				addressPath(v.wanted[key]),
				"Not a verifiable address of the traits",
				fmt.Sprintf("The attribute verified_addresses contains %q, but the server ignored it: the identity %s does "+
					"not have this verifiable address. %s Correct the address, add it to a trait that the identity schema "+
					"marks for verification, or remove it from verified_addresses. %s", v.wanted[key], identity.ID,
					countAddresses(len(identity.VerifiableAddresses)), v.afterFailure()),
			)
			continue
		}
		diags.AddAttributeError(addressPath(v.wanted[key]), "Address not verified", fmt.Sprintf("The attribute "+
			"verified_addresses contains %q, an address of the identity %s. %s\n\n%s", v.wanted[key], identity.ID,
			cause, v.afterFailure()))
	}
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity)
	return identity
}

// afterFailure describes the result of a failure and the remedy.
func (v *verification) afterFailure() string {
	if v.fresh {
		return afterFailedCreate
	}
	return "All other changes were made. The next plan shows the remaining changes: apply again."
}

// unverified returns the wanted addresses that aren't verified. The value reports whether the identity has the address.
func (v *verification) unverified(identity *kratos.Identity) map[string]bool {
	missing := map[string]bool{}
	for key := range v.wanted {
		missing[key] = false
	}
	keys := verifiableKeys(identity, v.wanted)
	for i, a := range identity.VerifiableAddresses {
		key := keys[i]
		if _, ok := missing[key]; !ok {
			continue
		}
		if missing[key] = true; a.Verified {
			delete(missing, key)
		}
	}
	return missing
}

// ours returns the addresses that Terraform verified and that are still verified. The identity is empty if the server
// wasn't asked.
func (v *verification) ours(identity *kratos.Identity) []string {
	missing := map[string]bool{}
	if identity.ID != "" {
		missing = v.unverified(identity)
	}
	var ours []string
	for _, key := range slices.Sorted(maps.Keys(v.wanted)) {
		if _, isMissing := missing[key]; !isMissing && (v.owned[key] || v.asked[key]) {
			ours = append(ours, key)
		}
	}
	return ours
}
