package base_test

import (
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

func TestWalk_declare(t *testing.T) {
	t.Parallel()
	ada := base.Unique{Kind: "password", Value: "ada@example.org"}
	adaByCode := base.Unique{Kind: "code", Value: "ada@example.org"}
	eve := base.Unique{Kind: "password", Value: "eve@example.org"}
	type step struct {
		withdraw, id string
		uniques      []base.Unique
		want         *base.Conflict
	}
	for name, steps := range map[string][]step{
		"different people":          {{uniques: []base.Unique{ada}}, {uniques: []base.Unique{eve}}, {id: "1", uniques: []base.Unique{adaByCode}}},
		"two new ones":              {{uniques: []base.Unique{adaByCode, ada}}, {uniques: []base.Unique{ada}, want: &base.Conflict{Kind: "password"}}},
		"a new one beside one kept": {{id: "1", uniques: []base.Unique{ada}}, {uniques: []base.Unique{eve, ada}, want: &base.Conflict{Kind: "password", ID: "1"}}, {uniques: []base.Unique{eve}}},
		"one kept beside a new one": {{uniques: []base.Unique{ada}}, {id: "1", uniques: []base.Unique{ada}, want: &base.Conflict{Kind: "password"}}},
		"nothing known":             {{}, {}, {id: "1"}, {id: "2"}},
		"the same identity":         {{id: "1"}, {id: "1", uniques: []base.Unique{ada}, want: &base.Conflict{ID: "1"}}},
		"a replacement":             {{id: "1", uniques: []base.Unique{ada, eve}}, {withdraw: "1", uniques: []base.Unique{ada}}, {uniques: []base.Unique{eve}}, {uniques: []base.Unique{ada}, want: &base.Conflict{Kind: "password"}}},
		"a replacement that is not": {{withdraw: "unknown", uniques: []base.Unique{ada}}, {uniques: []base.Unique{ada}, want: &base.Conflict{Kind: "password"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk := base.NewData(nil, nil).Walk
			for i, step := range steps {
				if step.withdraw != "" {
					walk.Withdraw(step.withdraw)
				}
				if got := walk.Declare(step.id, step.uniques); !reflect.DeepEqual(got, step.want) {
					t.Errorf("step %d: %v, want %v", i, got, step.want)
				}
			}
		})
	}
}

// A resource that is replaced and another new resource that adopts its identity find each other in any order. The
// replacement itself may adopt.
func TestWalk_replacedWhileAdopted(t *testing.T) {
	t.Parallel()
	for _, changes := range []bool{false, true} {
		kept := func() *base.Walk {
			w := base.NewData(nil, nil).Walk
			w.Declare("1", unique("ada"))
			if changes {
				w = base.NewData(nil, nil).Walk
				w.Declare("1", nil)
				w.Hold("1", unique("ada"))
			}
			return w
		}
		w := kept()
		if w.Withdraw("1") {
			t.Error("nobody adopts")
		}
		if w.Arrive("1", unique("ada"), true) != nil || w.Arrive("", unique("ada"), false) != nil {
			t.Error("the replacement may adopt, and others may get the value")
		}
		if leaver := w.Arrive("", unique("ada"), true); leaver == nil || !leaver.Replaced || leaver.ID != "1" {
			t.Errorf("the adopter comes second: %+v", leaver)
		}
		w = kept()
		if w.Arrive("", unique("ada"), true) != nil || !w.Withdraw("1") {
			t.Error("the adopter comes first")
		}
	}
}
