package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

// schemas is a server that has one identity schema.
type schemas struct{}

const emailSchema = `{"properties":{"traits":{"type":"object","properties":{
	"email":{"type":"string","format":"email","ory.sh/kratos":{
		"credentials":{"password":{"identifier":true}},"verification":{"via":"email"}}},
	"name":{"type":"object"}},"additionalProperties":false}}}`

func (schemas) PeekIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(emailSchema), nil
}

func (schemas) GetIdentitySchema(context.Context, string) (json.RawMessage, error) {
	return json.RawMessage(emailSchema), nil
}

// newData returns the data of a walk without a client, but with the schema.
func newData() *base.Data {
	data := base.NewData(nil, nil)
	data.Schemas = traitschema.NewCache(schemas{})
	return data
}

// dataOf returns the data of a walk with a client of a server, without a schema.
func dataOf(t *testing.T, server http.Handler) *base.Data {
	t.Helper()
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	client, err := kratos.New(kratos.Config{AdminURL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	return base.NewData(batch.New(client, batch.Options{}), nil)
}

// newPlanner returns a planner of a resource that is in the state with the same documents.
func newPlanner(t testing.TB, state, config model) *planner {
	t.Helper()
	data := newData()
	p := &planner{bulkResource: &bulkResource{}, rules: identity.NewRows(data), state: state, config: config, plan: config}
	p.Data = data
	data.Walk.MarkRead(state.ID.ValueString())
	p.diags = new(diag.Diagnostics)
	p.creating = state.ID.IsNull()
	return p
}

// modelOf returns a model with rows, and with ids if they exist.
func modelOf(identities string, exist bool) model {
	m := model{
		SchemaID: types.StringValue("preset://email"), Identities: types.StringValue(identities),
		OnConflict: types.StringValue(identity.ConflictError), DeletionPolicy: types.StringValue(identity.DeletionDelete),
	}
	if !exist {
		return m
	}
	rows, err := parseDocument(identities)
	if err != nil {
		panic(err)
	}
	ids := map[string]string{}
	for n, key := range rows.keys() {
		ids[key] = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}
	m.ID, m.IDs = types.StringValue("00000000-0000-4000-8000-000000000000"), types.StringValue(documentOf(ids).String())
	return m
}

func manyPeople(n int) string {
	d := document{}
	for i := range n {
		d[fmt.Sprintf("k%06d", i)] = json.RawMessage(fmt.Sprintf(
			`{"traits":{"email":"p%d@example.org","name":{"first":"Ada","last":"Lovelace"}},"verified_addresses":["p%d@example.org"]}`, i, i))
	}
	return d.String()
}

// BenchmarkPlan is a plan without changes of 10,000 rows.
func BenchmarkPlan(b *testing.B) {
	text := manyPeople(10_000)
	state, config := modelOf(text, true), modelOf(text, false)
	b.ReportAllocs()
	for b.Loop() {
		p := newPlanner(b, state, config)
		p.planChange(b.Context())
		if p.diags.HasError() || p.plan.IDs.IsUnknown() {
			b.Fatal(p.diags)
		}
	}
}

// BenchmarkPlanCreate is a plan of 10,000 new rows.
func BenchmarkPlanCreate(b *testing.B) {
	config := modelOf(manyPeople(10_000), false)
	b.ReportAllocs()
	for b.Loop() {
		p := newPlanner(b, model{}, config)
		p.planChange(b.Context())
		if p.diags.HasError() {
			b.Fatal(p.diags)
		}
	}
}

// BenchmarkRefresh compares 10,000 rows with what the server has.
func BenchmarkRefresh(b *testing.B) {
	state := modelOf(manyPeople(10_000), true)
	rules := identity.NewRows(newData())
	rows := parsePeople(&state)
	found := map[string]*kratos.Identity{}
	for key, e := range rows.byKey {
		found[key] = &kratos.Identity{
			ID: e.id, SchemaID: e.row.SchemaID, Traits: e.row.Traits, State: "active",
			VerifiableAddresses: []kratos.VerifiableAddress{{Value: e.row.VerifiedAddresses[0], Verified: true, Via: "email"}},
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		rows := parsePeople(&state)
		for key, e := range rows.byKey {
			if !rules.Refresh(b.Context(), e.row, found[key]).Equal(e.row) {
				b.Fatal(key)
			}
		}
	}
}

// BenchmarkBodies makes the requests of 10,000 rows.
func BenchmarkBodies(b *testing.B) {
	state := modelOf(manyPeople(10_000), true)
	rows := parsePeople(&state)
	m := maker{rules: identity.NewRows(newData())}
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range rows.byKey {
			if p := m.newPending(b.Context(), e); p.problem != "" {
				b.Fatal(p.problem)
			}
		}
	}
}
