package kratos

import (
	"encoding/json"
	"strings"
)

// Identity is an identity of the admin API ("Identity" in the API reference). Times are RFC 3339 strings as the server
// wrote them. Traits and metadata keep the server's bytes.
type Identity struct {
	ID             string `json:"id"`
	ExternalID     string `json:"external_id,omitempty"` // "" when unset, and on every server before v25.4
	SchemaID       string `json:"schema_id"`
	SchemaURL      string `json:"schema_url"`
	State          string `json:"state,omitempty"` // "active", "inactive", or a value of a later server
	StateChangedAt string `json:"state_changed_at,omitempty"`
	CreatedAt      string `json:"created_at,omitempty"`
	UpdatedAt      string `json:"updated_at,omitempty"`      // v1.3 never changes it, v26 also at a login
	OrganizationID string `json:"organization_id,omitempty"` // the server's null is ""
	Region         string `json:"region,omitempty"`          // "" when unset, and on every server up to v26.2

	Traits         json.RawMessage `json:"traits"`
	MetadataPublic json.RawMessage `json:"metadata_public,omitempty"` // nil for JSON null and for an absent key
	MetadataAdmin  json.RawMessage `json:"metadata_admin,omitempty"`  // nil for JSON null and for an absent key

	VerifiableAddresses []VerifiableAddress `json:"verifiable_addresses,omitempty"` // in no particular order
	RecoveryAddresses   []RecoveryAddress   `json:"recovery_addresses,omitempty"`   // in no particular order

	// Credentials is keyed by type. Lists contain it only on request, and an entry "password" does not mean that a
	// password is set.
	Credentials map[string]Credential `json:"credentials,omitempty"`
}

// UnmarshalJSON decodes an identity within the bounds of this package. Metadata that is null becomes nil. The id is
// converted to lower case, as Kratos writes it.
func (i *Identity) UnmarshalJSON(data []byte) error {
	if len(data) > MaxIdentityBytes {
		return errTooManyBytes("the identity", MaxIdentityBytes)
	}
	type plain Identity
	var p struct {
		plain
		VerifiableAddresses bounded[VerifiableAddress] `json:"verifiable_addresses"`
		RecoveryAddresses   bounded[RecoveryAddress]   `json:"recovery_addresses"`
		Credentials         boundedMap[Credential]     `json:"credentials"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*i = Identity(p.plain)
	i.ID = strings.ToLower(i.ID)
	i.MetadataPublic = nilIfNull(p.MetadataPublic)
	i.MetadataAdmin = nilIfNull(p.MetadataAdmin)
	i.VerifiableAddresses, i.RecoveryAddresses = p.VerifiableAddresses, p.RecoveryAddresses
	i.Credentials = p.Credentials
	return nil
}

// VerifiableAddress is an address that can be verified ("VerifiableIdentityAddress"). PATCH /verifiable_addresses takes
// an array of all addresses of the identity.
type VerifiableAddress struct {
	ID         string `json:"id,omitempty"`
	Value      string `json:"value"`
	Verified   bool   `json:"verified"`
	Via        string `json:"via,omitempty"` // "email" or "sms"
	Status     string `json:"status,omitempty"`
	VerifiedAt string `json:"verified_at,omitempty"`
	CreatedAt  string `json:"created_at,omitempty"`
	UpdatedAt  string `json:"updated_at,omitempty"`
}

// RecoveryAddress is an address to which the server can send a recovery message ("RecoveryIdentityAddress").
type RecoveryAddress struct {
	ID        string `json:"id,omitempty"`
	Value     string `json:"value"`
	Via       string `json:"via,omitempty"`
	CreatedAt string `json:"created_at,omitempty"`
	UpdatedAt string `json:"updated_at,omitempty"`
}

// IdentitySchema is a JSON Schema for traits with its id ("identitySchemaContainer").
type IdentitySchema struct {
	ID     string          `json:"id"`
	Schema json.RawMessage `json:"schema"`
}
