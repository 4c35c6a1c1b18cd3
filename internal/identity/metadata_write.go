package identity

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	failedToFind           = "Failed to find identity"
	failedToUpdateMetadata = "Failed to update metadata"
)

// Create implements resource.Resource.
func (r *metadataResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	w := metadataWriter{data: r.Data, diags: &resp.Diagnostics}
	w.diags.Append(req.Plan.Get(ctx, &w.plan)...)
	ctx, cancel := w.start(ctx, w.plan.Timeouts.Create)
	defer cancel()
	if w.diags.HasError() {
		return
	}
	named := w.plan
	if named.IdentityID.IsUnknown() {
		named.IdentityID = types.StringNull()
	}
	name, ok := named.names().One(w.diags)
	if !ok {
		return
	}
	found, problem := name.Reference().Find(ctx, r.Data.Client, failedToFind)
	if problem != nil {
		w.addNotFound(name, problem)
		return
	}
	if w.plan.IdentityID.IsUnknown() {
		w.plan.IdentityID = types.StringValue(found.ID)
	}
	switch err := w.send(ctx, found.ID); {
	case errors.Is(err, kratos.ErrNotFound):
		w.addNotFound(name, diag.NewErrorDiagnostic(lookup.NoSuchIdentity, err.Error()+"."))
	case err != nil:
		w.addFailure(err)
	case !w.diags.HasError():
		w.diags.Append(resp.State.Set(ctx, &w.plan)...)
	}
}

// Read implements resource.Resource. A person who is gone takes the resource along.
func (r *metadataResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	var m metadataModel
	diags.Append(req.State.Get(ctx, &m)...)
	if diags.HasError() {
		return
	}
	if r.Data == nil || r.Data.Client == nil {
		r.Data.WarnNotRefreshed(diags)
		return
	}
	timeout, d := m.Timeouts.Read(ctx, defaultTimeout)
	diags.Append(d...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := strings.ToLower(m.IdentityID.ValueString())
	identity, err := r.Data.Client.RefreshIdentity(ctx, id)
	if errors.Is(err, kratos.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddError(diags, "Failed to read identity", err)
		return
	}
	for _, p := range parts {
		p.refresh(&m, identity, diags)
	}
	diags.Append(resp.State.Set(ctx, &m)...)
	r.Data.Walk.MarkRead(id)
}

// Update implements resource.Resource.
func (r *metadataResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	w := metadataWriter{data: r.Data, diags: &resp.Diagnostics}
	w.diags.Append(req.Plan.Get(ctx, &w.plan)...)
	w.diags.Append(req.State.Get(ctx, &w.state)...)
	ctx, cancel := w.start(ctx, w.plan.Timeouts.Update)
	defer cancel()
	if w.diags.HasError() {
		return
	}
	id := w.state.IdentityID.ValueString()
	if !w.plan.sameMetadata(&w.state) {
		switch err := w.send(ctx, strings.ToLower(id)); {
		case errors.Is(err, kratos.ErrNotFound):
			w.diags.AddError(failedToUpdateMetadata, err.Error()+".\n\nThe identity was deleted outside Terraform after "+
				"the plan. Plan again: the resource searches for the identity again.")
		case err != nil:
			w.addFailure(err)
		}
	}
	if !w.diags.HasError() {
		w.diags.Append(resp.State.Set(ctx, &w.plan)...)
	}
}

// Delete implements resource.Resource. It removes the keys, except those that another resource takes. Where the person
// is gone, the keys are gone.
func (r *metadataResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	w := metadataWriter{data: r.Data, diags: &resp.Diagnostics}
	w.diags.Append(req.State.Get(ctx, &w.state)...)
	ctx, cancel := w.start(ctx, w.state.Timeouts.Delete)
	defer cancel()
	if w.diags.HasError() {
		return
	}
	id := w.state.IdentityID.ValueString()
	if err := w.send(ctx, strings.ToLower(id)); err != nil && !errors.Is(err, kratos.ErrNotFound) {
		base.AddError(w.diags, "Failed to remove metadata", err)
	}
}

// metadataWriter brings the metadata of one identity from the state to the plan.
type metadataWriter struct {
	plan, state metadataModel // the zero model for a destroy and a create
	data        *base.Data
	diags       *diag.Diagnostics
}

// start checks that the server is known, and limits the time of the operation.
func (w *metadataWriter) start(
	ctx context.Context, configured func(context.Context, time.Duration) (time.Duration, diag.Diagnostics),
) (context.Context, context.CancelFunc) {
	timeout := defaultTimeout
	if !w.diags.HasError() && w.data.RequireClient(w.diags) {
		var d diag.Diagnostics
		timeout, d = configured(ctx, defaultTimeout)
		w.diags.Append(d...)
	}
	return context.WithTimeout(ctx, timeout)
}

// send sends what differs.
func (w *metadataWriter) send(ctx context.Context, id string) error {
	defer w.data.Locks.Lock(id)()
	p := patcher{client: w.data.Client, diags: w.diags}
	p.operations = func(current *kratos.Identity) []kratos.PatchOperation {
		var ops []kratos.PatchOperation
		for _, part := range parts {
			ops = append(ops, part.patch(&w.plan, &w.state, current, w.data, w.diags)...)
		}
		return ops
	}
	_, _, err := p.run(ctx, id)
	return err
}

func (w *metadataWriter) addFailure(err error) {
	var n nulFinder
	n.inMetadata(metadataPublic.name, w.plan.MetadataPublic)
	n.inMetadata(metadataAdmin.name, w.plan.MetadataAdmin)
	if !n.addTo(w.diags, err) {
		base.AddError(w.diags, failedToUpdateMetadata, err)
	}
}

func (w *metadataWriter) addNotFound(name lookup.Name, problem diag.Diagnostic) {
	if problem.Summary() == lookup.NoSuchIdentity {
		problem = diag.NewErrorDiagnostic(problem.Summary(), problem.Detail()+" "+mustExist)
	}
	w.diags.Append(diag.WithPath(path.Root(name.Attribute), problem))
}
