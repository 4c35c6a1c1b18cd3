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
