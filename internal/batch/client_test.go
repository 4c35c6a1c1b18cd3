package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func body(address string) kratos.CreateIdentityBody {
	traits, err := json.Marshal(map[string]string{"email": address})
	if err != nil {
		panic(err)
	}
	return kratos.CreateIdentityBody{SchemaID: "default", Traits: traits}
}

// person is a body with an address of its own.
func person(i int) kratos.CreateIdentityBody { return body(fmt.Sprintf("p%03d@", i)) }

// create makes all the creates at the same time and returns their errors in order. What has no error has its own identity.
func create(t *testing.T, c *Client, ctx context.Context, bodies ...kratos.CreateIdentityBody) []error { //nolint:revive // t goes first
	t.Helper()
	errs := make([]error, len(bodies))
	var group sync.WaitGroup
	for i, body := range bodies {
		group.Go(func() {
			identity, err := c.CreateIdentity(ctx, body)
			if errs[i] = err; err == nil && string(identity.Traits) != string(body.Traits) {
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

func TestCreatesShareABatchAndAList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 10)...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "LIST": 1})
	})
}

func TestOneCreateIsAPlainOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		if errs := create(t, newClient(s, Options{}), t.Context(), person(1)); errs[0] != nil {
			t.Error(errs[0])
		}
		expectCounts(t, s, map[string]int{"POST": 1})
	})
}

func TestBatchingOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
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

func TestBatchSizes(t *testing.T) {
	t.Parallel()
	plaintext := func(all []kratos.CreateIdentityBody) []kratos.CreateIdentityBody {
		for i := range all {
			all[i].Credentials = &kratos.IdentityCredentials{Password: &kratos.PasswordCredential{Config: kratos.PasswordConfig{Password: "p"}}}
		}
		return all
	}
	large := people(0, 10)
	for i := range large {
		large[i].MetadataAdmin = json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	}
	tests := map[string]struct {
		options   Options
		oneCreate bool
		bodies    []kratos.CreateIdentityBody
		expected  map[string]int
	}{
		"the limit":                           {bodies: people(0, 250), expected: map[string]int{"PATCH": 3, "LIST": 3}},
		"a configured limit":                  {options: Options{MaxSize: 50}, bodies: people(0, 100), expected: map[string]int{"PATCH": 2, "LIST": 2}},
		"plain text one by one":               {bodies: plaintext(people(0, 50)), expected: map[string]int{"POST": 50}},
		"plain text where one create may run": {oneCreate: true, bodies: plaintext(people(0, 40)), expected: map[string]int{"PATCH": 2, "LIST": 2}},
		"large bodies":                        {bodies: large, expected: map[string]int{"PATCH": 3, "LIST": 3, "POST": 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
				s.oneCreate = test.oneCreate
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

// Each of 50 gets its own result: 3 conflicts, 2 violations with their reasons, 45 identities; also where a conflict undoes the
// batch and the answer hides the reasons.
func TestErrorsBelongToTheirItems(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v26", "v1.3"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer()
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

func TestARefusedBatchIsSentOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.fail["PATCH"] = refusal(400, "identity state is not valid", "The request was malformed")
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 10)...) {
			if err != nil {
				t.Error(err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1, "POST": 10})
	})
}

// What Kratos didn't refuse for what it holds must not become ten requests.
func TestOtherFailuresOfABatchBelongToAll(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{refusal(401, "", ""), refusal(429, "", ""), context.DeadlineExceeded, kratos.ErrUnreachable} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer()
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

func TestALostBatchIsUnknownToAllAndNotSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.loseBatches = 1
		for _, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 3)...) {
			if !errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
		}
		expectCounts(t, s, map[string]int{"PATCH": 1})
	})
}

func TestWhatCannotBeReadBackIsReturnedAsSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
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

// With an error in the batch of v1.3, an id that can't be looked up may stand for nothing.
func TestWhatMayNotExistIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		s.rollsBack = true
		s.insert(person(1))
		s.fail["LIST"] = kratos.ErrUnreachable
		errs := create(t, newClient(s, Options{}), t.Context(), people(0, 3)...)
		for i, err := range errs {
			if i == 1 && !errors.Is(err, kratos.ErrConflict) || i != 1 && !errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("create %d: %v", i, err)
			}
		}
	})
}

// Terraform is interrupted while a batch is on its way: it still learns of what was created, and nothing else is sent.
func TestInterruptedCreates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
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

func TestInterruptedCreatesDontWaitForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
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
		if waited := time.Since(start); waited < grace || waited > grace+time.Second {
			t.Errorf("waited %s for the list", waited)
		}
	})
}

// failsLate is a server whose database answers a batch with a failure that it has carried out all the same.
type failsLate struct{ *server }

func (f failsLate) BatchCreateIdentities(ctx context.Context, bodies []kratos.CreateIdentityBody) ([]kratos.BatchResult, error) {
	if _, err := f.server.BatchCreateIdentities(ctx, bodies); err != nil {
		return nil, err
	}
	return nil, refusal(http.StatusInternalServerError, "unexpected EOF", "")
}

// The conflicts after a batch that has failed may be with what it made, which is for the caller to look up.
func TestConflictsAfterAFailedBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		for i, err := range create(t, newClient(failsLate{s}, Options{}), t.Context(), people(0, 4)...) {
			if !errors.Is(err, kratos.ErrConflict) || !errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("create %d: %v", i, err)
			}
		}
		s = newServer()
		s.insert(people(0, 1)[0])
		for i, err := range create(t, newClient(s, Options{}), t.Context(), people(0, 4)...) {
			if errors.Is(err, kratos.ErrConflict) != (i == 0) || errors.Is(err, kratos.ErrOutcomeUnknown) {
				t.Errorf("create %d: %v", i, err)
			}
		}
	})
}
