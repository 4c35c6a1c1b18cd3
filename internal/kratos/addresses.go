package kratos

import (
	"cmp"
	"encoding/json"
)

// StatusCompleted is the status of a verified address. StatusPending is the status of an address without a verification
// message.
const (
	StatusCompleted = "completed"
	StatusPending   = "pending"
)

const (
	noID   = "00000000-0000-0000-0000-000000000000"
	noTime = "0001-01-01T00:00:00Z"
)

// ReplaceVerifiableAddresses returns the operation that sets the verification of all addresses. The server makes an
// address unverified if the array doesn't have it. It drops entries that are not a verifiable address of the traits.
//
// Every field must be sent. v1.3 decodes the array into its existing array, in random order, so an entry gets each
// missing field from another address. With a missing id the server often answers 409. With a missing verified_at an
// address can get the time of another address.
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
