package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

const identityType = "ory_identity"

// session is a provider that was started and configured for one walk.
type session struct {
	testing.TB
	server tfprotov6.ProviderServer
	schema *tfprotov6.Schema
}

// instance is an identity that the provider has created, in the form in which Terraform stores it.
type instance struct {
	number  int
	state   *tfprotov6.DynamicValue
	private []byte
	id      *tfprotov6.ResourceIdentityData
}

func newSession(tb testing.TB, adminURL string) *session {
	tb.Helper()
	walk, err := acctest.NewWalk(tb.Context(), map[string]any{"admin_url": adminURL, "public_url": adminURL})
	if err != nil {
		tb.Fatal(err)
	}
	return &session{tb, walk, walk.Schemas.ResourceSchemas[identityType]}
}

func (s *session) check(err error, diagnostics []*tfprotov6.Diagnostic) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	for _, d := range diagnostics {
		s.Fatalf("%s: %s: %s", d.Attribute, d.Summary, d.Detail)
	}
}

// encode makes an object of a schema's type. Attributes without a value are null.
func (s *session) encode(schema *tfprotov6.Schema, values map[string]tftypes.Value) *tfprotov6.DynamicValue {
	s.Helper()
	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		s.Fatalf("the schema's type is %s", schema.ValueType())
	}
	all := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		all[name] = tftypes.NewValue(kind, nil)
		if value, ok := values[name]; ok {
			all[name] = value
		}
	}
	return s.dynamic(object, tftypes.NewValue(object, all))
}

func (s *session) dynamic(kind tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	s.Helper()
	encoded, err := tfprotov6.NewDynamicValue(kind, value)
	if err != nil {
		s.Fatal(err)
	}
	return &encoded
}

func (s *session) decode(encoded *tfprotov6.DynamicValue) tftypes.Value {
	s.Helper()
	value, err := encoded.Unmarshal(s.schema.ValueType())
	if err != nil {
		s.Fatal(err)
	}
	return value
}

// null returns a null object.
func (s *session) null() *tfprotov6.DynamicValue {
	s.Helper()
	return s.dynamic(s.schema.ValueType(), tftypes.NewValue(s.schema.ValueType(), nil))
}

func newTraits(number int, last string) tftypes.Value {
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	object := func(values map[string]tftypes.Value) tftypes.Value {
		types := map[string]tftypes.Type{}
		for name, value := range values {
			types[name] = value.Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
	}
	return object(map[string]tftypes.Value{
		"email": text(fmt.Sprintf("user-%d@example.org", number)),
		"name":  object(map[string]tftypes.Value{"first": text(fmt.Sprintf("User %d", number)), "last": text(last)}),
	})
}

// config returns the configuration of an identity with only schema_id and traits.
func (s *session) config(number int, last string) *tfprotov6.DynamicValue {
	s.Helper()
	return s.encode(s.schema, map[string]tftypes.Value{
		"schema_id": tftypes.NewValue(tftypes.String, "preset://email"),
		"traits":    newTraits(number, last),
	})
}

// proposed returns the state with other traits, as Terraform proposes it for an update.
func (s *session) proposed(i instance, last string) *tfprotov6.DynamicValue {
	s.Helper()
	values := map[string]tftypes.Value{}
	if err := s.decode(i.state).As(&values); err != nil {
		s.Fatal(err)
	}
	values["traits"] = newTraits(i.number, last)
	return s.encode(s.schema, values)
}

func (s *session) validate(config *tfprotov6.DynamicValue) {
	resp, err := s.server.ValidateResourceConfig(s.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: identityType, Config: config,
	})
	s.check(err, resp.Diagnostics)
}

func (s *session) plan(request *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	request.TypeName = identityType
	resp, err := s.server.PlanResourceChange(s.Context(), request)
	s.check(err, resp.Diagnostics)
	return resp
}

func (s *session) apply(request *tfprotov6.ApplyResourceChangeRequest) *tfprotov6.ApplyResourceChangeResponse {
	request.TypeName = identityType
	resp, err := s.server.ApplyResourceChange(s.Context(), request)
	s.check(err, resp.Diagnostics)
	return resp
}

func (s *session) read(i instance) *tfprotov6.ReadResourceResponse {
	resp, err := s.server.ReadResource(s.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: identityType, CurrentState: i.state, Private: i.private, CurrentIdentity: i.id,
	})
	s.check(err, resp.Diagnostics)
	return resp
}

// refresh reads an instance.
func (s *session) refresh(i instance) instance {
	read := s.read(i)
	return instance{i.number, read.NewState, read.Private, read.NewIdentity}
}

// planOfCreate returns Terraform's request to plan a new identity.
func (s *session) planOfCreate(number int) *tfprotov6.PlanResourceChangeRequest {
	config := s.config(number, "Lovelace")
	return &tfprotov6.PlanResourceChangeRequest{PriorState: s.null(), ProposedNewState: config, Config: config}
}

// planOfUpdate returns Terraform's request to plan an identity whose configured last name may differ from the state.
func (s *session) planOfUpdate(i instance, last string) *tfprotov6.PlanResourceChangeRequest {
	return &tfprotov6.PlanResourceChangeRequest{
		PriorState: i.state, ProposedNewState: s.proposed(i, last), Config: s.config(i.number, last),
		PriorPrivate: i.private, PriorIdentity: i.id,
	}
}

// applyOf returns the request that applies a plan.
func applyOf(request *tfprotov6.PlanResourceChangeRequest, plan *tfprotov6.PlanResourceChangeResponse,
) *tfprotov6.ApplyResourceChangeRequest {
	return &tfprotov6.ApplyResourceChangeRequest{
		PriorState: request.PriorState, PlannedState: plan.PlannedState, Config: request.Config,
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	}
}

// newInstances creates identities in a separate walk.
func newInstances(tb testing.TB, adminURL string, n int) []instance {
	tb.Helper()
	s := newSession(tb, adminURL)
	instances := make([]instance, n)
	for number := range instances {
		request := s.planOfCreate(number)
		resp := s.apply(applyOf(request, s.plan(request)))
		instances[number] = instance{number, resp.NewState, resp.Private, resp.NewIdentity}
	}
	return instances
}

// The measured calls do what their names tell.
func TestRPC_lifecycle(t *testing.T) {
	t.Parallel()
	url := newFakeAdmin(t).url
	created, s := newInstances(t, url, 1)[0], newSession(t, url)
	prior := s.decode(created.state)
	refreshed := s.refresh(created)
	if has := s.decode(refreshed.state); !has.Equal(prior) {
		t.Errorf("read %s after the create of %s", has, prior)
	}
	if planned := s.decode(s.plan(s.planOfUpdate(refreshed, "Lovelace")).PlannedState); !planned.Equal(prior) {
		t.Errorf("the plan without a change has %s, want %s", planned, prior)
	}
	s = newSession(t, url)
	request := s.planOfUpdate(s.refresh(created), "Byron")
	updated := newSession(t, url).apply(applyOf(request, s.plan(request)))
	path := tftypes.NewAttributePath().WithAttributeName("traits")
	traits, _, err := tftypes.WalkAttributePath(s.decode(updated.NewState), path)
	if want := newTraits(created.number, "Byron"); err != nil || !traits.(tftypes.Value).Equal(want) {
		t.Errorf("the update left the traits %v (%v), want %s", traits, err, want)
	}
}
