package identity

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// An existing resource and a new one that adopts: the plan fails if the new one would adopt the identity of the existing
// one, in whichever order Terraform plans them.
func TestDeclare_adoptHeld(t *testing.T) {
	t.Parallel()
	const ada = `{"email":"ada@example.org","name":{"first":"Ada"}}`
	const renamed = `{"email":"ada@example.org","name":{"first":"Augusta"}}`
	const moved = `{"email":"augusta@example.org","name":{"first":"Ada"}}`
	github := types.ObjectValueMust(linkObject("oidc").Type().(types.ObjectType).AttrTypes, map[string]attr.Value{
		"provider": types.StringValue("github"), "subject": types.StringValue("108"), "organization": types.StringNull(),
		"use_auto_link": types.BoolNull(),
	})
	for name, test := range map[string]struct {
		after         string // traits of the existing resource
		newcomer      func(m *model)
		before, later string // external id of the existing resource
		want          string
	}{
		"unchanged":             {ada, func(m *model) { m.Traits = dynamic(t, ada) }, "", "", "Two resources declare one identity"},
		"another trait changes": {renamed, func(m *model) { m.Traits = dynamic(t, ada) }, "", "", "Two resources declare one identity"},
		"address handed on":     {moved, func(m *model) { m.Traits = dynamic(t, ada) }, "", "", "Identity managed by another resource"},
		"external id handed on": {ada, func(m *model) {
			m.Traits, m.ExternalID = dynamic(t, moved), types.StringValue("crm-1")
		}, "crm-1", "crm-2", "Identity managed by another resource"},
		"link of the person": {ada, func(m *model) {
			m.Traits = dynamic(t, moved)
			m.setLinks("oidc", []link{{provider: "github", subject: "108", known: true, value: github}})
		}, "", "", "Identity managed by another resource"},
	} {
		for _, newFirst := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				data, schemas := base.NewData(nil, nil), &schemaStub{document: emailSchema}
				var diags diag.Diagnostics
				existing := operation{data: data, diags: &diags, schemas: schemas}
				existing.state = modelWith(t, func(m *model) {
					m.ID, m.SchemaID, m.Traits = types.StringValue(someIdentity), types.StringValue("s"), dynamic(t, ada)
					m.Identifiers = Identifiers(map[string]kratos.Credential{
						"password": {Identifiers: []string{"ada@example.org"}}, "oidc": {Identifiers: []string{"github:108"}},
					})
					m.ExternalID = types.StringValue(test.before)
				})
				existing.plan = existing.state
				existing.plan.Traits, existing.plan.ExternalID = dynamic(t, test.after), types.StringValue(test.later)
				existing.phones = phonesOf(t.Context(), schemas, existing.plan.SchemaID)
				fresh := operation{data: data, diags: &diags, schemas: schemas, creating: true}
				fresh.plan = modelWith(t, func(m *model) {
					m.SchemaID, m.OnConflict = types.StringValue("s"), types.StringValue(ConflictAdopt)
					test.newcomer(m)
				})
				if newFirst {
					fresh.declareNew(t.Context(), noPrivate{})
				}
				existing.declareKept(t.Context(), noPrivate{})
				if !newFirst {
					fresh.declareNew(t.Context(), noPrivate{})
				}
				expectMessages(t, diags, test.want)
			})
		}
	}
}

// replacing is the private state of a resource that is planned as existing and then as new.
type replacing struct{ noPrivate }

func (replacing) GetKey(context.Context, string) ([]byte, diag.Diagnostics) {
	return []byte(`"` + someIdentity + `"`), nil
}

// A resource that is replaced, and then a new one that adopts its identity.
func TestDeclare_adoptReplaced(t *testing.T) {
	t.Parallel()
	data, schemas := base.NewData(nil, nil), &schemaStub{document: emailSchema}
	var diags diag.Diagnostics
	existing := operation{data: data, diags: &diags, schemas: schemas}
	existing.state = modelWith(t, func(m *model) {
		m.ID, m.SchemaID = types.StringValue(someIdentity), types.StringValue("s")
		m.Traits = dynamic(t, `{"email":"ada@example.org"}`)
		m.Identifiers = Identifiers(map[string]kratos.Credential{"password": {Identifiers: []string{"ada@example.org"}}})
	})
	existing.plan = existing.state
	existing.declareKept(t.Context(), noPrivate{})
	again := operation{data: data, diags: &diags, schemas: schemas, creating: true}
	again.plan = modelWith(t, func(m *model) {
		m.SchemaID, m.Traits = types.StringValue("s"), dynamic(t, `{"email":"grace@example.org"}`)
	})
	again.declareNew(t.Context(), replacing{})
	fresh := operation{data: data, diags: &diags, schemas: schemas, creating: true}
	fresh.plan = modelWith(t, func(m *model) {
		m.SchemaID, m.OnConflict = types.StringValue("s"), types.StringValue(ConflictAdopt)
		m.Traits = dynamic(t, `{"email":"ada@example.org"}`)
	})
	fresh.declareNew(t.Context(), noPrivate{})
	expectMessages(t, diags, "Identity would be replaced before it is adopted")
}
