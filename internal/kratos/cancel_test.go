package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestClient_cancelDuringBackoff(t *testing.T) {
	t.Parallel()
	refuse := func(*http.Request) (*http.Response, error) { return answerWith(429, nil, ""), nil }
	fail := func(*http.Request) (*http.Response, error) { return answerWith(503, nil, ""), nil }
	for _, tc := range []struct {
		name      string
		transport transportFunc
		method    string
		kinds     string
		early     bool // the wait for the rate limit can't end in time, and isn't begun
	}{
		{"refused create", refuse, "POST", "RateLimited DeadlineExceeded", true},
		{"lost put", fail, "PUT", "OutcomeUnknown DeadlineExceeded", false},
		{"lost get", fail, "GET", "DeadlineExceeded", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := fakeClient(t, 8, &recorder{}, tc.transport)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start := time.Now()
				err := c.do(ctx, request{method: tc.method, path: "/x", replay: tc.method == "PUT"}, nil)
				if got := sentinels(err); got != tc.kinds || (time.Since(start) < 5*time.Second) != tc.early ||
					time.Since(start) > 5*time.Second {
					t.Errorf("%q after %s: %v", got, time.Since(start), err)
				}
			})
		})
	}
}

// A read ends with its caller. A write that was sent is seen through: its answer may hold the id of what was created.
func TestClient_cancelDuringAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				switch r.Method {
				case http.MethodGet:
					<-r.Context().Done()
				case http.MethodDelete:
					w.WriteHeader(http.StatusNoContent)
				default:
					reply(t, w, http.StatusOK, identity)
				}
			})
			want := ""
			if op.name == "get" {
				want = "Canceled"
			}
			if err := op.run(ctx, c); sentinels(err) != want || rec.count() != 1 {
				t.Errorf("want %q, %d requests: %v", want, rec.count(), err)
			}
			if err := op.run(ctx, c); sentinels(err) != "Canceled" || rec.count() != 1 {
				t.Errorf("with a context that is done: %v", err)
			}
		})
	}
}

// A host name that doesn't exist is no fault that passes.
func TestClient_unknownHost(t *testing.T) {
	t.Parallel()
	attempts := 0
	c := fakeClient(t, 3, &recorder{}, func(*http.Request) (*http.Response, error) {
		attempts++
		return nil, &net.OpError{
			Op:  "dial",
			Err: &net.DNSError{Err: "no such host", Name: "kratos.invalid", IsNotFound: true},
		}
	})
	if _, err := c.GetIdentity(t.Context(), someID); !errors.Is(err, ErrUnreachable) || attempts != 1 {
		t.Errorf("%d attempts: %v", attempts, err)
	}
}

// An answer that came just before the cancellation is not thrown away: it may hold the id of what was created.
func TestClient_cancelAfterSuccess(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := fakeClient(t, 1, &recorder{}, func(*http.Request) (*http.Response, error) {
		cancel()
		return answerWith(201, nil, identity), nil
	})
	created, err := c.CreateIdentity(ctx, CreateIdentityBody{Traits: json.RawMessage(`{}`)})
	if err != nil || created.ID != someID {
		t.Errorf("%v %v", created, err)
	}
}
