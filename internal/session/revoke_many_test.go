package session

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// fakeRevoker is an admin API that has some identities.
type fakeRevoker struct {
	bulk    bool
	absent  map[string]bool
	failsAt int64 // which DELETE fails

	running, most, deletes atomic.Int64
	mu                     sync.Mutex
	chunks                 []int
}

var errFake = errors.New("out of order")

func (f *fakeRevoker) DeleteIdentitySessions(_ context.Context, id string) error {
	n := f.running.Add(1)
	defer f.running.Add(-1)
	for most := f.most.Load(); n > most && !f.most.CompareAndSwap(most, n); most = f.most.Load() {
	}
	time.Sleep(time.Millisecond)
	if f.deletes.Add(1) == f.failsAt {
		return errFake
	}
	if f.absent[id] {
		return &kratos.Error{StatusCode: 404}
	}
	return nil
}

func (f *fakeRevoker) DeleteSessionsOf(_ context.Context, ids []string) error {
	if !f.bulk {
		return kratos.ErrNoBulk
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chunks = append(f.chunks, len(ids))
	return nil
}

func (f *fakeRevoker) GetIdentity(_ context.Context, id string, _ ...string) (*kratos.Identity, error) {
	if f.absent[id] {
		return nil, &kratos.Error{StatusCode: 404}
	}
	return &kratos.Identity{ID: id}, nil
}

func (f *fakeRevoker) ListIdentities(
	_ context.Context, options kratos.ListIdentitiesOptions,
) iter.Seq2[*kratos.Identity, error] {
	return func(yield func(*kratos.Identity, error) bool) {
		for _, id := range options.IDs {
			if !f.absent[id] && !yield(&kratos.Identity{ID: id}, nil) {
				return
			}
		}
	}
}

func TestRevocation_run(t *testing.T) {
	t.Parallel()
	ids := make([]string, 1201)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	absent := map[string]bool{ids[7]: true, ids[1200]: true}
	for name, test := range map[string]struct {
		server   *fakeRevoker
		progress []string
		says     string
	}{
		"in bulk": {&fakeRevoker{bulk: true}, []string{
			"Revoking all sessions of 1201 identities", "500 of 1201 identities are done", "1000 of 1201 identities are done",
			"Revoked all sessions of 1201 identities",
		}, ""},
		"one by one":          {&fakeRevoker{}, nil, ""},
		"in bulk, some gone":  {&fakeRevoker{bulk: true, absent: absent}, nil, "Identities not found"},
		"one by one, gone":    {&fakeRevoker{absent: absent}, nil, "Identities not found"},
		"one by one, failing": {&fakeRevoker{failsAt: 30}, nil, "revoking the sessions of 1201 identities, of which "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			var progress []string
			r := revocation{client: test.server, locks: &base.Locks{}, diags: &diags, progress: func(message string) {
				progress = append(progress, message)
			}}
			r.run(t.Context(), ids)
			if test.progress != nil && !slices.Equal(progress, test.progress) {
				t.Errorf("progress %q", progress)
			}
			if test.server.bulk && !slices.Equal(test.server.chunks, []int{500, 500, 201}) {
				t.Errorf("requests for %v", test.server.chunks)
			}
			if !test.server.bulk && test.server.most.Load() > atATime {
				t.Errorf("%d at a time", test.server.most.Load())
			}
			if n := test.server.deletes.Load(); test.server.failsAt > 0 && n > test.server.failsAt+atATime {
				t.Errorf("%d requests, and the one failed that was number %d", n, test.server.failsAt)
			}
			if len(progress) < 3 && test.server.failsAt == 0 {
				t.Errorf("progress %q", progress)
			}
			if diags.HasError() != (test.says != "") || test.says != "" && len(diags) != 1 {
				t.Fatal(diags)
			}
			if test.says != "" && !strings.Contains(diags[0].Summary()+"\n"+diags[0].Detail(), test.says) {
				t.Error(diags)
			}
		})
	}
}
