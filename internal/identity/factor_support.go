package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
)

// noPatches is the explanation if a server can't set security keys and passkeys.
const noPatches = "The server's JSON Patch cannot change a part of a credential, and would delete the keys of the " +
	"person."

// refuseWithoutPatches adds an error to a plan that sets a factor on a server that doesn't support it. It asks the
// server once in a walk, and only if the server has answered in this walk.
func (o *operation) refuseWithoutPatches(ctx context.Context, at path.Path, f factor) {
	if o.data == nil || o.data.Client == nil || o.schemas == nil || o.plan.SchemaID.IsUnknown() {
		return
	}
	if _, err := o.schemas.Get(ctx, o.plan.SchemaID.ValueString()); err != nil {
		return
	}
	can, err := o.canPatchCredentials(ctx, o.data.Client)
	if err != nil {
		tflog.Debug(ctx, "the apply will show whether the server supports a credential", map[string]any{
			"type": f.kind, "error": err.Error(),
		})
		return
	}
	if !can {
		o.addUnsupported(at, f.path().String(), f.since, noPatches)
	}
}

// supportsFactors reports whether the server supports the factors of these types. If not, it adds errors. It asks the
// server once in a walk, and only about factors that not all servers support.
func (o *operation) supportsFactors(ctx context.Context, kinds []string, failed func(error)) bool {
	for _, a := range managed {
		f, isFactor := a.(factor)
		if !isFactor || f.since == "" || !slices.Contains(kinds, f.kind) {
			continue
		}
		can, err := o.canPatchCredentials(ctx, o.client)
		if err != nil {
			failed(err)
			return false
		}
		if !can {
			o.addUnsupported(f.path(), f.path().String(), f.since, noPatches)
		}
	}
	return !o.diags.HasError()
}

// canPatchCredentials reports whether a JSON Patch can change a part of a credential.
func (o *operation) canPatchCredentials(ctx context.Context, c client) (bool, error) {
	return o.data.Facts.Ask(base.FactPatchesCredentials, func() (bool, error) { return credential.CanPatch(ctx, c) })
}

// isUnknownFactor reports whether an error is the answer of a server that doesn't accept a factor in a create. The
// server has then created nothing.
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
