package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// server is an admin API in memory that counts its requests. Its errors are those of v1.3.1 and v26.2.0.
type server struct {
	mu       sync.Mutex
	requests []string // method and number of items
	people   map[string]*kratos.Identity

	limited     bool // requests are limited
	written     bool // the client has sent a write
	disorder    bool // pages aren't in the order of ids
	repeats     bool // the last row of a page is the first row again
	refusePages int  // how many pages are refused for their rate
	emptyPages  bool // pages have no rows, but a next page
	rollsBack   bool // as v1.3: a conflict undoes the batch, and the other items have ids all the same
	hides       bool // as v1.3: no reasons in a batch

	loseBatches int                             // how many answers to batches are lost
	fail        map[string]error                // by request
	onBatch     func()                          // called while a batch is on its way
	onItems     func([]kratos.BatchResult)      // changes the answer to a batch
	onList      func(ctx context.Context) error // called before a list
	onPage      func(ctx context.Context)       // called while a page is on its way
	hidden      func(*kratos.Identity) bool     // left out of lists
}

func newServer() *server {
	return &server{people: map[string]*kratos.Identity{}, fail: map[string]error{}}
}

// newLimitedServer is a server with limits, which makes creates share batches.
func newLimitedServer() *server {
	s := newServer()
	s.limited = true
	return s
}

func refusal(status int, reason, message string) *kratos.Error {
	return &kratos.Error{StatusCode: status, Status: http.StatusText(status), Reason: reason, Message: message}
}

// failures are errors that don't refuse a request for its items.
func failures() []error {
	return []error{refusal(401, "", ""), refusal(429, "", ""), context.DeadlineExceeded, kratos.ErrUnreachable}
}

func (s *server) note(request string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	return s.fail[strings.Fields(request)[0]]
}

func (s *server) counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for _, request := range s.requests {
		counts[strings.Fields(request)[0]]++
	}
	return counts
}

func email(body kratos.CreateIdentityBody) string {
	var traits struct {
		Email string `json:"email"`
	}
	if json.Unmarshal(body.Traits, &traits) != nil {
		return ""
	}
	return traits.Email
}

// check returns why the body can't be created now. The caller holds the lock.
func (s *server) check(body kratos.CreateIdentityBody) error {
	address := email(body)
	if !strings.Contains(address, "@") {
		return refusal(http.StatusBadRequest, "I[#/traits/email] "+address+" is no email", "The request was malformed")
	}
	if _, taken := s.people[idOf(address)]; taken {
		return refusal(http.StatusConflict, "", "a resource with that value exists already")
	}
	return nil
}

func idOf(address string) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(address), []byte(address + "      ")[:6])
}

func (s *server) insert(body kratos.CreateIdentityBody) *kratos.Identity {
	identity := &kratos.Identity{
		ID: idOf(email(body)), SchemaID: body.SchemaID, Traits: body.Traits, CreatedAt: "2026-01-01T00:00:00Z",
	}
	s.people[identity.ID] = identity
	return identity
}

func (s *server) Limited() bool { return s.limited }

func (s *server) HasWritten() bool { return s.written }

func (s *server) CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error) {
	if err := errors.Join(ctx.Err(), s.note("POST")); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.check(body); err != nil {
		return nil, err
	}
	return s.insert(body), nil
}

func (s *server) BatchCreateIdentities(
	ctx context.Context, bodies []kratos.CreateIdentityBody,
) ([]kratos.BatchResult, error) {
	if err := errors.Join(ctx.Err(), s.note(fmt.Sprintf("PATCH %d", len(bodies)))); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := maps.Clone(s.people)
	var results []kratos.BatchResult
	conflict := false
	for _, body := range bodies {
		err := s.check(body)
		if err == nil {
			results = append(results, kratos.BatchResult{ID: s.insert(body).ID})
			continue
		}
		var answer *kratos.Error
		conflict = conflict || errors.Is(err, kratos.ErrConflict)
		if errors.As(err, &answer) && s.hides && !errors.Is(err, kratos.ErrConflict) {
			answer.Reason = answer.Message
		}
		results = append(results, kratos.BatchResult{Err: err})
	}
	if conflict && s.rollsBack {
		s.people = before
	}
	if s.onBatch != nil {
		s.onBatch()
	}
	if s.onItems != nil {
		s.onItems(results)
	}
	if s.loseBatches > 0 {
		s.loseBatches--
		return nil, fmt.Errorf("connection reset: %w", kratos.ErrOutcomeUnknown)
	}
	return results, nil
}

func (s *server) GetIdentity(ctx context.Context, id string, _ ...string) (*kratos.Identity, error) {
	if err := errors.Join(ctx.Err(), s.note("GET")); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if identity, ok := s.people[strings.ToLower(id)]; ok {
		return identity, nil
	}
	return nil, refusal(http.StatusNotFound, "", "Unable to locate the resource")
}

func (s *server) ListIdentities(
	ctx context.Context, opts kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		err := errors.Join(ctx.Err(), s.note(fmt.Sprintf("LIST %d", len(opts.IDs))))
		if err == nil && s.onList != nil {
			err = s.onList(ctx)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for id, identity := range s.people {
			asked := slices.ContainsFunc(opts.IDs, func(asked string) bool { return strings.EqualFold(asked, id) })
			if asked && (s.hidden == nil || !s.hidden(identity)) && !yield(identity, nil) {
				return
			}
		}
	}
}

// pageTime is how long the client waits for a page.
const pageTime = 10 * time.Second

// PeekIdentities gives pages in the order of ids; a token is the last id of the page before.
func (s *server) PeekIdentities(
	ctx context.Context, opts kratos.ListIdentitiesOptions, token string, limit int,
) (rows []kratos.ListedIdentity, next string, err error) {
	if err := errors.Join(ctx.Err(), s.note(fmt.Sprintf("PAGE %d", opts.PageSize))); err != nil {
		return nil, "", err
	}
	if s.refusePages > 0 {
		s.refusePages--
		return nil, "", refusal(http.StatusTooManyRequests, "", "")
	}
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	if s.onPage != nil {
		s.onPage(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	bytes := 0
	for _, id := range slices.Sorted(maps.Keys(s.people)) {
		if len(rows) == opts.PageSize || s.emptyPages {
			next = id
			break
		}
		if id > token {
			var row kratos.ListedIdentity
			raw, err := json.Marshal(s.people[id])
			if err := errors.Join(err, json.Unmarshal(raw, &row)); err != nil {
				return nil, "", err
			}
			rows = append(rows, row)
			bytes += row.Size()
		}
	}
	if len(rows) > 0 && next != "" {
		next = rows[len(rows)-1].ID
	}
	if s.disorder {
		slices.Reverse(rows)
	}
	if s.repeats {
		rows = append(rows, rows[0])
	}
	if bytes > limit {
		return nil, "", errors.New("the answer is larger")
	}
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	return rows, next, nil
}

func body(address string) kratos.CreateIdentityBody {
	traits, err := json.Marshal(map[string]string{"email": address})
	if err != nil {
		panic(err)
	}
	return kratos.CreateIdentityBody{SchemaID: "default", Traits: traits}
}

// person is a body with an address of its own.
func person(i int) kratos.CreateIdentityBody { return body(fmt.Sprintf("p%03d@", i)) }

// create makes all creates concurrently and returns their errors in order. It checks that a create without an error got
// its own identity.
func create(t *testing.T, c *Client, ctx context.Context, bodies ...kratos.CreateIdentityBody) []error {
	t.Helper()
	errs := make([]error, len(bodies))
	var group sync.WaitGroup
	for i, body := range bodies {
		group.Go(func() {
			identity, err := c.CreateIdentity(ctx, body)
			errs[i] = err
			if err == nil && string(identity.Traits) != string(body.Traits) {
				t.Errorf("the create of %s got %s", body.Traits, identity.Traits)
			}
		})
	}
	group.Wait()
	return errs
}

func expectCounts(t *testing.T, s *server, expected map[string]int) {
	t.Helper()
	if counts := s.counts(); !maps.Equal(counts, expected) {
		t.Errorf("requests %v, expected %v: %v", counts, expected, s.requests)
	}
}

func people(from, to int) []kratos.CreateIdentityBody {
	var all []kratos.CreateIdentityBody
	for i := from; i < to; i++ {
		all = append(all, person(i))
	}
	return all
}
