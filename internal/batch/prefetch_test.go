package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// populatedAtRandom is a server with n people under random ids, and the ids in random order.
func populatedAtRandom(n int) (*server, []string) {
	s := newServer()
	random := rand.New(rand.NewPCG(1, 2))
	var ids []string
	for range n {
		id := fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x",
			random.Uint32(), random.Uint32()&0xffff, random.Uint32()&0xfff, random.Uint32()&0xfff, random.Uint64()>>16)
		s.people[id] = &kratos.Identity{ID: id, Traits: json.RawMessage(`{}`)}
		ids = append(ids, id)
	}
	return s, ids
}

// parallelism is how many reads Terraform makes at the same time.
const parallelism = 10

// refresh reads the ids as Terraform's refresh does, ten at a time, and returns the errors by id.
func refresh(t *testing.T, c *Client, ids []string) map[string]error {
	t.Helper()
	errs := map[string]error{}
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan string)
	for range parallelism {
		group.Go(func() {
			for id := range next {
				identity, err := c.RefreshIdentity(t.Context(), id)
				if (err == nil) != (identity != nil) || (err == nil && !strings.EqualFold(identity.ID, id)) {
					t.Errorf("refreshing %s gave %+v, %v", id, identity, err)
				}
				mu.Lock()
				errs[id] = err
				mu.Unlock()
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	group.Wait()
	return errs
}

func sum(counts map[string]int) (requests int) {
	for _, n := range counts {
		requests += n
	}
	return requests
}

func TestPrefetch_pages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		onServer, inState int
		pages, most       int // pages, exactly, and requests, at most
	}{
		"few":                                {onServer: 50, inState: 50, pages: 0, most: 5},
		"all that there are":                 {onServer: 1000, inState: 1000, pages: 3, most: 15},
		"half of them":                       {onServer: 2000, inState: 1000, pages: 5, most: 22},
		"a part that pages hardly help with": {onServer: 7000, inState: 1000, pages: 15, most: 110},
		"a part that pages don't help with":  {onServer: 25000, inState: 1000, pages: 1, most: 101},
		"all of many":                        {onServer: 9000, inState: 9000, pages: 19, most: 140},
		"few of some":                        {onServer: 3000, inState: 60, pages: 1, most: 7},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, ids := populatedAtRandom(test.onServer)
				for id, err := range refresh(t, newClient(s, Options{}), ids[:test.inState]) {
					if err != nil {
						t.Errorf("%s: %v", id, err)
					}
				}
				if counts := s.counts(); counts["PAGE"] != test.pages || sum(counts) > test.most {
					t.Errorf("requests %v, expected %d pages and %d requests at most", counts, test.pages, test.most)
				}
			})
		})
	}
}

// An identity that no page has may be new, or gone. The server is asked for it by its id.
func TestPrefetch_missingInPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(1000)
		gone := ids[700]
		delete(s.people, gone)
		errs := refresh(t, newClient(s, Options{}), ids)
		for id, err := range errs {
			if (id == gone) != errors.Is(err, kratos.ErrNotFound) || (id != gone && err != nil) {
				t.Errorf("%s: %v", id, err)
			}
		}
		if counts := s.counts(); counts["GET"] == 0 || sum(counts) > 20 {
			t.Errorf("requests %v", counts)
		}
	})
}

// A row is used once: a caller that reads the identity again needs what the server has then.
func TestPrefetch_rowUsedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(400)
		c := newClient(s, Options{})
		refresh(t, c, ids)
		last := ids[399]
		s.people[last] = &kratos.Identity{ID: last, SchemaID: "changed"}
		identity, err := c.RefreshIdentity(t.Context(), last)
		if err != nil || identity.SchemaID != "changed" {
			t.Errorf("got %+v, %v", identity, err)
		}
	})
}

func TestPrefetch_withoutPages(t *testing.T) {
	t.Parallel()
	large := func(s *server, size int) {
		for _, identity := range s.people {
			identity.MetadataPublic = json.RawMessage(`"` + strings.Repeat("x", size) + `"`)
		}
	}
	tests := map[string]struct {
		options Options
		spoil   func(s *server)
		pages   int // requests for pages
		found   int // identities in them
	}{
		"pages that fail": {
			spoil: func(s *server) { s.fail["PAGE"] = refusal(500, "", "") }, pages: 1,
		},
		"pages without rows":      {spoil: func(s *server) { s.emptyPages = true }, pages: 1},
		"pages in another order":  {spoil: func(s *server) { s.disorder = true }, pages: 1},
		"a page with a row twice": {spoil: func(s *server) { s.repeats = true }, pages: 1},
		"identities that are large": {
			spoil: func(s *server) { large(s, maxPrefetched/220) }, pages: 1, found: prefetchAfter,
		},
		"a page that is too large":            {spoil: func(s *server) { large(s, maxPage/prefetchAfter) }, pages: 1},
		"a walk that writes":                  {spoil: func(s *server) { s.written = true }},
		"batching that is turned off":         {options: Options{Disabled: true}},
		"a lower limit of identities a group": {options: Options{MaxSize: 50}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, ids := populatedAtRandom(300)
				if test.spoil != nil {
					test.spoil(s)
				}
				c := newClient(s, test.options)
				for id, err := range refresh(t, c, ids) {
					if err != nil {
						t.Errorf("%s: %v", id, err)
					}
				}
				counts := s.counts()
				least := (300 - test.found) / parallelism
				if counts["PAGE"] != test.pages || (counts["LIST"] < least && counts["GET"] < 300) {
					t.Errorf("requests %v, expected %d pages and %d lists", counts, test.pages, least)
				}
			})
		})
	}
}

// stuck is a page that takes a minute.
func stuck(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
	}
}

// A read is cancelled while it fetches a page. A read that waits for the page fetches it.
func TestPrefetch_cancelledPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(400)
		slices.Sort(ids)
		c := newClient(s, Options{})
		refresh(t, c, ids[400-prefetchAfter:])
		s.onPage = stuck
		ctx, interrupt := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := c.RefreshIdentity(ctx, ids[0]); !errors.Is(err, context.Canceled) {
				t.Errorf("the cancelled read got %v", err)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if identity, err := c.RefreshIdentity(t.Context(), ids[1]); err != nil || identity.ID != ids[1] {
				t.Errorf("the other read got %+v, %v", identity, err)
			}
		})
		synctest.Wait()
		s.onPage = nil
		interrupt()
		group.Wait()
		if counts := s.counts(); counts["PAGE"] != 2 || counts["GET"] != 0 {
			t.Errorf("requests %v", counts)
		}
	})
}

// A server that is slow with pages holds up no read for longer than the time-out of a page.
func TestPrefetch_slowPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(400)
		s.onPage = stuck
		began := time.Now()
		for id, err := range refresh(t, newClient(s, Options{}), ids) {
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if took := time.Since(began); took > pageTime+5*time.Second {
			t.Errorf("the refresh took %v", took)
		}
		if n := s.counts()["PAGE"]; n != 1 {
			t.Errorf("%d pages", n)
		}
	})
}

// The wait for pages of other reads doesn't shorten the time-out of the own page.
func TestPrefetch_slowPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(4000)
		s.onPage = func(context.Context) { time.Sleep(3 * time.Second) }
		s.onList = func(context.Context) error { time.Sleep(200 * time.Millisecond); return nil }
		began := time.Now()
		for id, err := range refresh(t, newClient(s, Options{}), ids) {
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		counts := s.counts()
		if took := time.Since(began); counts["PAGE"] != 9 || counts["LIST"] > 100 || took > time.Minute {
			t.Errorf("the refresh took %v and %v", took, counts)
		}
	})
}

// A page that is refused for its rate is fetched later: pages help the most where requests are limited.
func TestPrefetch_refusedPages(t *testing.T) {
	t.Parallel()
	for refusals, wantPages := range map[int]int{
		1: 3 + 1, maxRefusedPages: 3 + maxRefusedPages, 1000: maxRefusedPages + 1,
	} {
		synctest.Test(t, func(t *testing.T) {
			s, ids := populatedAtRandom(1000)
			s.limited = true
			s.refusePages = refusals
			for id, err := range refresh(t, newClient(s, Options{}), ids) {
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
			}
			if counts := s.counts(); counts["PAGE"] != wantPages {
				t.Errorf("%d refusals: requests %v, want %d pages", refusals, counts, wantPages)
			}
		})
	}
}

// An identity that was read by its id isn't kept from a later page, and an old row isn't used: the server may have
// changed both.
func TestPrefetch_keptRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(400)
		c := newClient(s, Options{})
		refresh(t, c, ids[:399])
		early, late := ids[0], ids[399] // read by id before the pages, and not read yet
		s.people[early] = &kratos.Identity{ID: early, SchemaID: "changed"}
		if identity, err := c.RefreshIdentity(t.Context(), early); err != nil || identity.SchemaID != "changed" {
			t.Errorf("got %+v, %v", identity, err)
		}
		delete(s.people, late)
		time.Sleep(maxRowAge + time.Second)
		if identity, err := c.RefreshIdentity(t.Context(), late); !errors.Is(err, kratos.ErrNotFound) {
			t.Errorf("got %+v, %v", identity, err)
		}
		if n := len(c.prefetch.rows); n != 0 {
			t.Errorf("%d rows are kept in vain", n)
		}
	})
}

// The first page shows how large the rows are. The later pages have fewer rows, so that no page is larger than allowed.
func TestPrefetch_largeRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := populatedAtRandom(500)
		for _, identity := range s.people {
			identity.MetadataPublic = json.RawMessage(`"` + strings.Repeat("x", 8<<10) + `"`)
		}
		for id, err := range refresh(t, newClient(s, Options{}), ids) {
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if counts := s.counts(); counts["PAGE"] != 5 || sum(counts) > 16 {
			t.Errorf("requests %v", counts)
		}
	})
}
