package protocol_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
)

// A state of the current version comes back as it was stored. The framework upgrades a state of another version, or
// with an attribute that the schema doesn't have.
func TestDirect_upgrade(t *testing.T) {
	t.Parallel()
	direct, err := protocol.NewServer(newNotesProvider())
	if err != nil {
		t.Fatal(err)
	}
	framework := providerserver.NewProtocol6(newNotesProvider())()
	for name, test := range map[string]struct {
		state   string
		version int64
		stored  bool // the answer is the stored JSON itself
	}{
		"present":             {`{"id":"1","text":"x","secret":null,"revision":7}`, 0, true},
		"without a member":    {`{"id":"1","text":"x"}`, 0, true},
		"with an unknown one": {`{"id":"1","text":"x","gone":true}`, 0, false},
		"another version":     {`{"id":"1","text":"x"}`, 7, false},
		"not an object":       {`[]`, 0, false},
		"not JSON":            {`{`, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := make([]*tfprotov6.UpgradeResourceStateResponse, 0, 2)
			for _, server := range []tfprotov6.ProviderServer{direct, framework} {
				resp, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
					TypeName: "test_note", Version: test.version, RawState: &tfprotov6.RawState{JSON: []byte(test.state)},
				})
				if err != nil {
					t.Fatal(err)
				}
				answers = append(answers, resp)
			}
			got, want := answers[0], answers[1]
			if len(got.Diagnostics) != len(want.Diagnostics) {
				t.Fatalf("%v, the framework says %v", got.Diagnostics, want.Diagnostics)
			}
			if stored := got.UpgradedState != nil && string(got.UpgradedState.JSON) == test.state; stored != test.stored {
				t.Errorf("the stored JSON is the answer: %v", stored)
			}
			if test.stored && !decoded(t, got).Equal(decoded(t, want)) {
				t.Errorf("%s, the framework says %s", decoded(t, got), decoded(t, want))
			}
		})
	}
}

// decoded is the state of an answer as Terraform decodes it: members that the JSON lacks are null.
func decoded(t *testing.T, resp *tfprotov6.UpgradeResourceStateResponse) tftypes.Value {
	t.Helper()
	raw := tfprotov6.RawState{JSON: resp.UpgradedState.JSON}
	if len(resp.UpgradedState.JSON) == 0 {
		value, err := resp.UpgradedState.Unmarshal(noteType)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	value, err := raw.Unmarshal(noteType)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
