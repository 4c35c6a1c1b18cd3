package batch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func TestCreates_batch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 10)...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "LIST": 1})
	})
}

func TestCreates_single(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		if errs := create(t, newClient(s, Options{}), t.Context(), person(1)); errs[0] != nil {
			t.Error(errs[0])
		}
		expectCounts(t, s, map[string]int{"POST": 1})
	})
}

func TestCreates_sizes(t *testing.T) {
	t.Parallel()
	plaintext := func(all []kratos.CreateIdentityBody) []kratos.CreateIdentityBody {
		for i := range all {
			password := kratos.PasswordCredential{Config: kratos.PasswordConfig{Password: "p"}}
			all[i].Credentials = &kratos.IdentityCredentials{Password: &password}
		}
		return all
	}
	large := people(0, 10)
	for i := range large {
		large[i].MetadataAdmin = json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	}
	tests := map[string]struct {
		options  Options
		bodies   []kratos.CreateIdentityBody
		expected map[string]int
	}{
		"the limit": {bodies: people(0, 250), expected: map[string]int{"PATCH": 3, "LIST": 3}},
		"a configured limit": {
			options: Options{MaxSize: 50}, bodies: people(0, 100), expected: map[string]int{"PATCH": 2, "LIST": 2},
		},
		"plaintext passwords": {bodies: plaintext(people(0, 40)), expected: map[string]int{"PATCH": 2, "LIST": 2}},
		"one plaintext password": {
			bodies: append(plaintext(people(0, 1)), people(1, 40)...), expected: map[string]int{"PATCH": 2, "LIST": 2},
		},
		"large bodies": {bodies: large, expected: map[string]int{"PATCH": 3, "LIST": 3, "POST": 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newLimitedServer()
				for _, err := range create(t, newClient(s, test.options), t.Context(), test.bodies...) {
					if err != nil {
						t.Error(err)
					}
				}
				expectCounts(t, s, test.expected)
			})
		})
	}
}

// Each of 50 creates gets its own result: 3 conflicts, 2 violations with their reasons, 45 identities; also where a
// conflict undoes the batch and the answer hides the reasons.
func TestCreates_itemErrors(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v26", "v1.3"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newLimitedServer()
				s.rollsBack, s.hides = version == "v1.3", version == "v1.3"
				for _, i := range []int{7, 8, 30} {
					s.insert(person(i))
				}
				bodies := people(0, 50)
				bodies[12], bodies[40] = body("first"), body("second")
				for i, err := range create(t, newClient(s, Options{}), t.Context(), bodies...) {
					switch i {
					case 7, 8, 30:
						if !errors.Is(err, kratos.ErrConflict) {
							t.Errorf("create %d: expected a conflict, got %v", i, err)
						}
					case 12, 40:
						if err == nil || !strings.Contains(err.Error(), "I[#/traits/email] "+email(bodies[i])+" is") {
							t.Errorf("create %d: expected its own violation, got %v", i, err)
						}
					default:
						if err != nil {
							t.Errorf("create %d: %v", i, err)
						}
					}
				}
				if len(s.people) != 48 {
					t.Errorf("%d people, expected 48", len(s.people))
				}
			})
		})
	}
}

func TestCreates_refusedBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		s.fail["PATCH"] = refusal(400, "identity state is not valid", "The request was malformed")
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 10)...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "POST": 10})
	})
}

// A batch that Kratos didn't refuse for its items must not become many requests.
func TestCreates_failedBatch(t *testing.T) {
	t.Parallel()
	for _, failure := range failures() {
		synctest.Test(t, func(t *testing.T) {
			s := newLimitedServer()
			s.fail["PATCH"] = failure
			for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 3)...) {
				if !errors.Is(err, failure) {
					t.Errorf("got %v, expected %v", err, failure)
				}
			}
			expectCounts(t, s, map[string]int{"PATCH": 1})
		})
	}
}

func TestCreates_lostBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		s.loseBatches = 1
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 3)...) {
			if !errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1})
	})
}

func TestCreates_notReadBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		s.fail["LIST"] = kratos.ErrUnreachable
		c := newClient(s, Options{})
		var group sync.WaitGroup
		for i := range 3 {
			group.Go(func() {
				identity, err := c.CreateIdentity(t.Context(), person(i))
				if err != nil || identity.ID != idOf(email(person(i))) || identity.CreatedAt != "" {
					t.Errorf("got %+v, %v", identity, err)
				}
			})
		}
		group.Wait()
	})
}

// With an error in a batch of v1.3, an id that can't be looked up may belong to no identity.
func TestCreates_notVerified(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		s.rollsBack = true
		s.insert(person(1))
		s.fail["LIST"] = kratos.ErrUnreachable
		errs := create(t, newClient(s, Options{}), t.Context(), people(0, 3)...)
		for i, err := range errs {
			expected := kratos.ErrOutcomeUnknown
			if i == 1 {
				expected = kratos.ErrConflict
			}
			if !errors.Is(err, expected) {
				t.Errorf("create %d: %v", i, err)
			}
		}
	})
}

// Terraform is interrupted while a batch is on its way. It still gets what was created, and nothing else is sent.
func TestCreates_interrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		ctx, interrupt := context.WithCancel(t.Context())
		s.onBatch = interrupt
		c := newClient(s, Options{MaxSize: 5})
		created := 0
		for i, err := range create(t, c, ctx, people(0, 12)...) {
			switch {
			case err == nil:
				created++
			case !errors.Is(err, context.Canceled):
				t.Errorf("create %d: %v", i, err)
			}
		}
		if created != 5 || len(s.people) != 5 {
			t.Errorf("%d creates returned, %d people, expected 5", created, len(s.people))
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "LIST": 1})
	})
}

func TestCreates_interruptedReadBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		ctx, interrupt := context.WithCancel(t.Context())
		s.onBatch = interrupt
		s.onList = func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		start := time.Now()
		for i, err := range create(t, newClient(s, Options{}), ctx, people(0, 3)...) {
			if err != nil {
				t.Errorf("create %d, which was carried out: %v", i, err)
			}
		}
		if waited := time.Since(start); waited < readBackTime || waited > readBackTime+time.Second {
			t.Errorf("waited %s for the list", waited)
		}
	})
}

// failsLate is a server that carries a batch out and answers with a failure of its database.
type failsLate struct{ *server }

func (f failsLate) BatchCreateIdentities(
	ctx context.Context, bodies []kratos.CreateIdentityBody,
) ([]kratos.BatchResult, error) {
	if _, err := f.server.BatchCreateIdentities(ctx, bodies); err != nil {
		return nil, err
	}
	return nil, refusal(http.StatusInternalServerError, "unexpected EOF", "")
}

// A conflict after a failed batch may be with an identity that the batch has created. The caller looks it up.
func TestCreates_conflictAfterFailedBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		for i, err := range create(t, newClient(failsLate{s}, Options{}), t.Context(), people(0, 4)...) {
			if !errors.Is(err, kratos.ErrConflict) || !errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("create %d: %v", i, err)
			}
		}
		s = newLimitedServer()
		s.insert(people(0, 1)[0])
		for i, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 4)...) {
			if errors.Is(err, kratos.ErrConflict) != (i == 0) || errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("create %d: %v", i, err)
			}
		}
	})
}

// An item that isn't about its create has an unknown outcome: it isn't sent again, and the other items are verified and
// returned.
func TestCreates_otherItem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newLimitedServer()
		s.onItems = func(items []kratos.BatchResult) {
			answer := &kratos.Error{StatusCode: http.StatusOK, Message: "the result of another request"}
			items[1] = kratos.BatchResult{Err: errors.Join(answer, kratos.ErrWrongIdentity, kratos.ErrOutcomeUnknown)}
		}
		unknown := 0
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 4)...) {
			switch {
			case errors.Is(err, kratos.ErrWrongIdentity) && errors.Is(err, kratos.ErrOutcomeUnknown):
				unknown++
			case err != nil:
				t.Error(err)
			}
		}
		if unknown != 1 {
			t.Errorf("%d creates of unknown outcome, expected 1", unknown)
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "LIST": 1})
	})
}
