package kratos

import (
	"encoding/json"
	"log/slog"
	"strings"
)

// CreateIdentityBody is the body of POST /admin/identities ("createIdentityBody"). The server's decoder is strict:
// servers before v25.4 answer 400 to external_id and organization_id. An empty field is not sent.
type CreateIdentityBody struct {
	SchemaID       string               `json:"schema_id"`
	Traits         json.RawMessage      `json:"traits"` // a JSON object; nil is sent as null, which the server refuses
	State          string               `json:"state,omitempty"`
	MetadataPublic json.RawMessage      `json:"metadata_public,omitempty"`
	MetadataAdmin  json.RawMessage      `json:"metadata_admin,omitempty"`
	ExternalID     string               `json:"external_id,omitempty"`
	OrganizationID string               `json:"organization_id,omitempty"`
	Region         string               `json:"region,omitempty"` // servers up to v26.2 answer 400 to it
	Credentials    *IdentityCredentials `json:"credentials,omitempty"`

	// VerifiableAddresses need only value, via, verified and status. The server silently drops an entry if its value isn't
	// a verifiable address of the traits, or if its via is wrong.
	VerifiableAddresses []VerifiableAddress `json:"verifiable_addresses,omitempty"`
}

// UpdateIdentityBody is the body of PUT /admin/identities/{id} ("updateIdentityBody"). The server clears
// metadata_public, metadata_admin and external_id if the body doesn't have them, and keeps state, credentials and the
// organization.
type UpdateIdentityBody struct {
	SchemaID       string               `json:"schema_id"`
	Traits         json.RawMessage      `json:"traits"`
	State          string               `json:"state,omitempty"`
	MetadataPublic json.RawMessage      `json:"metadata_public,omitempty"`
	MetadataAdmin  json.RawMessage      `json:"metadata_admin,omitempty"`
	ExternalID     string               `json:"external_id,omitempty"`
	Region         string               `json:"region,omitempty"` // "" keeps the region that the identity has
	Credentials    *IdentityCredentials `json:"credentials,omitempty"`
}

// PasswordCredential imports a password. It is printed without its secrets.
type PasswordCredential struct {
	Config PasswordConfig `json:"config"`
}

// PasswordConfig has one of three forms. For the server the hook takes precedence over the password, and the password
// over the hash. It is printed without its secrets.
type PasswordConfig struct {
	Password                 string `json:"password,omitempty"`        // plain text, hashed by the server
	HashedPassword           string `json:"hashed_password,omitempty"` // such as $2a$... or $argon2id$...
	UsePasswordMigrationHook bool   `json:"use_password_migration_hook,omitempty"`
}

// String names the credential and nothing in it.
func (PasswordCredential) String() string { return "password " + redacted }

// GoString names the credential and nothing in it, for %#v.
func (p PasswordCredential) GoString() string { return p.String() }

// LogValue names the credential and nothing in it, for log/slog.
func (p PasswordCredential) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String names the configuration and nothing in it.
func (PasswordConfig) String() string { return "password config " + redacted }

// GoString names the configuration and nothing in it, for %#v.
func (p PasswordConfig) GoString() string { return p.String() }

// LogValue names the configuration and nothing in it, for log/slog.
func (p PasswordConfig) LogValue() slog.Value { return slog.StringValue(p.String()) }

// The operations of the server's JSON Patch. It has no "test", so a patch can't be conditional.
const (
	OpAdd     = "add"
	OpReplace = "replace"
	OpRemove  = "remove"
)

// PatchOperation is one operation of RFC 6902 ("jsonPatch"). Path is a JSON Pointer. The server refuses the paths /id,
// /credentials and /stateChangedAt. v1.3 answers 200 to some removals and ignores them: use replace with null.
type PatchOperation struct {
	Op    string          `json:"op"`
	Path  string          `json:"path"`
	Value json.RawMessage `json:"value,omitempty"` // not sent for remove; nil is sent as null for other operations
}

// sent returns the operation in the form of RFC 6902: v26 refuses an add or a replace without a value.
func (o PatchOperation) sent() PatchOperation {
	switch {
	case o.Op == OpRemove:
		o.Value = nil
	case o.Value == nil:
		o.Value = json.RawMessage("null")
	}
	return o
}

// repeatable reports whether the operation has the same result if it is carried out twice. An add to an array inserts
// an element. The path shows an array only by its last segment: a number may be an index.
func (o PatchOperation) repeatable() bool {
	last := o.Path[strings.LastIndex(o.Path, "/")+1:]
	switch o.Op {
	case OpReplace:
		return true
	case OpAdd:
		return strings.Trim(last, "0123456789") != "" && last != "-"
	default:
		return false
	}
}
