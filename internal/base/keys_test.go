package base_test

import (
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

func TestWalk_keys(t *testing.T) {
	t.Parallel()
	const id, person, part = "1", "ory_identity", "ory_identity_metadata"
	roles := base.Key{Member: "metadata_public", Name: "roles"}
	plan := base.Key{Member: "metadata_public", Name: "plan"}
	admin := base.Key{Member: "metadata_admin", Name: "roles"}
	whole := base.Key{Member: "metadata_public", Whole: true}
	type step struct {
		leaves, withdraws bool
		id, owner         string
		keys, held        []base.Key
		want              *base.KeyConflict
	}
	keeps := func(key base.Key, owner string) *base.KeyConflict {
		return &base.KeyConflict{Key: key, Owner: owner, Role: base.Keeps}
	}
	for name, steps := range map[string][]step{
		"other keys": {
			{id: id, owner: part, keys: []base.Key{roles}},
			{id: id, owner: part, keys: []base.Key{plan, admin}},
			{id: id, owner: person},
		},
		"other people": {{id: id, owner: part, keys: []base.Key{roles}}, {id: "2", owner: part, keys: []base.Key{roles}}},
		"the same key": {
			{id: id, owner: part, keys: []base.Key{plan, roles}},
			{id: id, owner: part, keys: []base.Key{admin, roles}, want: keeps(roles, part)},
		},
		"a key of the whole": {
			{id: id, owner: person, keys: []base.Key{whole}},
			{id: id, owner: part, keys: []base.Key{admin}},
			{id: id, owner: part, keys: []base.Key{roles}, want: keeps(roles, person)},
		},
		"the whole of a key": {
			{id: id, owner: part, keys: []base.Key{roles}},
			{id: id, owner: person, keys: []base.Key{whole}, want: keeps(whole, part)},
		},
		"replaced": {
			{id: id, owner: part, keys: []base.Key{roles}, held: []base.Key{roles}},
			{withdraws: true, id: id, owner: part, keys: []base.Key{roles}},
			{id: id, owner: part, keys: []base.Key{roles}},
		},
		"somebody else was replaced": {
			{id: id, owner: part, keys: []base.Key{roles}},
			{withdraws: true, id: id, owner: person, keys: []base.Key{roles}},
			{id: id, owner: part, keys: []base.Key{roles}, want: keeps(roles, part)},
		},
		"goes from one to another": {
			{leaves: true, id: id, owner: part, keys: []base.Key{roles}}, {id: id, owner: part, keys: []base.Key{roles}},
		},
		"comes to one from another": {
			{id: id, owner: part, keys: []base.Key{roles}}, {leaves: true, id: id, owner: part, keys: []base.Key{roles}},
		},
		"one of two of the state goes first": {
			{leaves: true, id: id, owner: part, keys: []base.Key{roles}},
			{
				id: id, owner: person, keys: []base.Key{plan, roles}, held: []base.Key{roles},
				want: &base.KeyConflict{Key: roles, Owner: part, Role: base.Leaves},
			},
		},
		"one of two of the state goes last": {
			{id: id, owner: person, keys: []base.Key{plan, roles}, held: []base.Key{roles}},
			{leaves: true, id: id, owner: part, keys: []base.Key{roles}, want: keeps(roles, person)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk := base.NewData(nil, nil).Walk
			for i, s := range steps {
				var got *base.KeyConflict
				switch {
				case s.leaves:
					got = walk.LeaveKeys(s.id, s.owner, s.keys)
				case s.withdraws:
					walk.WithdrawKeys(s.id, s.owner, s.keys)
				default:
					got = walk.DeclareKeys(s.id, s.owner, s.keys, s.held)
				}
				if !reflect.DeepEqual(got, s.want) {
					t.Errorf("step %d: got %+v, want %+v", i, got, s.want)
				}
			}
		})
	}
}

func TestWalk_keepsKey(t *testing.T) {
	t.Parallel()
	walk := base.NewData(nil, nil).Walk
	roles, plan := base.Key{Member: "metadata_public", Name: "roles"}, base.Key{Member: "metadata_public", Name: "plan"}
	walk.LeaveKeys("1", "ory_identity_metadata", []base.Key{roles, plan})
	walk.DeclareKeys("1", "ory_identity_metadata", []base.Key{plan}, nil)
	if walk.KeepsKey("1", roles) || !walk.KeepsKey("1", plan) || walk.KeepsKey("2", plan) {
		t.Error("only the key that was taken is kept")
	}
}
