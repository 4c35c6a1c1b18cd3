package batch

import (
	"testing"
	"testing/synctest"
	"time"
)

// Creates are grouped only where requests are limited, also from the first 429 on.
func TestClient_limited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		c := newClient(s, Options{})
		start := time.Now()
		for i, limited := range []bool{false, true, true} {
			s.limited = limited
			for _, err := range create(t, c, t.Context(), people(10*i, 10*i+10)...) {
				if err != nil {
					t.Error(err)
				}
			}
			if took := time.Since(start); !limited && took > 0 {
				t.Errorf("creates without limits waited %s", took)
			}
		}
		expectCounts(t, s, map[string]int{"POST": 10, "PATCH": 2, "LIST": 2})
	})
}

func TestClient_disabled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		c := newClient(s, Options{Disabled: true})
		create(t, c, t.Context(), people(0, 10)...)
		for i := range 10 {
			if _, err := c.GetIdentity(t.Context(), idOf(email(person(i)))); err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"POST": 10, "GET": 10})
	})
}
