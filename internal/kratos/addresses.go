package kratos

import (
	"cmp"
	"encoding/json"
)

// StatusCompleted is the status of a verified address, and StatusPending the status of an address for which nothing was
// done yet.
const (
	StatusCompleted = "completed"
	StatusPending   = "pending"
)

const (
	noID   = "00000000-0000-0000-0000-000000000000"
	noTime = "0001-01-01T00:00:00Z"
)

// ReplaceVerifiableAddresses is the operation that sets the verification of addresses: of all addresses, since the
// server takes an address that is left out for unverified. It drops entries that are not a verifiable address of the
// traits.
//
// Every field must be sent. v1.3 decodes the array over the array that it has, in random order, so that an entry takes
// each missing field from another address: a missing id is a 409 every other time, a missing verified_at the time of
// another.
func ReplaceVerifiableAddresses(addresses []VerifiableAddress) PatchOperation {
	entries := make([]map[string]any, 0, len(addresses))
	for _, a := range addresses {
		entry := map[string]any{
			"id": cmp.Or(a.ID, noID), "value": a.Value, "via": a.Via, "verified": a.Verified,
			"status": cmp.Or(a.Status, StatusPending), "verified_at": nil,
			"created_at": cmp.Or(a.CreatedAt, noTime), "updated_at": cmp.Or(a.UpdatedAt, noTime),
		}
		if a.Verified && a.VerifiedAt != "" {
			entry["verified_at"] = a.VerifiedAt
		}
		entries = append(entries, entry)
	}
	raw, err := json.Marshal(entries)
	if err != nil {
		raw = nil // strings and booleans always encode
	}
	return PatchOperation{Op: OpReplace, Path: "/verifiable_addresses", Value: raw}
}
