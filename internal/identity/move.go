package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithMoveState = (*identityResource)(nil)

// MoveState implements resource.ResourceWithMoveState. It moves ory_identity of the official provider, by a moved
// block.
func (*identityResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveOfficial}}
}

// moveOfficial ignores every other source, which the framework then reports as unsupported.
func moveOfficial(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceTypeName != "ory_identity" || !isOfficial(req.SourceProviderAddress) {
		return
	}
	if req.SourceSchemaVersion != officialVersion {
		addUnknownShape(
			&resp.Diagnostics,
			fmt.Sprintf("it has schema version %d, not %d", req.SourceSchemaVersion, officialVersion),
		)
		return
	}
	old, ok := parseOfficial(req.SourceRawState.JSON, &resp.Diagnostics)
	if !ok {
		return
	}
	old.intoState(ctx, &resp.TargetState, &resp.Diagnostics)
	setIdentity(resp.TargetIdentity, types.StringValue(text(old.ID)))
	resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, importedKey, []byte("true"))...)
}

// isOfficial reports whether a provider address is ory/ory in any registry. OpenTofu 1.10 sends only the type.
func isOfficial(address string) bool {
	segments := strings.Split(address, "/")
	last := len(segments) - 1
	return segments[last] == "ory" && (last == 0 || segments[last-1] == "ory")
}
