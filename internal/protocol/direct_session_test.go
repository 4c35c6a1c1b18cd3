package protocol_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
)

var (
	noteType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id": tftypes.String, "text": tftypes.String, "secret": tftypes.String, "revision": tftypes.Number,
	}}
	noteIdentityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
)

// answer is the answer of any call of a resource. It doesn't distinguish a key that the private state lacks from a key
// without a value.
type answer struct {
	State, Identity tftypes.Value
	Private         map[string]string
	Diagnostics     []string
}

// session plans, applies and reads one note on one server, as Terraform does: each request carries the values of the
// answer before it.
type session struct {
	t        *testing.T
	server   tfprotov6.ProviderServer
	notes    *notes
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

func (s *session) plan(text string) (*tfprotov6.PlanResourceChangeResponse, answer) {
	s.t.Helper()
	proposed := s.config(text, true)
	if text == "" {
		proposed = noteValue(s.t, tftypes.NewValue(noteType, nil))
	}
	resp, err := s.server.PlanResourceChange(s.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "test_note", Config: s.config(text, false), PriorState: s.state, ProposedNewState: proposed,
		PriorPrivate: s.private, PriorIdentity: s.identity,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, s.answer(resp.PlannedState, resp.PlannedIdentity, resp.PlannedPrivate, resp.Diagnostics)
}

// apply plans and applies a note with this text. An empty text deletes the note.
func (s *session) apply(text string) answer {
	s.t.Helper()
	plan, _ := s.plan(text)
	resp, err := s.server.ApplyResourceChange(s.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "test_note", Config: s.config(text, false), PriorState: s.state, PlannedState: plan.PlannedState,
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.state, s.identity, s.private = resp.NewState, resp.NewIdentity, resp.Private
	return s.answer(resp.NewState, resp.NewIdentity, resp.Private, resp.Diagnostics)
}

func (s *session) read() answer {
	s.t.Helper()
	resp, err := s.server.ReadResource(s.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "test_note", CurrentState: s.state, Private: s.private, CurrentIdentity: s.identity,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.state, s.identity, s.private = resp.NewState, resp.NewIdentity, resp.Private
	return s.answer(resp.NewState, resp.NewIdentity, resp.Private, resp.Diagnostics)
}

// config returns the configuration of a note, or the new state that Terraform proposes: the configuration with the
// computed values of the prior state. It is null if the text is empty.
func (s *session) config(text string, proposed bool) *tfprotov6.DynamicValue {
	s.t.Helper()
	if text == "" {
		return noteValue(s.t, tftypes.NewValue(noteType, nil))
	}
	members := map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, nil), "text": tftypes.NewValue(tftypes.String, text),
		"secret": tftypes.NewValue(tftypes.String, " (secret)"), "revision": tftypes.NewValue(tftypes.Number, nil),
	}
	if prior := s.decode(s.state, noteType); proposed && !prior.IsNull() {
		before := map[string]tftypes.Value{}
		if err := prior.As(&before); err != nil {
			s.t.Fatal(err)
		}
		members["id"], members["revision"] = before["id"], before["revision"]
	}
	return noteValue(s.t, tftypes.NewValue(noteType, members))
}

func (s *session) decode(value *tfprotov6.DynamicValue, as tftypes.Type) tftypes.Value {
	s.t.Helper()
	decoded, err := value.Unmarshal(as)
	if err != nil {
		s.t.Fatal(err)
	}
	return decoded
}

func (s *session) answer(
	state *tfprotov6.DynamicValue,
	identity *tfprotov6.ResourceIdentityData,
	private []byte,
	diagnostics []*tfprotov6.Diagnostic,
) answer {
	s.t.Helper()
	a := answer{
		State:    s.decode(state, noteType),
		Identity: s.decode(identity.IdentityData, noteIdentityType),
		Private:  map[string]string{},
	}
	values := map[string][]byte{}
	if len(private) > 0 {
		if err := json.Unmarshal(private, &values); err != nil {
			s.t.Fatalf("%v in %s", err, private)
		}
	}
	for key, value := range values {
		a.Private[key] = string(value)
	}
	for _, d := range diagnostics {
		a.Diagnostics = append(a.Diagnostics, fmt.Sprintf("%s: %s: %s (%s)", d.Severity, d.Summary, d.Detail, d.Attribute))
	}
	return a
}

// shown returns the members of an object that aren't null, with ? for an unknown value. It returns "null" for a null
// object.
func shown(value tftypes.Value) string {
	if value.IsNull() {
		return "null"
	}
	members := map[string]tftypes.Value{}
	if err := value.As(&members); err != nil {
		return err.Error()
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		var text string
		var number big.Float
		switch value := members[name]; {
		case value.IsNull():
			continue
		case !value.IsKnown():
			text = "?"
		case value.As(&text) == nil:
		case value.As(&number) == nil:
			text = number.String()
		}
		parts = append(parts, name+"="+text)
	}
	return strings.Join(parts, " ")
}

func noteValue(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(noteType, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// newSession starts a session on a configured server.
func newSession(t *testing.T, direct bool) *session {
	t.Helper()
	p := newNotesProvider()
	server := providerserver.NewProtocol6(p)()
	if direct {
		var err error
		if server, err = protocol.NewServer(p); err != nil {
			t.Fatal(err)
		}
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(t, tftypes.Object{}, map[string]tftypes.Value{}),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp)
	}
	return &session{t: t, server: server, notes: p.notes, state: noteValue(t, tftypes.NewValue(noteType, nil))}
}
