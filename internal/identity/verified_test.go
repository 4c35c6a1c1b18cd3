package identity

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
	"github.com/d66889dc/terraform-provider-ory/internal/traitschema"
)

func setOf(texts ...string) types.Set {
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.SetValueMust(types.StringType, elements)
}

// addressServer simulates a server that stores addresses with its own spelling, or with a via that doesn't follow from
// the form of the address.
type addressServer struct {
	client
	identity kratos.Identity
	patches  int
	fails    error
	deaf     bool // answers with success but verifies nothing
}

func (s *addressServer) PatchIdentity(
	_ context.Context,
	_ string,
	ops []kratos.PatchOperation,
) (*kratos.Identity, error) {
	s.patches++
	if s.fails != nil {
		return nil, s.fails
	}
	var sent []kratos.VerifiableAddress
	if err := json.Unmarshal(ops[0].Value, &sent); err != nil {
		return nil, err
	}
	identity := s.identity
	identity.VerifiableAddresses = slices.Clone(identity.VerifiableAddresses)
	for i, has := range identity.VerifiableAddresses {
		for _, a := range sent {
			if a.Value == has.Value && a.Via == has.Via && !s.deaf {
				identity.VerifiableAddresses[i] = a
			}
		}
	}
	return &identity, nil
}

// The server's answer corrects addresses whose via was guessed, or that the server spells differently.
func TestVerification_finish(t *testing.T) {
	t.Parallel()
	pending := func(value, via string) kratos.Identity {
		return kratos.Identity{
			ID:                  "1",
			VerifiableAddresses: []kratos.VerifiableAddress{{ID: "a", Value: value, Via: via, Status: "pending"}},
		}
	}
	for name, test := range map[string]struct {
		wanted  string
		server  addressServer
		patches int
		error   string
	}{
		"verified already":        {"ada@x.io", addressServer{identity: kratos.Identity{ID: "1", VerifiableAddresses: []kratos.VerifiableAddress{{Value: "ada@x.io", Verified: true}}}}, 0, ""},
		"reached otherwise":       {"ada@x.io", addressServer{identity: pending("ada@x.io", "pigeon")}, 1, ""},
		"no look at all":          {"ada", addressServer{identity: pending("ada", "pigeon")}, 1, ""},
		"a number written anew":   {"+1 (555) 123", addressServer{identity: pending("+1555123", "sms")}, 1, ""},
		"not there":               {"eve@x.io", addressServer{identity: pending("ada@x.io", "email")}, 0, "one other verifiable address"},
		"refused":                 {"ada@x.io", addressServer{identity: pending("ada@x.io", "email"), fails: errors.New("on fire")}, 1, "on fire"},
		"ignored":                 {"ada@x.io", addressServer{identity: pending("ada@x.io", "email"), deaf: true}, 1, "does not show the address as verified"},
		"nothing on the identity": {"ada@x.io", addressServer{identity: kratos.Identity{ID: "1"}}, 0, "no verifiable address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			m := modelWith(t, func(m *model) { m.VerifiedAddresses = setOf(test.wanted) })
			before := emptyModel(t)
			v := newVerification(&m, &before, &owned{})
			v.findVia(t.Context(), &m, nil, &diags)
			v.additions(&kratos.Identity{})
			answer := test.server.identity
			end := v.finish(t.Context(), &test.server, &answer, &m, &diags)
			if test.server.patches != test.patches {
				t.Errorf("%d patches, want %d", test.server.patches, test.patches)
			}
			if test.error == "" {
				if diags.HasError() || !m.VerifiedAddresses.Equal(setOf(test.wanted)) || len(v.ours(end)) != 1 && test.patches > 0 {
					t.Errorf("%v, state %s, ours %v", diags, m.VerifiedAddresses, v.ours(end))
				}
				return
			}
			if len(diags.Errors()) != 1 || !strings.Contains(diags.Errors()[0].Detail(), test.error) {
				t.Errorf("diagnostics %v, want one with %q", diags, test.error)
			}
			for _, has := range test.server.identity.VerifiableAddresses {
				if has.Value != test.wanted && strings.Contains(diags.Errors()[0].Detail(), has.Value) {
					t.Errorf("the error shows an address that isn't configured: %v", diags)
				}
			}
			if len(m.VerifiedAddresses.Elements()) != 0 || m.VerifiedAddresses.IsNull() || len(v.ours(end)) != 0 {
				t.Errorf("the state claims %s, ours %v", m.VerifiedAddresses, v.ours(end))
			}
		})
	}
}

// An address that was sent already isn't sent again, and still counts as verified by Terraform.
func TestVerification_operations(t *testing.T) {
	t.Parallel()
	plan := modelWith(t, func(plan *model) { plan.VerifiedAddresses = setOf("Ada@x.io", "new@x.io") })
	state := modelWith(t, func(state *model) { state.VerifiedAddresses = setOf("gone@x.io") })
	v := newVerification(&plan, &state, &owned{Verified: []string{"gone@x.io"}})
	v.via = map[string]string{"ada@x.io": "email", "new@x.io": "email", "other@x.io": "email"}
	verified := func(value string, is bool) kratos.VerifiableAddress {
		return kratos.VerifiableAddress{ID: value, Value: value, Via: "email", Verified: is}
	}
	before := []kratos.VerifiableAddress{
		verified("ada@x.io", false),
		verified("gone@x.io", true),
		verified("person@x.io", true),
		verified("other@x.io", false),
	}
	ops := v.operations(&kratos.Identity{VerifiableAddresses: before})
	if len(ops) != 1 {
		t.Fatal(ops)
	}
	var sent []kratos.VerifiableAddress
	if err := json.Unmarshal(ops[0].Value, &sent); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, a := range sent {
		got[a.Value] = a.Verified
	}
	want := map[string]bool{
		"ada@x.io":    true,
		"new@x.io":    true,
		"gone@x.io":   false,
		"person@x.io": true,
		"other@x.io":  false,
	}
	for value, is := range want {
		if has, there := got[value]; !there || has != is {
			t.Errorf("%s is %v (%v), want %v", value, has, there, is)
		}
	}
	if before[0].Verified {
		t.Error("the identity that was read has changed")
	}
	again := v.operations(&kratos.Identity{VerifiableAddresses: sent})
	if len(again) != 0 {
		t.Errorf("sent again: %v", again)
	}
	if ours := v.ours(&kratos.Identity{ID: "1", VerifiableAddresses: sent}); !slices.Equal(
		ours,
		[]string{"ada@x.io", "new@x.io"},
	) {
		t.Errorf("ours: %v", ours)
	}
}

func TestOperation_verificationChanges(t *testing.T) {
	t.Parallel()
	shown := VerifiableAddresses([]kratos.VerifiableAddress{
		{Value: "on@x.io", Verified: true}, {Value: "off@x.io"}, {Value: "ours@x.io", Verified: true},
	})
	unknown := types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown()})
	for name, test := range map[string]struct {
		plan  types.Set
		owned []string // as in the state, unless lost
		want  bool
	}{
		"ours, lost, on again": {types.SetNull(types.StringType), []string{"lost:ours@x.io"}, false},
		"never configured":     {types.SetNull(types.StringType), nil, false},
		"verified already":     {setOf("ON@x.io"), nil, false},
		"not verified":         {setOf("off@x.io"), nil, true},
		"new":                  {setOf("new@x.io"), nil, true},
		"unknown":              {unknown, nil, true},
		"unknown as a whole":   {types.SetUnknown(types.StringType), nil, true},
		"ours stays":           {setOf("ours@x.io"), []string{"ours@x.io"}, false},
		"ours dropped":         {setOf("on@x.io"), []string{"ours@x.io"}, true},
		"ours dropped, all":    {types.SetNull(types.StringType), []string{"ours@x.io"}, true},
		"dropped, not ours":    {types.SetNull(types.StringType), nil, false},
		"ours, no more":        {types.SetNull(types.StringType), []string{"off@x.io"}, false},
		"ours, out of traits":  {types.SetNull(types.StringType), []string{"left@x.io"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := operation{plan: modelWith(t, func(plan *model) { plan.VerifiedAddresses = test.plan })}
			o.state = modelWith(t, func(state *model) {
				state.VerifiableAddresses, state.VerifiedAddresses = shown, setOf(test.owned...)
			})
			for _, address := range test.owned {
				o.owned.Verified = append(o.owned.Verified, strings.TrimPrefix(address, "lost:"))
			}
			if got := o.verificationChanges(); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// An address in an unknown spelling of the server is matched with the wanted address if no other match is possible.
func TestAddressKeys(t *testing.T) {
	t.Parallel()
	traits := []string{"\uff21da@example.org", "Eve@example.org", "stra\u00dfe@example.org"}
	for name, test := range map[string]struct {
		wanted, addresses, want []string
	}{
		"full width":     {[]string{"\uff21da@example.org"}, []string{"ada@example.org", "eve@example.org"}, []string{"ada@example.org", "eve@example.org"}},
		"unknown to us":  {[]string{"stra\u00dfe@example.org"}, []string{"eve@example.org", "strasse@example.org"}, []string{"eve@example.org", "stra\u00dfe@example.org"}},
		"two candidates": {[]string{"stra\u00dfe@example.org"}, []string{"x@example.org", "y@example.org"}, []string{"x@example.org", "y@example.org"}},
		"two are sought": {[]string{"stra\u00dfe@example.org", "eve@example.org"}, []string{"x@example.org"}, []string{"x@example.org"}},
		"not in traits":  {[]string{"bob@example.org"}, []string{"x@example.org"}, []string{"x@example.org"}},
		"it is there":    {[]string{"eve@example.org"}, []string{"eve@example.org", "x@example.org"}, []string{"eve@example.org", "x@example.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wanted := map[string]string{}
			for _, address := range test.wanted {
				wanted[traitschema.Canonical(address)] = address
			}
			if got := addressKeys(test.addresses, wanted, traits); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
