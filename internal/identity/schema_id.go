package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// schemaIDAttribute handles schema_id. It is required, so it is never cleared. A change can leave old login identifiers
// on the server.
type schemaIDAttribute struct{ unmanaged }

var schemaID = schemaIDAttribute{}

func (schemaIDAttribute) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{"schema_id": schema.StringAttribute{
		Required: true,
		MarkdownDescription: "Id of the identity schema of the traits, such as `preset://email` or an id of the server's " +
			"configuration. A change updates the identity in place. The traits must fit the new schema.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}}
}

func (schemaIDAttribute) fields() []field {
	return []field{stringField("schema_id", func(m *model) *types.String { return &m.SchemaID })}
}

func (schemaIDAttribute) effect(o *operation) effect {
	if o.plan.SchemaID.Equal(o.state.SchemaID) {
		return unchanged
	}
	return patched
}

// check refuses a new schema_id if the server has no such schema. A 404 alone isn't proof, because a gateway may block
// the path of the schemas.
func (a schemaIDAttribute) check(ctx context.Context, o *operation) {
	id := o.plan.SchemaID
	if o.schemas == nil || id.IsUnknown() || id.IsNull() || (!o.creating && id.Equal(o.state.SchemaID)) {
		return
	}
	next, err := o.schemas.Get(ctx, id.ValueString())
	switch {
	case errors.Is(err, traitschema.ErrUnknownSchema) && !o.data.SkipValidation:
		known := o.data.SchemaIDs(ctx)
		if len(known) == 0 || slices.Contains(known, id.ValueString()) {
			return
		}
		text := fmt.Sprintf("The server has no identity schema %q. %s", id.ValueString(), adviseSchemaID(known))
		o.diags.AddAttributeError(path.Root("schema_id"), "Unknown identity schema", text+numbered(o.data.Walk.Mistake(text)))
	case !o.creating:
		a.warnOfLingering(ctx, o, next, err)
	}
}

// warnOfLingering warns of login identifiers that the server keeps although the new schema has none of their type.
func (schemaIDAttribute) warnOfLingering(ctx context.Context, o *operation, next *traitschema.Schema, err error) {
	if err != nil {
		tflog.Debug(ctx, "new identity schema not compared with the old one", map[string]any{"error": err.Error()})
		return
	}
	kept, ok := next.CredentialTypes()
	if !ok {
		return
	}
	var lingering []string
	for kind, identifiers := range o.state.identifiers() {
		if len(identifiers) > 0 && !slices.Contains(kept, kind) && usesTraits(kind) {
			lingering = append(lingering, kind+": "+strings.Join(identifiers, ", "))
		}
	}
	if len(lingering) == 0 {
		return
	}
	slices.Sort(lingering)
	o.diags.AddAttributeWarning(path.Root("schema_id"), "Login identifiers of the old schema remain", fmt.Sprintf(
		"The identity schema %q defines no login identifier for some credentials of this identity, and the server does "+
			"not remove the existing login identifiers: %s. The person can still sign in with them, and no other identity "+
			"can have them.",
		o.plan.SchemaID.ValueString(), strings.Join(lingering, "; ")))
}

// usesTraits reports whether the server derives the identifiers of this type of credential from the traits. The
// identifiers of oidc and saml are accounts at other providers.
func usesTraits(kind string) bool { return kind == "password" || kind == "code" || kind == "webauthn" }

func (schemaIDAttribute) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	body.SchemaID = o.plan.SchemaID.ValueString()
}

func (schemaIDAttribute) isOurs(_ *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	return identity.SchemaID == body.SchemaID
}

func (schemaIDAttribute) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	if o.plan.SchemaID.Equal(o.state.SchemaID) || o.plan.SchemaID.ValueString() == current.SchemaID {
		return nil
	}
	return []kratos.PatchOperation{replaceString("/schema_id", o.plan.SchemaID)}
}

func (schemaIDAttribute) refresh(m *model, identity *kratos.Identity, _ *owned, _ *diag.Diagnostics) {
	m.SchemaID = types.StringValue(identity.SchemaID)
}

func (schemaIDAttribute) refused(ctx context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	if !strings.Contains(answer.Reason+"\n"+answer.Message, "Unable to find JSON Schema ID") {
		return false
	}
	diags.AddAttributeError(
		path.Root("schema_id"),
		"Unknown identity schema",
		fmt.Sprintf("%s.\n\n%s", answer, f.knownSchemas(ctx)),
	)
	return true
}

// knownSchemas lists the identity schemas of the server, if the server answers.
func (f failure) knownSchemas(ctx context.Context) string {
	var ids []string
	if schemas, err := f.client.ListIdentitySchemas(ctx); err == nil {
		for _, schema := range schemas {
			ids = append(ids, schema.ID)
		}
	}
	return adviseSchemaID(ids)
}

// adviseSchemaID advises on a value of schema_id. ids are the ids of the server's schemas, empty if they can't be
// listed.
func adviseSchemaID(ids []string) string {
	const advice = "Set schema_id to the id of a schema in the server's configuration (identity.schemas)"
	if len(ids) == 0 {
		return advice + "."
	}
	quoted := make([]string, 0, len(ids))
	for _, id := range slices.Sorted(slices.Values(ids)) {
		quoted = append(quoted, strconv.Quote(id))
	}
	return fmt.Sprintf("%s. This server has: %s.", advice, strings.Join(quoted, ", "))
}
