package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// factor is a member of credentials that is a second factor or a set of passkeys. Servers after v26.2 accept it in a
// create, and all servers accept it in a JSON Patch. An update always uses a JSON Patch, because a PUT adds codes and
// keys and doesn't replace them, and servers up to v26.2 ignore unknown members of a PUT.
//
// In v1.3 a JSON Patch doesn't see the existing credentials. It can set a whole credential, but it can't change a part
// of a credential or remove one.
type factor struct {
	unmanaged
	kind  string // the type of credential, which is also the name of the member
	since string // the servers that support it, empty for all
	form  factorForm
}

// factorForm has the methods that differ between the types of factor. configured is the member of the configuration,
// and before the member of the state.
type factorForm interface {
	attribute() schema.SingleNestedAttribute

	// changed returns the attribute of the member whose change requires the factor to be sent. ok is false if there is
	// none.
	changed(now, before types.Object) (name string, ok bool)

	// check adds errors for values that the server accepts although nobody can sign in with them. It skips unknown values:
	// a create and an update check again when all values are known.
	check(at path.Path, configured types.Object, diags *diag.Diagnostics)

	// importInto adds the factor to the body of a create.
	importInto(credentials *kratos.IdentityCredentials, configured types.Object)

	// operations returns the JSON Patch that sets the factor of an identity. has is its current credential of the same
	// type.
	operations(id string, configured, before types.Object, has kratos.Credential) ([]kratos.PatchOperation, error)

	// marks returns texts that distinguish the factor from a factor that the person sets later. They never contain a
	// secret. earlier are the marks that Terraform has set before.
	marks(configured, before types.Object, earlier []string) []string

	// dropped returns the marks, among those that Terraform has set, that the plan no longer has.
	dropped(marks []string, planned types.Object) []string

	// finds reports whether the identity has a factor with one of the marks.
	finds(has kratos.Credential, marks []string) bool

	// remove removes the factors that have one of the marks.
	remove(ctx context.Context, c client, id string, has kratos.Credential, marks []string) error

	// withPending returns the planned member and, in addition, the factors of the state that have one of the marks.
	withPending(planned, before types.Object, marks []string) types.Object
}

func (f factor) member() (string, schema.Attribute) { return f.kind, f.form.attribute() }

func (f factor) path() path.Path { return credentialPath(f.kind) }

// of returns the member in a model. An untyped null stands for the member of null credentials, to save time.
func (f factor) of(m *model) types.Object {
	if m.Credentials.IsNull() {
		return types.Object{}
	}
	object, _ := m.credential(f.kind).(types.Object)
	return object
}

// plan removes the write-only values from the plan.
func (f factor) plan(o *operation) {
	planned := f.of(&o.plan)
	if planned.IsNull() || planned.IsUnknown() {
		return
	}
	members := planned.Attributes()
	for name := range members {
		if strings.HasSuffix(name, writeOnlySuffix) {
			members[name] = planned.AttributeTypes(context.Background())[name].ValueType(context.Background()) // null
		}
	}
	o.plan.setCredential(f.kind, types.ObjectValueMust(planned.AttributeTypes(context.Background()), members))
}

// differs returns the path of the attribute in the plan that the state doesn't have.
func (f factor) differs(o *operation) (path.Path, bool) {
	planned := f.of(&o.plan)
	switch {
	case planned.IsNull():
		return path.Empty(), false
	case planned.IsUnknown():
		return f.path(), true
	}
	name, ok := f.form.changed(planned, f.of(&o.state))
	return f.path().AtName(name), ok
}

// sends reports whether the apply sets the factor.
func (f factor) sends(o *operation) bool {
	_, differs := f.differs(o)
	return differs && !o.imported
}

// dropped returns the marks of the factors that Terraform has set and the plan drops. A factor that the state no longer
// has was removed outside Terraform.
func (f factor) dropped(o *operation) []string {
	marks := o.owned.Factors[f.kind]
	if len(marks) == 0 || f.of(&o.plan).IsUnknown() || f.of(&o.state).IsNull() {
		return nil
	}
	return f.form.dropped(marks, f.of(&o.plan))
}

// effect ignores changes that are only recorded, because password compares credentials as a whole.
func (f factor) effect(o *operation) effect {
	switch {
	case f.sends(o):
		return patched
	case len(f.dropped(o)) > 0:
		return credentialSent
	}
	return unchanged
}

func (f factor) changesIdentifiers(o *operation) bool {
	if len(f.dropped(o)) > 0 {
		return true
	}
	_, has := o.state.identifiers()[f.kind]
	return f.sends(o) && (!has || f.kind == credential.Passkey)
}

func (f factor) check(ctx context.Context, o *operation) {
	at, differs := f.differs(o)
	switch {
	case f.of(&o.plan).IsUnknown(): // it may turn out to be null
	case differs && o.imported:
		o.diags.AddAttributeWarning(at, "Credential not sent after import", fmt.Sprintf("The identity was imported or "+
			"moved, and the person may have set %s. This apply only records %s and sends nothing. If the identity has no "+
			"such credential, the next plan shows that it is missing, and the next apply sets it. To replace the "+
			"credential of the person, change the value (or the version of a write-only value) after this "+
			"apply.", credential.Plural(f.kind), f.path()))
	case differs && f.since != "":
		o.refuseWithoutPatches(ctx, at, f)
	case f.of(&o.plan).IsNull() && !f.of(&o.state).IsNull() && len(f.dropped(o)) == 0:
		o.diags.AddAttributeWarning(f.path(), "Credential remains on the server", fmt.Sprintf("The configuration no "+
			"longer has %s. Terraform did not set the credential of the identity, so Terraform only removes it from the "+
			"state. The credential remains on the server.", f.path()))
	}
}

func (f factor) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	if configured := f.of(&o.config); !configured.IsNull() {
		f.form.check(f.path(), configured, o.diags)
		f.form.importInto(credentialsOf(body), configured)
	}
}

func (f factor) isOurs(_ *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	_, has := identity.Credentials[f.kind]
	return has || identity.Credentials == nil || !slices.Contains(body.Credentials.Factors(), f.kind)
}

// patch needs the config of the credential in current if it has keys: see included.
func (f factor) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	if !f.sends(o) {
		return nil
	}
	configured := f.of(&o.config)
	f.form.check(f.path(), configured, o.diags)
	has, exists := current.Credentials[f.kind]
	if exists && !has.Known && f.since != "" { // without its keys, the patch would replace the keys of the person
		f.addUnread(o, current.ID)
		return nil
	}
	ops, err := f.form.operations(current.ID, configured, f.of(&o.state), has)
	if err != nil {
		addDefect(o.diags, err)
	}
	return ops
}

// addUnread adds an error if the server leaves out the content of a credential that was asked for.
func (f factor) addUnread(o *operation, id string) {
	o.diags.AddAttributeError(f.path(), "Credential not readable", fmt.Sprintf("The identity %s has %s, but the answer "+
		"of the server does not contain its content, although the provider asked for it (include_credential). A proxy or "+
		"gateway between the provider and Kratos may drop the query or parts of the answer. The credential is unchanged.",
		id, credential.Plural(f.kind)))
}

// included returns the types of credential whose config the patches of an update need: those that have keys, which the
// patch adds to the keys that the person has.
func (o *operation) included() []string {
	var kinds []string
	for _, a := range managed {
		if f, ok := a.(factor); ok && f.since != "" && f.sends(o) {
			kinds = append(kinds, f.kind)
		}
	}
	return kinds
}

// answered records that Terraform has set the factor. If the answer is a success without the factor, the server has
// ignored the factor.
func (f factor) answered(o *operation, sent func(string) bool, identity *kratos.Identity) {
	configured := f.of(&o.config)
	if configured.IsNull() || !sent("credentials/"+f.kind) || o.staged {
		return
	}
	if _, has := identity.Credentials[f.kind]; !has && identity.Credentials != nil {
		o.diags.AddAttributeError(f.path(), "Credential ignored by the server", ignoredAttribute+" The identity does "+
			"not have the credential "+f.path().String()+". Check the proxies and gateways between the provider and "+
			"Kratos, or upgrade the server.")
		o.plan.setCredential(f.kind, nullOf(&o.plan, f.kind))
		return
	}
	o.owned.setFactor(f.kind, f.form.marks(configured, f.of(&o.state), o.owned.Factors[f.kind]))
}

// refresh removes the factor from the model if the person has no factor of this type any more. A replaced factor is no
// drift.
func (f factor) refresh(m *model, identity *kratos.Identity, _ *owned, _ *diag.Diagnostics) {
	if identity.Credentials == nil || f.of(m).IsNull() {
		return
	}
	has, ok := identity.Credentials[f.kind]
	if !ok || f.kind == credential.WebAuthn && has.Known && len(has.Keys) == 0 {
		m.setCredential(f.kind, nullOf(m, f.kind))
	}
}

// nullOf returns the null value of a member of credentials.
func nullOf(m *model, kind string) types.Object {
	memberType, _ := m.Credentials.AttributeTypes(context.Background())[kind].(types.ObjectType)
	return types.ObjectNull(memberType.AttributeTypes())
}

// unsent adds nothing, because an earlier JSON Patch has set the factor.
func (factor) unsent(*operation, *kratos.IdentityCredentials) bool { return false }

// formValidator refuses values that nobody can sign in with.
type formValidator struct{ form factorForm }

func (formValidator) Description(context.Context) string {
	return "values that the person can sign in with"
}

func (v formValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v formValidator) ValidateObject(
	_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse,
) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() {
		v.form.check(req.Path, req.ConfigValue, &resp.Diagnostics)
	}
}
