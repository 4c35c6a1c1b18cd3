package protocol

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func (d *direct) plan(
	ctx context.Context,
	t *directType,
	req *tfprotov6.PlanResourceChangeRequest,
) *tfprotov6.PlanResourceChangeResponse {
	ctx, end := d.begin(ctx)
	defer end()
	var diags diag.Diagnostics
	r := d.configured(ctx, t, &diags)
	prior := t.decode(req.PriorState, &diags)
	proposed := prior
	if !sameBytes(req.PriorState, req.ProposedNewState) { // they are equal if the configuration hasn't changed
		proposed = t.decode(req.ProposedNewState, &diags)
	}
	plan := resource.ModifyPlanRequest{
		Config:             tfsdk.Config{Schema: t.schema, Raw: t.decode(req.Config, &diags)},
		Plan:               tfsdk.Plan{Schema: t.schema, Raw: proposed},
		State:              tfsdk.State{Schema: t.schema, Raw: prior},
		Identity:           t.resourceIdentity(req.PriorIdentity, &diags),
		ClientCapabilities: planCapabilities(req.ClientCapabilities),
	}
	plan.Private = loadPrivate(ctx, plan.Private, req.PriorPrivate, &diags)
	resp := resource.ModifyPlanResponse{Plan: plan.Plan, Identity: plan.Identity, Private: plan.Private}
	if !diags.HasError() {
		resp.Diagnostics = diags
		r.ModifyPlan(ctx, plan, &resp)
		diags = resp.Diagnostics
	}
	answer := &tfprotov6.PlanResourceChangeResponse{
		PlannedState:    encode(resp.Plan.Raw, t.state, &diags),
		PlannedIdentity: t.identityData(resp.Identity, &diags),
		PlannedPrivate:  t.savePrivate(ctx, resp.Private, &diags),
	}
	answer.Diagnostics = protocolDiagnostics(ctx, diags)
	return answer
}

func sameBytes(a, b *tfprotov6.DynamicValue) bool {
	return a != nil && b != nil && len(a.MsgPack) > 0 && bytes.Equal(a.MsgPack, b.MsgPack)
}

func planCapabilities(c *tfprotov6.PlanResourceChangeClientCapabilities) resource.ModifyPlanClientCapabilities {
	return resource.ModifyPlanClientCapabilities{DeferralAllowed: c != nil && c.DeferralAllowed}
}

func (d *direct) read(
	ctx context.Context,
	t *directType,
	req *tfprotov6.ReadResourceRequest,
) *tfprotov6.ReadResourceResponse {
	ctx, end := d.begin(ctx)
	defer end()
	var diags diag.Diagnostics
	r := d.configured(ctx, t, &diags)
	read := resource.ReadRequest{
		State:    tfsdk.State{Schema: t.schema, Raw: t.decode(req.CurrentState, &diags)},
		Identity: t.resourceIdentity(req.CurrentIdentity, &diags),
	}
	read.Private = loadPrivate(ctx, read.Private, req.Private, &diags)
	resp := resource.ReadResponse{State: read.State, Identity: read.Identity, Private: read.Private}
	if !diags.HasError() {
		resp.Diagnostics = diags
		r.Read(ctx, read, &resp)
		diags = resp.Diagnostics
	}
	answer := &tfprotov6.ReadResourceResponse{
		NewState:    encode(resp.State.Raw, t.state, &diags),
		NewIdentity: t.identityData(resp.Identity, &diags),
		Private:     t.savePrivate(ctx, resp.Private, &diags),
	}
	answer.Diagnostics = protocolDiagnostics(ctx, diags)
	return answer
}

// apply creates if there is no prior state, deletes if there is no planned state, and updates otherwise.
func (d *direct) apply(
	ctx context.Context,
	t *directType,
	req *tfprotov6.ApplyResourceChangeRequest,
) *tfprotov6.ApplyResourceChangeResponse {
	ctx, end := d.begin(ctx)
	defer end()
	var diags diag.Diagnostics
	a := application{
		resource: d.configured(ctx, t, &diags),
		config:   tfsdk.Config{Schema: t.schema, Raw: t.decode(req.Config, &diags)},
		planned:  tfsdk.Plan{Schema: t.schema, Raw: t.decode(req.PlannedState, &diags)},
		state:    tfsdk.State{Schema: t.schema, Raw: t.decode(req.PriorState, &diags)},
		identity: t.resourceIdentity(req.PlannedIdentity, &diags),
		private:  req.PlannedPrivate,
	}
	a.savePrivate = t.savePrivate
	if !diags.HasError() {
		switch {
		case a.state.Raw.IsNull():
			a.create(ctx, &diags)
		case a.planned.Raw.IsNull():
			a.delete(ctx, &diags)
		default:
			a.update(ctx, &diags)
		}
	}
	answer := &tfprotov6.ApplyResourceChangeResponse{
		NewState:    encode(a.state.Raw, t.state, &diags),
		NewIdentity: t.identityData(a.identity, &diags),
		Private:     a.private,
	}
	answer.Diagnostics = protocolDiagnostics(ctx, diags)
	return answer
}

// application is one apply call. The call answers with state, identity and private.
type application struct {
	resource    DirectResource
	config      tfsdk.Config
	planned     tfsdk.Plan
	state       tfsdk.State
	identity    *tfsdk.ResourceIdentity
	private     []byte
	savePrivate func(context.Context, privateState, *diag.Diagnostics) []byte
}

func (a *application) create(ctx context.Context, diags *diag.Diagnostics) {
	resp := resource.CreateResponse{State: a.state, Identity: a.identity, Diagnostics: *diags}
	resp.Private = loadPrivate(ctx, resp.Private, nil, diags)
	a.resource.Create(ctx, resource.CreateRequest{Config: a.config, Plan: a.planned, Identity: a.identity}, &resp)
	*diags = resp.Diagnostics
	if resp.State.Raw.IsNull() && !diags.HasError() {
		diags.AddError("Provider defect", "The provider reported no error and returned no state. The identity "+
			"may exist. Please report this to the provider's developers.")
	}
	a.state, a.identity, a.private = resp.State, resp.Identity, a.savePrivate(ctx, resp.Private, diags)
}

func (a *application) update(ctx context.Context, diags *diag.Diagnostics) {
	req := resource.UpdateRequest{Config: a.config, Plan: a.planned, State: a.state, Identity: a.identity}
	req.Private = loadPrivate(ctx, req.Private, a.private, diags)
	resp := resource.UpdateResponse{State: a.state, Identity: a.identity, Private: req.Private, Diagnostics: *diags}
	a.resource.Update(ctx, req, &resp)
	*diags = resp.Diagnostics
	a.state, a.identity, a.private = resp.State, resp.Identity, a.savePrivate(ctx, resp.Private, diags)
}

func (a *application) delete(ctx context.Context, diags *diag.Diagnostics) {
	req := resource.DeleteRequest{State: a.state, Identity: a.identity}
	req.Private = loadPrivate(ctx, req.Private, a.private, diags)
	resp := resource.DeleteResponse{State: a.state, Identity: a.identity, Private: req.Private, Diagnostics: *diags}
	a.resource.Delete(ctx, req, &resp)
	*diags = resp.Diagnostics
	if !diags.HasError() {
		a.state.Raw = tftypes.NewValue(a.state.Raw.Type(), nil)
		a.identity.Raw = tftypes.NewValue(a.identity.Raw.Type(), nil)
		a.private = nil
		return
	}
	a.state, a.identity, a.private = resp.State, resp.Identity, a.savePrivate(ctx, resp.Private, diags)
}

// upgrade answers for a state of the current schema version with the state's JSON, which Terraform accepts unchanged.
// Decoding and encoding the state would take a quarter of the cost of a plan. upgrade leaves a state of another
// version, or with an attribute that the schema doesn't have, to the framework. (A change of nested attributes needs a
// new schema version.)
func (t *directType) upgrade(
	req *tfprotov6.UpgradeResourceStateRequest,
) (resp *tfprotov6.UpgradeResourceStateResponse, done bool) {
	if req.Version != t.schema.Version || req.RawState == nil || len(req.RawState.JSON) == 0 {
		return nil, false
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(req.RawState.JSON, &members); err != nil || members == nil {
		return nil, false
	}
	object, ok := t.state.(tftypes.Object)
	if !ok {
		return nil, false
	}
	for name := range members {
		if _, known := object.AttributeTypes[name]; !known {
			return nil, false
		}
	}
	state := &tfprotov6.DynamicValue{JSON: req.RawState.JSON}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: state}, true
}
