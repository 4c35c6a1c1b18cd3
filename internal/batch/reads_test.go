package batch

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// read reads all ids concurrently and returns the errors in order.
func read(t *testing.T, c *Client, ids ...string) []error {
	t.Helper()
	errs := make([]error, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() {
			identity, err := c.GetIdentity(t.Context(), id)
			errs[i] = err
			if (err == nil) != (identity != nil) || (err == nil && !strings.EqualFold(identity.ID, id)) {
				t.Errorf("reading %s gave %+v, %v", id, identity, err)
			}
		})
	}
	group.Wait()
	return errs
}

// populated is a server with n people, and their ids.
func populated(n int) (*server, []string) {
	s := newServer()
	var ids []string
	for _, body := range people(0, n) {
		ids = append(ids, s.insert(body).ID)
	}
	return s, ids
}

func TestReads_list(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(10)
		ids = append(ids, ids[0], strings.ToUpper(ids[1])) // the same identities twice
		for _, err := range read(t, newClient(s, Options{}), ids...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"LIST": 1})
	})
}

func TestReads_missingInList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(10)
		late := ids[3]
		s.hidden = func(identity *kratos.Identity) bool { return identity.ID == late }
		delete(s.people, ids[7])
		for i, err := range read(t, newClient(s, Options{}), ids...) {
			if (i == 7) != errors.Is(err, kratos.ErrNotFound) || (i != 7 && err != nil) {
				t.Errorf("read %d: %v", i, err)
			}
		}
		expectCounts(t, s, map[string]int{"LIST": 1, "GET": 2})
	})
}

func TestReads_single(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(1)
		c := newClient(s, Options{})
		read(t, c, ids[0])
		read(t, c, ids[0], ids[0]) // the same identity twice
		if _, err := c.GetIdentity(t.Context(), ids[0], "password"); err != nil {
			t.Error(err)
		}
		if errs := read(t, c, "no-uuid"); !errors.Is(errs[0], kratos.ErrNotFound) {
			t.Error(errs[0])
		}
		expectCounts(t, s, map[string]int{"GET": 5})
	})
}

// The schema of one of the identities is gone from the server: the list fails for all identities, a single read for
// that one only. Or a cache has answered with other identities.
func TestReads_refusedList(t *testing.T) {
	t.Parallel()
	for _, refused := range []error{
		refusal(500, "", "schema gone"), refusal(414, "", ""), refusal(400, "", ""), kratos.ErrWrongIdentity,
	} {
		synctest.Test(t, func(t *testing.T) {
			s, ids := populated(10)
			s.fail["LIST"] = refused
			for _, err := range read(t, newClient(s, Options{}), ids...) {
				if err != nil {
					t.Error(err)
				}
			}
			expectCounts(t, s, map[string]int{"LIST": 1, "GET": 10})
		})
	}
}

func TestReads_failedList(t *testing.T) {
	t.Parallel()
	for _, failure := range failures() {
		synctest.Test(t, func(t *testing.T) {
			s, ids := populated(3)
			s.fail["LIST"] = failure
			for _, err := range read(t, newClient(s, Options{}), ids...) {
				if !errors.Is(err, failure) {
					t.Errorf("got %v, expected %v", err, failure)
				}
			}
			expectCounts(t, s, map[string]int{"LIST": 1})
		})
	}
}

// A panic in one of several goroutines reaches the goroutine that waits for them, where it becomes an error. Otherwise
// it would end the provider.
func TestForEach_panic(t *testing.T) {
	t.Parallel()
	done := make([]bool, 20)
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "a defect") {
			t.Errorf("recovered %v", p)
		}
		for i, ok := range done {
			if !ok && i != 3 {
				t.Errorf("%d wasn't done", i)
			}
		}
	}()
	forEach(len(done), func(i int) {
		if i == 3 {
			panic("a defect")
		}
		done[i] = true
	})
}
