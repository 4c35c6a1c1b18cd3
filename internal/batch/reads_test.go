package batch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// read reads all ids at the same time and returns the errors in order.
func read(t *testing.T, c *Client, ids ...string) []error {
	t.Helper()
	errs := make([]error, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() {
			identity, err := c.GetIdentity(t.Context(), id)
			if errs[i] = err; (err == nil) != (identity != nil) || err == nil && !strings.EqualFold(identity.ID, id) {
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

func TestReadsShareAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(10)
		ids = append(ids, ids[0], strings.ToUpper(ids[1])) // twice, which is nobody's business
		for _, err := range read(t, newClient(s, Options{}), ids...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"LIST": 1})
	})
}

func TestWhatAListLeavesOutIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(10)
		late := ids[3]
		s.hidden = func(identity *kratos.Identity) bool { return identity.ID == late }
		delete(s.people, ids[7])
		for i, err := range read(t, newClient(s, Options{}), ids...) {
			if i == 7 && !errors.Is(err, kratos.ErrNotFound) || i != 7 && err != nil {
				t.Errorf("read %d: %v", i, err)
			}
		}
		expectCounts(t, s, map[string]int{"LIST": 1, "GET": 2})
	})
}

func TestOneReadIsAPlainOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populated(1)
		c := newClient(s, Options{})
		read(t, c, ids[0])
		read(t, c, ids[0], ids[0]) // the same one twice
		if _, err := c.GetIdentity(t.Context(), ids[0], "password"); err != nil {
			t.Error(err)
		}
		if errs := read(t, c, "no-uuid"); !errors.Is(errs[0], kratos.ErrNotFound) {
			t.Error(errs[0])
		}
		expectCounts(t, s, map[string]int{"GET": 5})
	})
}

// The schema of one of the identities has gone from the server: the list fails for all, and reading each for that one only.
func TestARefusedListIsReadOneByOne(t *testing.T) {
	t.Parallel()
	for _, refused := range []*kratos.Error{refusal(500, "", "schema gone"), refusal(414, "", ""), refusal(400, "", "")} {
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

func TestOtherFailuresOfAListBelongToAll(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{refusal(401, "", ""), refusal(429, "", ""), context.DeadlineExceeded, kratos.ErrUnreachable} {
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

// A panic in one of several goroutines reaches the one that waits for them, where it becomes an error; alone it would end the
// provider.
func TestAPanicReachesWhoWaits(t *testing.T) {
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
	each(len(done), func(i int) {
		if i == 3 {
			panic("a defect")
		}
		done[i] = true
	})
}
