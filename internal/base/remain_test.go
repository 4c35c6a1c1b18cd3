package base_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// An identity that remains and an object that wants one of its values find each other in any order.
func TestWalk_remain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		own, value string // of the other object
		conflict   bool
	}{
		"a new one":         {"", "ada", true},
		"one that changes":  {"2", "ada", true},
		"another value":     {"", "eve", false},
		"the same identity": {"1", "ada", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := base.NewData(nil, nil).Walk
			if id, _ := first.Want(test.own, unique(test.value)); id != "" {
				t.Errorf("nothing remains, but %q", id)
			}
			if kind, wanted := first.Remain("1", unique("ada")); wanted != test.conflict || wanted != (kind == "password") {
				t.Errorf("planned first: %q, %v", kind, wanted)
			}
			second := base.NewData(nil, nil).Walk
			if _, wanted := second.Remain("1", unique("ada")); wanted {
				t.Error("nothing is wanted")
			}
			id, kind := second.Want(test.own, unique(test.value))
			if (id == "1") != test.conflict || (kind == "password") != test.conflict {
				t.Errorf("planned second: %q, %q", id, kind)
			}
		})
	}
}
