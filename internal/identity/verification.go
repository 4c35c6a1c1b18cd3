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

// verification verifies the addresses of one identity. All its addresses but those in via are folded.
type verification struct {
	wanted map[string]string // as the configuration writes them
	via    map[string]string // how the addresses of the traits are reached, by their values
	owned  map[string]bool   // those that Terraform verified earlier
	// those that this operation verified: a lost answer mustn't make them look like the person's work
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

// findVia finds how the wanted addresses are reached: the server ignores an address that comes without. It returns
// false if one is known to be no address of the traits. Where the schema can't tell, the look of the address decides,
// and finish puts right what was guessed wrong.
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

// prepareVerification must come before the update's first request.
func (o *operation) prepareVerification(ctx context.Context) bool {
	o.verification = newVerification(&o.plan, &o.state, &o.owned)
	return effectOf(o) < patched || o.verification.findVia(ctx, &o.plan, o.schemas, o.diags)
}

// additions are the wanted addresses that aren't among the current ones: they come with a change of the traits.
func (v *verification) additions(current *kratos.Identity) []kratos.VerifiableAddress {
	present := map[string]bool{}
	for _, key := range verifiableKeys(current, v.wanted) {
		present[key] = true
	}
	var added []kratos.VerifiableAddress
	for _, value := range slices.Sorted(maps.Keys(v.via)) {
		key := foldAddress(value)
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

// operations are the changes that the current addresses need, none if they are as wanted. Entries of addresses that
// leave the traits stay in: the server drops them, and it alone knows how it writes the traits' addresses.
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

// finish compares the answer of a create or a patch with what is wanted, and returns the identity as it is in the end.
// The server silently drops an entry that it writes or reaches otherwise; its answer shows how, so that one more patch
// sets it. What remains unverified is an error, and leaves the model.
func (v *verification) finish(
	ctx context.Context,
	client client,
	identity *kratos.Identity,
	m *model,
	diags *diag.Diagnostics,
) *kratos.Identity {
	addresses := v.unverified(identity)
	cause := "The server answered with success, but doesn't show it as verified."
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
				fmt.Sprintf("The attribute verified_addresses names %q, but the server ignored it: the identity %s has no such "+
					"address to verify. %s Correct the address, give it to a trait that the identity schema marks for verification, "+
					"or remove it. %s", v.wanted[key], identity.ID,
					countAddresses(len(identity.VerifiableAddresses)), v.afterFailure()),
			)
			continue
		}
		diags.AddAttributeError(addressPath(v.wanted[key]), "Address not verified", fmt.Sprintf("The attribute "+
			"verified_addresses names %q, an address of the identity %s. "+
			"%s\n\n%s", v.wanted[key], identity.ID, cause, v.afterFailure()))
	}
	m.VerifiedAddresses = onlyVerified(m.VerifiedAddresses, identity)
	return identity
}

// afterFailure says what holds by now and what to do.
func (v *verification) afterFailure() string {
	if v.fresh {
		return afterFailedCreate
	}
	return "What was changed besides stays changed, and the next plan shows what is left: apply again."
}

// unverified returns the wanted addresses that the identity doesn't have as verified, and whether it has them at all.
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

// ours returns the addresses that are verified because Terraform verified them. The identity is empty where the server
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
