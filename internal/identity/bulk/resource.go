// Package bulk implements the resource ory_identities: thousands of identities in one resource. See
// decisions/0002-thousands-in-one-resource.md.
package bulk

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
)

var (
	_ resource.ResourceWithConfigure   = (*bulkResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*bulkResource)(nil)
	_ resource.ResourceWithImportState = (*bulkResource)(nil)
)

// defaultTimeout bounds one operation on all rows. Ory Network allows some thousand writes an hour.
const defaultTimeout = 4 * time.Hour

// NewResource returns the resource ory_identities.
func NewResource() resource.Resource { return &bulkResource{} }

type bulkResource struct {
	base.Resource
}

// rules returns the rules of ory_identity, which apply to each row.
func (r *bulkResource) rules() *identity.Rows { return identity.NewRows(r.Data) }

// Metadata implements resource.Resource.
func (*bulkResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_identities"
}

// model is the resource in configuration, plan and state.
type model struct {
	ID              types.String   `tfsdk:"id"`
	SchemaID        types.String   `tfsdk:"schema_id"`
	Identities      types.String   `tfsdk:"identities"`
	MetadataAdmin   types.String   `tfsdk:"metadata_admin"`
	Hashes          types.String   `tfsdk:"password_hashes_wo"`
	HashesVersion   types.Int64    `tfsdk:"password_hashes_wo_version"`
	Passwords       types.String   `tfsdk:"passwords_wo"`
	PasswordVersion types.Int64    `tfsdk:"passwords_wo_version"`
	OnConflict      types.String   `tfsdk:"on_conflict"`
	DeletionPolicy  types.String   `tfsdk:"deletion_policy"`
	IDs             types.String   `tfsdk:"ids"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

// Keys of the private state.
const (
	importedKey = "imported" // set from an import until the first apply
	runKey      = "runs"     // the last runs whose creates are all in the state: see journal
)

func (m *model) adopts() bool { return m.OnConflict.ValueString() == identity.ConflictAdopt }

// isKnown reports whether the rows are known.
func (m *model) isKnown() bool {
	return !m.Identities.IsUnknown() && !m.SchemaID.IsUnknown() && !m.MetadataAdmin.IsUnknown()
}

// hasRowsOf reports whether the rows are those of another model, byte by byte.
func (m *model) hasRowsOf(other *model) bool {
	return m.Identities.Equal(other.Identities) && m.SchemaID.Equal(other.SchemaID) &&
		m.MetadataAdmin.Equal(other.MetadataAdmin)
}
