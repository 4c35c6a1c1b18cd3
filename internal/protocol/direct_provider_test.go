package protocol_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
)

// These texts of a note change how the resource behaves.
const (
	textRefused    = "refused"     // a create fails and leaves nothing behind; an update fails
	textUnfinished = "unfinished"  // a create fails and leaves a note behind
	textWaits      = "waits"       // every call lasts until its context ends
	textStays      = "can't leave" // a delete fails
)

// notesProvider is testProvider with the resource note, which can be served directly.
type notesProvider struct {
	testProvider
	notes      *notes
	configured any
}

var _ protocol.DirectProvider = (*notesProvider)(nil)

func newNotesProvider() *notesProvider {
	return &notesProvider{notes: &notes{texts: map[string]string{}, waits: make(chan struct{}, 1)}}
}

func (p *notesProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.configured = p.notes
	resp.ResourceData = p.notes
}

func (p *notesProvider) Resources(ctx context.Context) []func() resource.Resource {
	return append(p.testProvider.Resources(ctx), func() resource.Resource { return &note{} })
}

func (*notesProvider) DirectResources() map[string]func() protocol.DirectResource {
	return map[string]func() protocol.DirectResource{"test_note": func() protocol.DirectResource { return &note{} }}
}

func (p *notesProvider) ResourceData() any { return p.configured }

// notes holds the texts of the existing notes.
type notes struct {
	waits chan struct{} // receives when a call waits

	mu      sync.Mutex
	texts   map[string]string
	created int
}

func (n *notes) add(text string) (id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.created++
	id = fmt.Sprintf("note-%d", n.created)
	n.texts[id] = text
	return id
}

func (n *notes) remove(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.texts, id)
}

func (n *notes) has(id string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, ok := n.texts[id]
	return ok
}

// note uses everything that a direct resource may use: it sets computed and write-only attributes in its plan, and
// writes state, private state, resource identity and diagnostics in each call.
type note struct{ notes *notes }

type noteModel struct {
	ID       types.String `tfsdk:"id"`
	Text     types.String `tfsdk:"text"`
	Secret   types.String `tfsdk:"secret"`
	Revision types.Int64  `tfsdk:"revision"`
}

func (*note) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_note"
}

func (*note) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true}, "text": schema.StringAttribute{Required: true},
		"secret": schema.StringAttribute{Optional: true, WriteOnly: true}, "revision": schema.Int64Attribute{Computed: true},
	}}
}

func (*note) IdentitySchema(
	_ context.Context,
	_ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true},
	}}
}

func (n *note) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	n.notes, _ = req.ProviderData.(*notes)
}

// These are the keys of the private state of a note.
const (
	madeKey   = "made"   // the first text of the note
	readKey   = "read"   // present from a read until the next update
	failedKey = "failed" // present from a failed update or delete until the next update
)

func (*note) PrivateKeys() []string { return []string{madeKey, readKey, failedKey} }

func (n *note) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.AddWarning("Note goes", "It can't be brought back.")
		return
	}
	var plan noteModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	plan.Secret = types.StringNull()
	plan.ID, plan.Revision = types.StringUnknown(), types.Int64Unknown()
	if !req.State.Raw.IsNull() {
		var state noteModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		plan.ID = state.ID
		if plan.Text.Equal(state.Text) {
			plan.Revision = state.Revision
		}
	}
	n.wait(ctx, plan.Text, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

func (n *note) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config noteModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	n.wait(ctx, plan.Text, &resp.Diagnostics)
	if plan.Text.ValueString() == textRefused {
		resp.Diagnostics.AddAttributeError(path.Root("text"), "Text refused", "Nothing was made.")
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.ID, plan.Revision = types.StringValue(n.notes.add(plan.Text.ValueString())), types.Int64Value(1)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	identify(ctx, resp.Identity, plan.ID, &resp.Diagnostics)
	resp.Diagnostics.Append(
		resp.Private.SetKey(ctx, madeKey, fmt.Appendf(nil, "%q", plan.Text.ValueString()+config.Secret.ValueString()))...,
	)
	if plan.Text.ValueString() == textUnfinished {
		resp.Diagnostics.AddError("Note not finished", "It exists all the same.")
	}
}

func (n *note) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state noteModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n.wait(ctx, state.Text, &resp.Diagnostics)
	identify(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !n.notes.has(state.ID.ValueString()) {
		resp.State.RemoveResource(ctx)
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, readKey, []byte("true"))...)
}

func (n *note) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state noteModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n.wait(ctx, plan.Text, &resp.Diagnostics)
	identify(ctx, resp.Identity, state.ID, &resp.Diagnostics)
	if plan.Text.ValueString() == textRefused {
		resp.Diagnostics.AddAttributeWarning(path.Root("text"), "Text is odd", "It can be refused.")
		resp.Diagnostics.AddAttributeError(path.Root("text"), "Text refused", "The note says what it said.")
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, failedKey, []byte(`"update"`))...)
		return
	}
	plan.Revision = types.Int64Value(state.Revision.ValueInt64() + 1)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, readKey, nil)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, failedKey, nil)...)
}

func (n *note) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state noteModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	n.wait(ctx, state.Text, &resp.Diagnostics)
	if state.Text.ValueString() == textStays {
		resp.Diagnostics.AddError("Note not deleted", "It stays.")
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, failedKey, []byte(`"delete"`))...)
	}
	if !resp.Diagnostics.HasError() {
		n.notes.remove(state.ID.ValueString())
	}
}

func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String, diags *diag.Diagnostics) {
	diags.Append(identity.SetAttribute(ctx, path.Root("id"), id)...)
}

// wait waits for the end of the call's context, if the text is textWaits.
func (n *note) wait(ctx context.Context, text types.String, diags *diag.Diagnostics) {
	if text.ValueString() != textWaits {
		return
	}
	n.notes.waits <- struct{}{}
	<-ctx.Done()
	diags.AddError("Interrupted", context.Cause(ctx).Error())
}
