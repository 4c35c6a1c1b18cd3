package identity

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// noPrivate is a private state that forgets.
type noPrivate struct{}

func (noPrivate) SetKey(context.Context, string, []byte) diag.Diagnostics { return nil }

func (noPrivate) GetKey(context.Context, string) ([]byte, diag.Diagnostics) { return nil, nil }

// unreadable is a server that can't read the identity.
type unreadable struct {
	*fakeServer
	err error
}

func (u unreadable) GetIdentity(context.Context, string, ...string) (*kratos.Identity, error) {
	return nil, u.err
}

// A destroy that can't make the identity inactive says what the person can do now, and ends the sessions all the same.
func TestRemover_stillActive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fails error
		wrap  func(*fakeServer) client
		says  activity
		ended int
	}{
		"refused":       {&kratos.Error{StatusCode: 400, Reason: "no"}, nil, isActive, 1},
		"failed":        {&kratos.Error{StatusCode: 500, Reason: "no"}, nil, isActive, 1},
		"never arrives": {nil, func(f *fakeServer) client { return &neverArrives{fakeServer: f} }, isActive, 1},
		"unreadable":    {nil, func(f *fakeServer) client { return unreadable{f, kratos.ErrSchemaRemoved} }, notKnown, 1},
		"no server":     {nil, func(f *fakeServer) client { return unreadable{f, kratos.ErrUnreachable} }, notKnown, 0},
	} {
		fake := &fakeServer{fails: test.fails, identity: kratos.Identity{State: stateActive}}
		var server client = fake
		if test.wrap != nil {
			server = test.wrap(fake)
		}
		var diags diag.Diagnostics
		d := remover{client: server, schemas: noSchemas{}, private: noPrivate{}, diags: &diags}
		d.state = modelWith(t, func(m *model) {
			m.ID = types.StringValue("9f425a8d-7efc-4768-8f23-7647a74fdf13")
			m.RevokeSessionsOn = types.SetValueMust(types.StringType, []attr.Value{types.StringValue(revokeOnDeactivation)})
		})
		d.deactivate(t.Context())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), string(test.says)) || fake.ended != test.ended {
			t.Errorf("%s: sessions ended %d times: %v", name, fake.ended, diags)
		}
	}
}

// A success that leaves the identity active is an error for a row of many people too.
func TestRows_deactivateIgnored(t *testing.T) {
	t.Parallel()
	active := kratos.Identity{ID: "9f425a8d-7efc-4768-8f23-7647a74fdf13", State: stateActive}
	rows := Rows{data: &base.Data{Locks: &base.Locks{}}}
	rows.client = &factorServer{fakeServer: fakeServer{identity: active}} // changes the state
	if err := rows.Deactivate(t.Context(), active.ID); err != nil {
		t.Error(err)
	}
	rows.client = &fakeServer{identity: active} // doesn't
	if err := rows.Deactivate(t.Context(), active.ID); err == nil {
		t.Error("the identity is still active")
	}
}
