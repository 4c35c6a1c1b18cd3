package recovery

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var (
	_ action.ActionWithConfigure      = (*sendAction)(nil)
	_ action.ActionWithValidateConfig = (*sendAction)(nil)
)

// NewSendRecoveryAction returns the action ory_send_recovery.
func NewSendRecoveryAction() action.Action {
	return &sendAction{kind: kratos.RecoveryFlow, description: describeSendRecovery}
}

// NewSendVerificationAction returns the action ory_send_verification.
func NewSendVerificationAction() action.Action {
	return &sendAction{kind: kratos.VerificationFlow, description: describeSendVerification}
}

// sendAction makes the server send the message of a self-service flow.
type sendAction struct {
	base.Action
	kind        kratos.FlowKind
	description string
}

// sendModel is the configuration of a sendAction.
type sendModel struct {
	IdentityID       types.String  `tfsdk:"identity_id"`
	Address          types.String  `tfsdk:"address"`
	ReturnTo         types.String  `tfsdk:"return_to"`
	TransientPayload types.Dynamic `tfsdk:"transient_payload"`
	DeliveryTimeout  types.String  `tfsdk:"delivery_timeout"`
}

// defaultDelivery is how long the action waits for the courier, which checks its queue every second.
const defaultDelivery = 30 * time.Second

// Metadata implements action.Action.
func (a *sendAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_send_" + string(a.kind)
}

// Schema implements action.Action.
func (a *sendAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: a.description + describeSending + base.DescribeRunningAction("ory_send_"+string(a.kind)+".ada"),
		Attributes: map[string]schema.Attribute{
			"identity_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id (UUID) of the identity.", Validators: []validator.String{base.UUID()},
			},
			"address": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The " + string(a.kind) + " address that receives the message, in upper or lower case. " +
					"Required if the identity has several.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"return_to": schema.StringAttribute{
				Optional: true, MarkdownDescription: describeReturnTo, Validators: []validator.String{base.URLReference()},
			},
			"transient_payload": schema.DynamicAttribute{
				Optional: true, MarkdownDescription: "An object for the server's message templates, as `.TransientPayload`, and " +
					"for its hooks. The server does not store it.",
			},
			"delivery_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long to wait until the server has given the message to the mail server, as a duration " +
					"such as `30s` or `2m`. Default `30s`. With `0s` the action does not wait.",
				Validators: []validator.String{base.Duration()},
			},
		},
	}
}

// ValidateConfig implements action.ActionWithValidateConfig.
func (*sendAction) ValidateConfig(
	ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse,
) {
	var payload types.Dynamic
	at := path.Root("transient_payload")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &payload)...)
	if payload.IsNull() || payload.IsUnknown() || payload.IsUnderlyingValueNull() || payload.IsUnderlyingValueUnknown() {
		return
	}
	switch value := jsonvalue.Unwrap(payload).(type) {
	case types.Object, types.Map:
	default:
		resp.Diagnostics.AddAttributeError(at, "Value must be an object", fmt.Sprintf("The attribute transient_payload "+
			"must be an object such as { team = \"engines\" }, but it is a %s.", value.Type(ctx)))
	}
}

// Invoke implements action.Action.
func (a *sendAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model sendModel
	diags := &resp.Diagnostics
	diags.Append(req.Config.Get(ctx, &model)...)
	if diags.HasError() || !base.Recheck(ctx, req.Config, diags) || !a.Data.RequireClient(diags) {
		return
	}
	payload, err := jsonvalue.Encode(model.TransientPayload)
	if err != nil {
		diags.AddAttributeError(path.Root("transient_payload"), "Value cannot be written as JSON",
			"The attribute transient_payload cannot be written as JSON: "+err.Error()+".")
		return
	}
	s := sending{
		client:    a.Data.Client,
		kind:      a.kind,
		id:        model.IdentityID.ValueString(),
		address:   model.Address.ValueString(),
		returnTo:  model.ReturnTo.ValueString(),
		patience:  defaultDelivery,
		progress:  func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) },
		diags:     diags,
		publicURL: a.Data.Client.PublicURL(),
	}
	if err := json.Unmarshal(payload, &s.payload); err != nil { // null or an object, as ValidateConfig has checked
		diags.AddError("Provider defect", err.Error())
		return
	}
	if patience, ok := duration(model.DeliveryTimeout); ok {
		s.patience = patience
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout+s.patience)
	defer cancel()
	s.run(ctx)
}
