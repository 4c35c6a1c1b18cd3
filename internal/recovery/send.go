package recovery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// sender is the part of the server's APIs that sending uses.
type sender interface {
	client
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	StartFlow(ctx context.Context, kind kratos.FlowKind, target string) (*kratos.Flow, error)
	StartBrowserFlow(ctx context.Context, kind kratos.FlowKind) (*kratos.Flow, error)
	SubmitFlow(ctx context.Context, flow *kratos.Flow, submission kratos.FlowSubmission) error
	ListCourierMessages(ctx context.Context, recipient string) ([]kratos.CourierMessage, error)
	GetCourierMessage(ctx context.Context, id string) (*kratos.CourierMessage, error)
}

// sending makes the server send one message to one identity.
type sending struct {
	client    sender
	kind      kratos.FlowKind
	id        string
	address   string
	returnTo  string
	payload   map[string]any
	patience  time.Duration // with the delivery
	publicURL string        // as configured, "" if it isn't
	progress  func(message string)
	diags     *diag.Diagnostics
}

func (s *sending) actionType() string { return "ory_send_" + string(s.kind) }

func (s *sending) task() string {
	return fmt.Sprintf("Sending the %s message of identity %s", s.kind, s.id)
}

func (s *sending) run(ctx context.Context) {
	identity, err := s.client.GetIdentity(ctx, s.id)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		base.AddNoSuchIdentity(s.diags, s.task(), err)
		return
	case err != nil:
		s.addFailure(err)
		return
	}
	address, needed := s.pick(identity)
	if !needed {
		return
	}
	before := s.listBefore(ctx, address)
	flow := s.start(ctx)
	if flow == nil {
		return
	}
	s.progress(s.task())
	err = s.client.SubmitFlow(ctx, flow, s.submission(flow, address))
	if err == nil || errors.Is(err, kratos.ErrOutcomeUnknown) && before != nil {
		if found := s.await(ctx, address, before); found {
			return
		}
	}
	if err != nil {
		s.addFailure(err)
	}
}

func (s *sending) submission(flow *kratos.Flow, address string) kratos.FlowSubmission {
	submission := kratos.FlowSubmission{Method: flow.Method, Email: address}
	if s.payload != nil {
		submission.TransientPayload, _ = json.Marshal(s.payload) // it comes from JSON
	}
	return submission
}

func (s *sending) addFailure(err error) {
	base.AddActionError(s.diags, s.actionType(), "Failed to send message", fmt.Errorf("%s: %w", s.task(), err))
}

// start starts a flow. It returns nil after an error.
func (s *sending) start(ctx context.Context) *kratos.Flow {
	flow, err := s.client.StartFlow(ctx, s.kind, s.returnTo)
	switch {
	case err != nil:
		s.addStartError(err)
		return nil
	case s.kind == kratos.RecoveryFlow && flow.Method == methodCode:
		return s.startForCode(ctx)
	}
	return flow
}

// startForCode starts a flow for a code that the person types into the recovery page. A browser can't complete a native
// flow or a browser flow without its cookies. It can complete a flow of the admin API, because the admin API starts
// flows for other people. The code in the mail replaces the code of the admin API.
func (s *sending) startForCode(ctx context.Context) *kratos.Flow {
	code, err := s.client.CreateRecoveryCodeForIdentity(
		ctx, kratos.RecoveryCodeBody{IdentityID: s.id, FlowType: flowBrowser, ReturnTo: s.returnTo},
	)
	if err != nil {
		addError(s.diags, methodCode, s.id, err)
		return nil
	}
	flow, err := s.client.StartBrowserFlow(ctx, s.kind)
	if err != nil {
		s.addStartError(err)
		return nil
	}
	flow.ID = code.FlowID()
	s.progress(fmt.Sprintf("The code of identity %s is typed in at %s", s.id, code.Link))
	if s.payload == nil {
		s.payload = map[string]any{}
	}
	if _, set := s.payload["recovery_link"]; !set {
		s.payload["recovery_link"] = code.Link
	}
	return flow
}

func (s *sending) addStartError(err error) {
	var answer *kratos.Error
	isAnswer := errors.As(err, &answer)
	switch {
	case errors.Is(err, kratos.ErrDisabled), isAnswer && isFlowOff(answer.Reason):
		s.diags.AddError("Messages disabled on the server", fmt.Sprintf("%s: %s\n\nThe server's configuration disables "+
			"%[3]s messages. Set selfservice.flows.%[3]s.enabled to true, and enable the method that this flow uses (on "+
			"Ory Network in the Ory Console, under Account %[3]s). ory_recovery_code and ory_recovery_link do not need "+
			"this flow.",
			s.task(), base.Sentence(err), s.kind))
	case isAnswer && isReturnTo(answer):
		addReturnTo(s.diags, s.task(), base.Sentence(err))
	case s.publicURL == "" && (errors.Is(err, kratos.ErrUnreachable) || errors.Is(err, kratos.ErrNotKratos)):
		s.diags.AddError("Public API not found", fmt.Sprintf("%s: %s\n\nThe public API of the server sends the message, "+
			"but the provider did not find the public API at the URL that it derives from the admin API. Set public_url "+
			"(or ORY_PUBLIC_URL) to a URL of the public API (port 4433 by default) that this machine can "+
			"reach.", s.task(), base.Sentence(err)))
	default:
		s.addFailure(err)
	}
}

// pick returns the address to send to. If needed is false, nothing is to be sent, and pick has reported an error or
// progress. No message contains an address, because traits can be sensitive.
func (s *sending) pick(identity *kratos.Identity) (address string, needed bool) {
	if s.kind == kratos.RecoveryFlow && identity.State == "inactive" {
		s.diags.AddAttributeError(path.Root("identity_id"), "Identity is inactive", fmt.Sprintf("%s: the identity is "+
			"inactive, so that nobody can sign in with the message. Nothing was sent. Set state = \"active\" on the "+
			"ory_identity first.", s.task()))
		return "", false
	}
	found := s.candidates(identity)
	switch {
	case len(found) == 1:
	case len(found) > 1:
		s.diags.AddAttributeError(path.Root("address"), "Several addresses found", fmt.Sprintf("%s: the identity has %d %s "+
			"addresses. Nothing was sent. Set address to the address of the message.", s.task(), len(found), s.kind))
		return "", false
	case s.address != "":
		s.diags.AddAttributeError(path.Root("address"), "Not an address of the identity", fmt.Sprintf("%s: the identity "+
			"does not have the %s address of the attribute address. Nothing was sent. %s", s.task(), s.kind, s.whichAddresses()))
		return "", false
	default:
		s.diags.AddAttributeError(path.Root("identity_id"), "No address found", fmt.Sprintf("%s: the identity has no %s "+
			"address. %s", s.task(), s.kind, s.whichAddresses()))
		return "", false
	}
	if found[0].verified {
		s.progress("The address is verified already: nothing to send")
		return "", false
	}
	return found[0].value, true
}

func (s *sending) whichAddresses() string {
	return fmt.Sprintf("The attribute %[2]s of ory_identity lists these addresses: the traits that the identity "+
		"schema marks with \"ory.sh/kratos\": { \"%[1]s\": ... }.", s.kind, map[kratos.FlowKind]string{
		kratos.RecoveryFlow: "recovery_addresses", kratos.VerificationFlow: "verifiable_addresses",
	}[s.kind])
}
