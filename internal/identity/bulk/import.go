package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// ImportState implements resource.ResourceWithImportState. The import id is a JSON object: by key, a UUID, an external
// id or a login identifier, as for ory_identity. The read after the import adds the rows.
func (r *bulkResource) ImportState(
	ctx context.Context,
	req resource.ImportStateRequest,
	resp *resource.ImportStateResponse,
) {
	diags := &resp.Diagnostics
	if !r.Data.RequireClient(diags) {
		return
	}
	document, err := parseDocument(req.ID)
	if err != nil || len(document) == 0 {
		diags.AddError("Invalid import id", "The import id must be a JSON document: for each key of a row a UUID, "+
			"external_id=crm-4711 or identifier=ada@example.org, as in jsonencode({ \"7\" = "+
			"\"9f425a8d-7efc-4768-8f23-7647a74fdf13\" }).")
		return
	}
	references, bad := document.texts()
	var wrong problems
	for _, key := range bad {
		wrong.add(key, "The key has no text.")
	}
	ids := r.resolve(ctx, references, &wrong)
	owners := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(ids)) {
		if other, twice := owners[ids[key]]; twice {
			wrong.add(key, fmt.Sprintf("The identity is the same as for the key %q.", other))
		}
		owners[ids[key]] = key
	}
	if len(wrong) > 0 {
		diags.AddError("Invalid import id", wrong.byKey())
		return
	}
	for name, value := range map[string]string{
		"id": kratos.NewUUID(), "ids": documentOf(ids).String(),
		"on_conflict": identity.ConflictError, "deletion_policy": identity.DeletionDelete,
	} {
		diags.Append(resp.State.SetAttribute(ctx, path.Root(name), types.StringValue(value))...)
	}
	diags.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// resolve returns the id of each reference, by key.
func (r *bulkResource) resolve(ctx context.Context, references map[string]string, wrong *problems) map[string]string {
	keys := slices.Sorted(maps.Keys(references))
	found := make([]string, len(keys))
	reasons := make([]string, len(keys))
	batch.ForEach(len(keys), func(i int) {
		var diags diag.Diagnostics
		found[i] = identity.ResolveImportID(ctx, r.Data, references[keys[i]], &diags)
		reasons[i] = strings.Join(identity.Reasons(diags), " ")
	})
	ids := map[string]string{}
	for i, key := range keys {
		if reasons[i] != "" {
			wrong.add(key, reasons[i])
			continue
		}
		ids[key] = found[i]
	}
	return ids
}
