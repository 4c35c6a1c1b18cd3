package identity

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// computed handles the attributes that only the server sets.
type computed struct{ unmanaged }

func (computed) schema() map[string]schema.Attribute { return ComputedAttributes() }

// shownInClear documents that Terraform doesn't know when the server has derived a value from a sensitive trait.
const shownInClear = " Terraform shows these values in clear, even if the trait is `sensitive` in the configuration."

// ComputedAttributes returns the attributes that only the server sets, by name.
func ComputedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         computedString("Id (UUID) that the server gave the identity."),
		"schema_url": computedString("URL of the identity schema."),
		"verifiable_addresses": schema.ListAttribute{
			Computed: true, ElementType: VerifiableAddressType,
			MarkdownDescription: "Addresses of the traits that can be verified, sorted by `via` and `value`. Each has `id`; " +
				"`value`, in lower case; `via` (`email` or `sms`); `status` (`pending`, `sent` or `completed`); `verified`; and " +
				"`verified_at`, `created_at` and `updated_at` (RFC 3339)." + shownInClear,
		},
		"recovery_addresses": schema.ListAttribute{
			Computed: true, ElementType: RecoveryAddressType,
			MarkdownDescription: "Addresses of the traits to which the server can send a recovery code or link, sorted by " +
				"`via` and `value`. Each has `id`; `value`, in lower case; `via` (`email` or `sms`); and `created_at` and " +
				"`updated_at` (RFC 3339)." + shownInClear,
		},
		"identifiers": schema.MapAttribute{
			Computed: true, ElementType: IdentifiersType,
			MarkdownDescription: "Login identifiers by type of credential, sorted. They contain no secrets. The server lists " +
				"the identifiers of `password` even if no password is set." + shownInClear,
		},
		"created_at":       computedString("When the identity was created (RFC 3339)."),
		"updated_at":       computedString("When the identity was last changed (RFC 3339). Kratos v1.3 never changes it."),
		"state_changed_at": computedString("When `state` last changed (RFC 3339)."),
	}
}

func (computed) fields() []field {
	return []field{
		stringField("id", func(m *model) *types.String { return &m.ID }),
		stringField("schema_url", func(m *model) *types.String { return &m.SchemaURL }),
		stringField("created_at", func(m *model) *types.String { return &m.CreatedAt }),
		stringField("updated_at", func(m *model) *types.String { return &m.UpdatedAt }),
		stringField("state_changed_at", func(m *model) *types.String { return &m.StateChangedAt }),
		fieldOf(
			"verifiable_addresses",
			types.ListType{ElemType: VerifiableAddressType},
			func(m *model) *types.List { return &m.VerifiableAddresses },
		),
		fieldOf(
			"recovery_addresses",
			types.ListType{ElemType: RecoveryAddressType},
			func(m *model) *types.List { return &m.RecoveryAddresses },
		),
		fieldOf("identifiers", types.MapType{ElemType: IdentifiersType}, func(m *model) *types.Map { return &m.Identifiers }),
	}
}

// plan marks every computed attribute of a new identity as unknown.
func (computed) plan(o *operation) {
	if o.creating {
		o.plan.forgetComputed()
	}
}

func (m *model) forgetComputed() {
	for _, attribute := range []*types.String{&m.ID, &m.SchemaURL, &m.CreatedAt, &m.UpdatedAt, &m.StateChangedAt} {
		*attribute = types.StringUnknown()
	}
	m.VerifiableAddresses = types.ListUnknown(VerifiableAddressType)
	m.RecoveryAddresses = types.ListUnknown(RecoveryAddressType)
	m.Identifiers = types.MapUnknown(IdentifiersType)
}

func (computed) refresh(m *model, identity *kratos.Identity, _ *owned, diags *diag.Diagnostics) {
	m.forgetComputed()
	computed{}.resolve(m, identity, diags)
}

func (computed) resolve(m *model, identity *kratos.Identity, _ *diag.Diagnostics) {
	resolveTo(&m.ID, types.StringValue(identity.ID))
	resolveTo(&m.SchemaURL, types.StringValue(identity.SchemaURL))
	resolveTo(&m.CreatedAt, base.Optional(identity.CreatedAt))
	resolveTo(&m.UpdatedAt, base.Optional(identity.UpdatedAt))
	resolveTo(&m.StateChangedAt, base.Optional(identity.StateChangedAt))
	if m.VerifiableAddresses.IsUnknown() {
		m.VerifiableAddresses = VerifiableAddresses(identity.VerifiableAddresses)
	}
	if m.RecoveryAddresses.IsUnknown() {
		m.RecoveryAddresses = RecoveryAddresses(identity.RecoveryAddresses)
	}
	if m.Identifiers.IsUnknown() {
		m.Identifiers = Identifiers(identity.Credentials)
	}
}

// planComputed marks each computed attribute of an existing identity as unknown if the planned change can alter it, and
// otherwise keeps the value of the state.
func (o *operation) planComputed(ctx context.Context) {
	schemaChanges := !o.plan.SchemaID.Equal(o.state.SchemaID)
	identifiersChange := schemaChanges || o.identifiersChange(ctx)
	credentialsChange := slices.ContainsFunc(managed, func(a attribute) bool { return a.changesIdentifiers(o) })

	plan, state := &o.plan, &o.state
	plan.ID, plan.CreatedAt = state.ID, state.CreatedAt
	plan.SchemaURL = unknownIf(schemaChanges, types.StringUnknown(), state.SchemaURL)
	plan.StateChangedAt = unknownIf(!plan.State.Equal(state.State), types.StringUnknown(), state.StateChangedAt)
	plan.UpdatedAt = unknownIf(effectOf(o) >= hidden, types.StringUnknown(), state.UpdatedAt)
	plan.VerifiableAddresses = unknownIf(
		identifiersChange || o.verificationChanges(),
		types.ListUnknown(VerifiableAddressType),
		state.VerifiableAddresses,
	)
	plan.RecoveryAddresses = unknownIf(identifiersChange, types.ListUnknown(RecoveryAddressType), state.RecoveryAddresses)
	plan.Identifiers = unknownIf(
		identifiersChange || credentialsChange,
		types.MapUnknown(IdentifiersType),
		state.Identifiers,
	)
}

// identifiersChange reports whether the planned traits can change login identifiers or addresses.
func (o *operation) identifiersChange(ctx context.Context) bool {
	if o.sameTraits() {
		return false
	}
	taken := o.state.identifierSet()
	changes := false
	eachChange(o.state.Traits, o.plan.Traits, nil, func(at []string, before, after attr.Value) {
		switch {
		case changes:
		case slices.ContainsFunc(texts(before), func(text string) bool { return taken[traitschema.Canonical(text)] }):
			changes = true
		case isScalar(before) && isASCII(before) && len(texts(before)) > 0 &&
			(after == nil || (isScalar(after) && !after.IsUnknown())):
			// The value of the trait isn't among the identifiers, so the schema derives no identifier from this trait. This is
			// certain only for ASCII, because versions of the server normalise other characters differently.
		default:
			changes = o.schemaMarks(ctx, at)
		}
	})
	return changes
}

// schemaMarks reports whether the identity schema may derive an identifier or an address from the trait.
func (o *operation) schemaMarks(ctx context.Context, at []string) bool {
	if o.schemas == nil || len(at) == 0 {
		return true
	}
	s, err := o.schemas.Get(ctx, o.state.SchemaID.ValueString())
	if err != nil {
		tflog.Debug(ctx, "identity schema not available: every new trait may be an address", map[string]any{
			"schema_id": o.state.SchemaID.ValueString(), "error": err.Error(),
		})
		// The plan during an apply may contain fewer unknown values than the first plan, but never more.
		return o.refreshed
	}
	return s.Marks(at)
}
