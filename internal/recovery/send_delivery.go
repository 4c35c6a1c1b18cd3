package recovery

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// candidate is an address that can receive the message.
type candidate struct {
	value    string
	verified bool // a message to verify it would be in vain
}

// candidates returns the addresses of the identity, or the one that the configuration names.
func (s *sending) candidates(identity *kratos.Identity) []candidate {
	var all []candidate
	add := func(value string, verified bool) {
		if s.address == "" || strings.EqualFold(strings.TrimSpace(s.address), value) {
			all = append(all, candidate{value, verified})
		}
	}
	if s.kind == kratos.RecoveryFlow {
		for _, address := range identity.RecoveryAddresses {
			add(address.Value, false)
		}
		return all
	}
	for _, address := range identity.VerifiableAddresses {
		add(address.Value, address.Verified)
	}
	return all
}

// between is the pause between two reads of a message.
const between = 500 * time.Millisecond

// listBefore returns the ids of the existing messages to the address, nil if the server doesn't list messages.
func (s *sending) listBefore(ctx context.Context, address string) map[string]bool {
	if s.patience == 0 {
		return nil
	}
	messages, err := s.client.ListCourierMessages(ctx, address)
	if err != nil {
		s.progress("The list of messages cannot be read, so that this action cannot check the delivery: " +
			base.Sentence(err))
		return nil
	}
	ids := map[string]bool{}
	for _, message := range messages {
		ids[message.ID] = true
	}
	return ids
}

// await waits until the server has sent the new message, and adds an error if the server doesn't send it. It reports
// whether there is a new message.
func (s *sending) await(ctx context.Context, address string, before map[string]bool) (found bool) {
	if before == nil {
		s.progress("The message is in the server's queue")
		return true
	}
	var message kratos.CourierMessage
	for deadline := time.Now().Add(s.patience); ; {
		messages, err := s.client.ListCourierMessages(ctx, address)
		if err != nil {
			base.AddActionError(s.diags, s.actionType(), "Failed to check delivery", fmt.Errorf("%s: %w", s.task(), err))
			return true
		}
		for _, candidate := range messages {
			if !before[candidate.ID] {
				message, found = candidate, true
			}
		}
		switch {
		case message.Status == kratos.MessageSent:
			s.progress("The server has sent the message")
			return true
		case message.Status == kratos.MessageAbandoned, time.Now().After(deadline), ctx.Err() != nil:
			s.addUndelivered(ctx, message)
			return found
		}
		select {
		case <-time.After(between):
		case <-ctx.Done():
		}
	}
}

// addUndelivered adds an error with the state of the message.
func (s *sending) addUndelivered(ctx context.Context, message kratos.CourierMessage) {
	why := s.lastFailure(ctx, message.ID)
	what := fmt.Sprintf("The message is in the server's queue, but the server did not send it within %s. Possible "+
		"causes: no courier runs for this server (kratos serve --watch-courier, or kratos courier watch if several "+
		"servers run), the courier cannot reach the mail server (courier.smtp in the server's configuration), or the "+
		"queue is long.%s\n\nThe courier sends the message later. Do not run the action again before that, or the "+
		"person receives two messages. delivery_timeout sets how long the action waits.", s.patience, why)
	switch {
	case message.ID == "":
		what = "The server accepted the request, but its list of messages (GET /admin/courier/messages) contains no " +
			"message to this address."
	case message.Status == kratos.MessageAbandoned:
		what = fmt.Sprintf("The server's courier failed to send the message and does not try again.%s\n\nCheck "+
			"courier.smtp in the server's configuration, and run the action again.", why)
	}
	s.diags.AddError("Message not delivered", s.task()+": "+what)
}

// lastFailure says why the last attempt to send the message failed, if it did. The rest of the server's error often
// contains the address: it repeats the answer of the mail server.
func (s *sending) lastFailure(ctx context.Context, id string) (why string) {
	if id == "" {
		return ""
	}
	message, err := s.client.GetCourierMessage(ctx, id)
	if err != nil {
		return ""
	}
	for _, dispatch := range message.Dispatches {
		var failure struct {
			Reason string `json:"reason"`
		}
		if json.Unmarshal(dispatch.Error, &failure) == nil && failure.Reason != "" {
			why = fmt.Sprintf(" The last attempt failed: %.300s. The log of the server and GET /admin/courier/messages/%s have "+
				"the details.", strings.TrimSuffix(failure.Reason, "."), id)
		}
	}
	return why
}
