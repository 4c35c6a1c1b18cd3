package identity

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// model is ory_identity as configuration, plan and state have it.
type model struct {
	ID                    types.String   `tfsdk:"id"`
	SchemaID              types.String   `tfsdk:"schema_id"`
	SchemaURL             types.String   `tfsdk:"schema_url"`
	Traits                types.Dynamic  `tfsdk:"traits"`
	MetadataPublic        types.Dynamic  `tfsdk:"metadata_public"`
	MetadataAdmin         types.Dynamic  `tfsdk:"metadata_admin"`
	State                 types.String   `tfsdk:"state"`
	ExternalID            types.String   `tfsdk:"external_id"`
	OrganizationID        types.String   `tfsdk:"organization_id"`
	Password              types.String   `tfsdk:"password"`
	PasswordWO            types.String   `tfsdk:"password_wo"`
	PasswordWOVersion     types.Int64    `tfsdk:"password_wo_version"`
	PasswordHash          types.String   `tfsdk:"password_hash"`
	PasswordHashWO        types.String   `tfsdk:"password_hash_wo"`
	PasswordHashWOVersion types.Int64    `tfsdk:"password_hash_wo_version"`
	PasswordMigrationHook types.Bool     `tfsdk:"password_migration_hook"`
	OIDC                  types.Set      `tfsdk:"oidc"`
	SAML                  types.Set      `tfsdk:"saml"`
	VerifiedAddresses     types.Set      `tfsdk:"verified_addresses"`
	RevokeSessionsOn      types.Set      `tfsdk:"revoke_sessions_on"`
	OnConflict            types.String   `tfsdk:"on_conflict"`
	DeletionPolicy        types.String   `tfsdk:"deletion_policy"`
	VerifiableAddresses   types.List     `tfsdk:"verifiable_addresses"`
	RecoveryAddresses     types.List     `tfsdk:"recovery_addresses"`
	Credentials           types.Map      `tfsdk:"credentials"`
	CreatedAt             types.String   `tfsdk:"created_at"`
	UpdatedAt             types.String   `tfsdk:"updated_at"`
	StateChangedAt        types.String   `tfsdk:"state_changed_at"`
	Timeouts              timeouts.Value `tfsdk:"timeouts"`
}

// identityModel is the resource identity of ory_identity: what names it among all identities of a project.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// The values of the attribute state that the server knows today. Others that it may answer with are kept as they are.
const (
	stateActive   = kratos.StateActive
	stateInactive = kratos.StateInactive
)

// The values of on_conflict.
const (
	conflictError = "error"
	conflictAdopt = "adopt"
)

// The values of deletion_policy.
const (
	deletionDelete     = "delete"
	deletionDeactivate = "deactivate"
	deletionRetain     = "retain"
)
