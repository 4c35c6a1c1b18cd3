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
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// server is an admin API in memory that counts its requests. Its errors are those that v1.3.1 and v26.2.0 gave.
type server struct {
	mu       sync.Mutex
	requests []string // method and number of items
	people   map[string]*kratos.Identity

	fastest     time.Duration // how far away the server is
	oneCreate   bool          // as Ory Network
	written     bool
	disorder    bool // pages aren't in the order of ids
	refusePages int  // so many pages are refused for their rate
	emptyPages  bool // pages have nothing but a next one
	rollsBack   bool // as v1.3: a conflict undoes the batch, and the others have ids all the same
	hides       bool // as v1.3: no reasons in a batch

	loseBatches int                             // the answers of so many batches are lost
	fail        map[string]error                // by request
	onBatch     func()                          // called while a batch is on its way
	onList      func(ctx context.Context) error // called before a list
	onPage      func(ctx context.Context)       // called while a page is on its way
	hidden      func(*kratos.Identity) bool     // left out of lists
}

func newServer() *server {
	return &server{people: map[string]*kratos.Identity{}, fail: map[string]error{}}
}

func refusal(status int, reason, message string) *kratos.Error {
	return &kratos.Error{StatusCode: status, Status: http.StatusText(status), Reason: reason, Message: message}
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

// check is why the body can't be created now. The caller holds the lock.
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
	identity := &kratos.Identity{ID: idOf(email(body)), SchemaID: body.SchemaID, Traits: body.Traits, CreatedAt: "2026-01-01T00:00:00Z"}
	s.people[identity.ID] = identity
	return identity
}

func (s *server) OneCreateAtATime() bool { return s.oneCreate }

func (s *server) Limited() bool { return s.oneCreate }

func (s *server) FastestAnswer() time.Duration { return s.fastest }

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

func (s *server) BatchCreateIdentities(ctx context.Context, bodies []kratos.CreateIdentityBody) ([]kratos.BatchResult, error) {
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

func (s *server) ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error] {
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
func (s *server) PeekIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions, token string, limit int) (rows []kratos.ListedIdentity, next string, err error) {
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
	if bytes > limit {
		return nil, "", errors.New("the answer is larger")
	}
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	return rows, next, nil
}

func (s *server) HasWritten() bool { return s.written }
