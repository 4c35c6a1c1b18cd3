package hostile_test

import (
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// plan imports, refreshes, reads the data sources and plans every resource of the configuration and the state.
func (w *walk) plan() map[string][]change {
	each(w, w.config.imports, w.importState)
	each(w, w.core.instances(), w.refresh)
	each(w, w.config.data, w.readData)
	each(w, w.config.ephemeral, w.open)
	if w.result.failed {
		return nil
	}
	all := map[string]object{}
	for address := range w.core.instances() {
		all[address] = nil
	}
	maps.Copy(all, w.config.resources)
	changes := map[string][]change{}
	each(w, all, func(address string, attributes object) {
		if steps := w.planOne(address, attributes); len(steps) > 0 {
			w.mu.Lock()
			defer w.mu.Unlock()
			changes[address] = steps
		}
	})
	return changes
}

func (w *walk) importState(address, id string) {
	if _, known := w.core.instances()[address]; known {
		return
	}
	resp, err := w.ImportResourceState(w.ctx, &tfprotov6.ImportResourceStateRequest{TypeName: typeOf(address), ID: id})
	if !w.heard(address, err, resp.Diagnostics) {
		return
	}
	for _, imported := range resp.ImportedResources {
		w.keep(address, &instance{state: imported.State, private: imported.Private, identity: imported.Identity})
	}
}

func (w *walk) refresh(address string, prior *instance) {
	resp, err := w.ReadResource(w.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: typeOf(address), CurrentState: prior.state, Private: prior.private, CurrentIdentity: prior.identity,
	})
	if !w.heard(address, err, resp.Diagnostics) {
		return
	}
	w.keep(address, &instance{
		state: resp.NewState, private: resp.Private, identity: resp.NewIdentity, tainted: prior.tainted,
	})
}

func (w *walk) readData(address string, attributes object) {
	config, err := acctest.Encoded(w.Schemas.DataSourceSchemas[typeOf(address)], attributes)
	if !w.heard(address, err, nil) {
		return
	}
	resp, err := w.ReadDataSource(w.ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeOf(address), Config: config})
	w.heard(address, err, resp.Diagnostics)
}

func (w *walk) open(address string, attributes object) {
	config, err := acctest.Encoded(w.Schemas.EphemeralResourceSchemas[typeOf(address)], attributes)
	if !w.heard(address, err, nil) {
		return
	}
	resp, err := w.OpenEphemeralResource(w.ctx, &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: typeOf(address), Config: config,
	})
	w.heard(address, err, resp.Diagnostics)
}

func (w *walk) invoke(address string, attributes object) {
	config, err := acctest.Encoded(w.Schemas.ActionSchemas[typeOf(address)].Schema, attributes)
	if !w.heard(address, err, nil) {
		return
	}
	server, ok := w.ProviderServer.(tfprotov6.ActionServer)
	if !ok {
		w.heard(address, errNoActions, nil)
		return
	}
	stream, err := server.InvokeAction(w.ctx, &tfprotov6.InvokeActionRequest{
		ActionType: typeOf(address), Config: config,
	})
	if !w.heard(address, err, nil) {
		return
	}
	for event := range stream.Events {
		if done, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
			w.heard(address, nil, done.Diagnostics)
		}
	}
}

var errNoActions = errors.New("the provider's server has no actions")

// planOne plans one resource. Attributes that are nil mean that the resource is no longer configured.
func (w *walk) planOne(address string, attributes object) []change {
	prior := w.core.instances()[address]
	if attributes == nil {
		step, ok := w.planStep(address, nil, prior)
		return steps(ok, step)
	}
	if prior != nil && prior.tainted {
		gone, ok := w.planStep(address, nil, prior)
		made, both := w.planStep(address, attributes, nil)
		return steps(ok && both, gone, made)
	}
	step, ok := w.planStep(address, attributes, prior)
	if prior == nil || !ok {
		return steps(ok, step)
	}
	before, err := step.prior.Unmarshal(w.schema(address).ValueType())
	if !w.heard(address, err, nil) {
		return nil
	}
	after, err := step.planned.Unmarshal(w.schema(address).ValueType())
	return steps(w.heard(address, err, nil) && !after.Equal(before), step)
}

func steps(ok bool, all ...change) []change {
	if !ok {
		return nil
	}
	return all
}

// planStep plans a create (without a prior state), a destroy (without attributes) or an update.
func (w *walk) planStep(address string, attributes object, prior *instance) (step change, ok bool) {
	schema := w.schema(address)
	null, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), nil))
	if !w.heard(address, err, nil) {
		return step, false
	}
	step = change{config: &null, prior: &null}
	proposed := &null
	if prior != nil {
		step.prior, step.private, step.identity = prior.state, prior.private, prior.identity
	}
	if attributes != nil {
		step.config, err = acctest.Encoded(schema, attributes)
		if w.heard(address, err, nil) {
			proposed, err = proposedNew(schema, step.config, step.prior)
		}
		if !w.heard(address, err, nil) || !w.validate(address, step.config) {
			return step, false
		}
	}
	resp, err := w.PlanResourceChange(w.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeOf(address), Config: step.config, PriorState: step.prior, ProposedNewState: proposed,
		PriorPrivate: step.private, PriorIdentity: step.identity,
	})
	if !w.heard(address, err, resp.Diagnostics) {
		return step, false
	}
	step.planned, step.private, step.identity = resp.PlannedState, resp.PlannedPrivate, resp.PlannedIdentity
	return step, true
}

func (w *walk) validate(address string, config *tfprotov6.DynamicValue) bool {
	resp, err := w.ValidateResourceConfig(w.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeOf(address), Config: config,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	return w.heard(address, err, resp.Diagnostics)
}

// apply carries out one step and keeps what is left of it.
func (w *walk) apply(address string, step change) bool {
	resp, err := w.ApplyResourceChange(w.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeOf(address), Config: step.config, PriorState: step.prior, PlannedState: step.planned,
		PlannedPrivate: step.private, PlannedIdentity: step.identity,
	})
	ok := w.heard(address, err, resp.Diagnostics)
	isCreate := w.isNull(address, step.prior)
	w.keep(address, &instance{
		state: resp.NewState, private: resp.Private, identity: resp.NewIdentity, tainted: isCreate && !ok,
	})
	return ok
}

// proposedNew is the configuration with the prior values of computed attributes and without write-only values.
func proposedNew(schema *tfprotov6.Schema, config, prior *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	kind := schema.ValueType()
	wanted, err := config.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	had, err := prior.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	members, before := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	if err := wanted.As(&members); err != nil {
		return nil, err
	}
	if err := had.As(&before); err != nil {
		return nil, err
	}
	for _, attribute := range schema.Block.Attributes {
		if value, ok := before[attribute.Name]; ok && attribute.Computed && members[attribute.Name].IsNull() {
			members[attribute.Name] = value
		}
	}
	proposed, err := tftypes.Transform(tftypes.NewValue(kind, members), withoutWriteOnly)
	if err != nil {
		return nil, err
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, proposed)
	return &encoded, err
}

// withoutWriteOnly takes out the values whose names say that they are write-only.
func withoutWriteOnly(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
	name, _ := path.LastStep().(tftypes.AttributeName)
	switch name {
	case "value_wo", "hash_wo", "url_wo", "codes_wo", "passwords_wo", "password_hashes_wo":
		return tftypes.NewValue(value.Type(), nil), nil
	default:
		return value, nil
	}
}
