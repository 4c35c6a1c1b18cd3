package identity

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
)

// noPatches is the explanation if a server can set no second factors and passkeys.
const noPatches = "The server takes neither second factors nor passkeys."

// refuseWithoutPatches adds an error to a plan that sets a factor on a server that can't set any. It asks the server
// once in a walk, and only if the server has answered in this walk.
func (o *operation) refuseWithoutPatches(ctx context.Context, at path.Path, name string) {
	if o.data == nil || o.data.Client == nil || o.schemas == nil || o.plan.SchemaID.IsUnknown() {
		return
	}
	if _, err := o.schemas.Get(ctx, o.plan.SchemaID.ValueString()); err != nil {
		return
	}
	can, err := o.canPatchCredentials(ctx, o.data.Client)
	if err != nil {
		tflog.Debug(ctx, "whether the server can set "+name+" shows in the apply", map[string]any{"error": err.Error()})
		return
	}
	if !can {
		o.addUnsupported(at, name, sinceV25, noPatches)
	}
}

// canPatchCredentials reports whether a JSON Patch can set credentials. It asks the server once in a walk.
func (o *operation) canPatchCredentials(ctx context.Context, c client) (bool, error) {
	return o.data.Facts.Ask(base.FactPatchesCredentials, func() (bool, error) { return credential.CanPatch(ctx, c) })
}

// isUnknownFactor reports whether an error is the answer of a server that takes no factor with a create. Such a server
// has created nothing.
func isUnknownFactor(err error, kinds []string) bool {
	if !isRefused(err) {
		return false
	}
	for _, kind := range kinds {
		if strings.Contains(err.Error(), `unknown field "`+kind+`"`) {
			return true
		}
	}
	// The name is hidden if the request has it as a value too, such as the display name of a passkey.
	return len(kinds) > 0 && strings.Contains(err.Error(), `unknown field "(redacted)"`)
}
