package base_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// An identity that remains and a resource that gets one of its values find each other in any order, unless the resource
// is new and adopts.
func TestWalk_remain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		own, value string // of the other resource
		want       bool   // a conflict
	}{
		"a new one":         {"", "ada", true},
		"one that changes":  {"2", "ada", true},
		"another value":     {"", "eve", false},
		"the same identity": {"1", "ada", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := func(w *base.Walk) {
				w.Declare(test.own, unique(test.value))
				if test.own == "" {
					w.Arrive("", unique(test.value), false)
				}
			}
			first := base.NewData(nil, nil).Walk
			plan(first)
			if kind, taken := first.Remain("1", unique("ada"), unique("ada")); taken != test.want || taken && kind != "password" {
				t.Errorf("planned first: %q, %v", kind, taken)
			}
			second := base.NewData(nil, nil).Walk
			second.Remain("1", unique("ada"), unique("ada"))
			plan(second)
			if id, kind := second.Remaining(test.own, unique(test.value)); (id == "1") != test.want || (kind == "password") != test.want {
				t.Errorf("planned second: %q, %q", id, kind)
			}
		})
	}
	adopting := base.NewData(nil, nil).Walk
	adopting.Declare("", unique("ada"))
	if _, taken := adopting.Remain("1", unique("ada"), unique("ada")); taken {
		t.Error("a conflict before the new resource has told whether it adopts")
	}
	adopting.Arrive("", unique("ada"), true)
	if _, taken := adopting.Remain("1", unique("ada"), unique("ada")); taken {
		t.Error("a conflict with a resource that adopts")
	}
}
