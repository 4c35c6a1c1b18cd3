//go:build unix

package hostile_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
)

// mostMemory is the resident memory that no answer may bring the provider's process to.
const mostMemory = 200 << 20

// huge is a server whose answers are huge.
type huge struct {
	name  string
	match acctest.Match // the requests whose answers are altered
	alter []acctest.Alteration
}

func reads(r *http.Request) bool { return r.Method == http.MethodGet }

// writes matches the writes that are answered with an identity.
func writes(r *http.Request) bool { return r.Method != http.MethodGet }

// The provider runs in a process of its own, as users run it: it reads, lists, creates and changes identities at the
// same time, and every answer is huge. It keeps within its memory and its time-outs.
func TestAccHostile_memory(t *testing.T) {
	t.Parallel()
	began := time.Now()
	server := acctest.Kratos(t, acctest.Options{LateLocks: true})
	settled := newMemoryWorld(t, server)
	settled.declare("ada", "bob", "cid")
	settled.settle()
	state, _ := settled.tf.dump()
	const megabyte = 1 << 20
	// Each of these is below the limit of one identity, 2 MiB.
	million := acctest.Repeated(1_000_000, "1")
	rows := []huge{
		{"fifteen megabytes in one text", reads, []acctest.Alteration{filling(15 * megabyte)}},
		{"sixty megabytes in one text", reads, []acctest.Alteration{filling(60 * megabyte)}},
		{"body without an end", reads, []acctest.Alteration{acctest.Endless()}},
		{"million numbers", reads, []acctest.Alteration{acctest.WithMember("metadata_public", million)}},
		{"million numbers among the traits", reads, []acctest.Alteration{acctest.WithMember("traits", object{"n": million})}},
		{"six hundred thousand empty objects", reads, []acctest.Alteration{acctest.WithMember("metadata_public", acctest.Repeated(600_000, "{}"))}},
		{"hundred and fifty thousand members", reads, []acctest.Alteration{acctest.WithMember("metadata_public", manyMembers(150_000))}},
		{"hundred thousand addresses", reads, []acctest.Alteration{acctest.WithMember("verifiable_addresses", acctest.Numbered(100_000, `{"id":"%d"}`))}},
		{"nested a hundred thousand deep", reads, []acctest.Alteration{acctest.WithMember("metadata_public", acctest.Nested(100_000))}},
		{"nested 400 deep", reads, []acctest.Alteration{acctest.WithMember("metadata_public", acctest.Nested(400))}},
		{"page of sixty megabytes", reads, []acctest.Alteration{acctest.WithPage(http.StatusBadGateway), filled(60 * megabyte)}},
		{"error of fifteen megabytes", reads, []acctest.Alteration{acctest.WithStatus(http.StatusBadRequest), hugeReason(15 * megabyte)}},
		{"gzip of a gigabyte", reads, []acctest.Alteration{bomb(1 << 30)}},
		{"people without an end", onList, []acctest.Alteration{peopleWithoutEnd(8 << 10)}},
		{"sessions without an end", onSessions, []acctest.Alteration{sessionsWithoutEnd()}},
		{"schema of fifteen megabytes", onSchema, []acctest.Alteration{acctest.WithBody(schemaOf(manyPatterns(120_000)))}},
		{"created: fifteen megabytes", writes, []acctest.Alteration{filling(15 * megabyte)}},
		{"created: million numbers", writes, []acctest.Alteration{acctest.WithMember("metadata_public", million)}},
		{"created: body without an end", writes, []acctest.Alteration{acctest.Endless()}},
		{"created: error of fifteen megabytes", writes, []acctest.Alteration{acctest.WithStatus(http.StatusBadRequest), hugeReason(15 * megabyte)}},
	}
	var group sync.WaitGroup
	places := make(chan struct{}, 2)
	for _, h := range rows { //nolint:paralleltest // two at a time, in goroutines of their own
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			t.Run(h.name, func(t *testing.T) { h.run(t, server, settled, state) })
		})
	}
	group.Wait()
	t.Logf("%d rows in %s", len(rows), time.Since(began))
}

// newMemoryWorld is a world without the verbose log, which few users have.
func newMemoryWorld(t *testing.T, server *acctest.Server) *world {
	w := newWorld(t, server, true)
	command := w.tf.(*cli).workspace
	command.Env = append(command.Env, "TF_LOG_PROVIDER=", "TF_LOG_PATH=")
	w.timing = timing{request: 5 * time.Second, retries: 1, operation: 20 * time.Second}
	return w
}

// run applies with the state of a settled world, with another name and with one more person, and lists everything.
func (h huge) run(t *testing.T, server *acctest.Server, settled *world, state string) {
	w := newMemoryWorld(t, server)
	w.people = append(w.people, settled.people...)
	for _, p := range w.people {
		w.config.resources[p.address] = w.identity(p)
	}
	rename(w, "Augusta")
	w.declare("dot")
	ada := w.people[0]
	maps.Copy(w.config.data, map[string]object{
		"ory_identities.all":        {},
		"ory_identity.ada":          {"credentials_identifier": ada.email()},
		"ory_identity_sessions.ada": {"identity_id": ada.id},
		"ory_identity_schemas.all":  {},
	})
	var altered atomic.Int64
	match := func(r *http.Request) bool {
		matches := h.match(r)
		if matches {
			altered.Add(1)
		}
		return matches
	}
	for _, p := range []*acctest.Proxy{w.proxy, w.public} {
		p.Alter(always, match, h.alter...)
	}
	got := applyOnce(t, w, state)
	if got.PeakRSS > mostMemory {
		got = applyOnce(t, w, state) // the peak also depends on when the garbage collector runs
	}
	t.Logf("peak %d MB, %s, %d answers altered", got.PeakRSS>>20, got.Wall, altered.Load())
	switch {
	case altered.Load() == 0:
		t.Errorf("no answer was altered:\n%s", got.Tail())
	case strings.Contains(got.Output, "panic:"), strings.Contains(got.Output, "Plugin did not respond"):
		t.Errorf("the provider has ended:\n%s", got.Tail())
	case got.PeakRSS == 0:
		t.Skip("the memory of another process can't be measured here")
	case got.PeakRSS > mostMemory:
		t.Errorf("the provider took %d MB, more than %d", got.PeakRSS>>20, mostMemory>>20)
	}
	if got.Wall > w.timing.bound() {
		t.Errorf("it took %s, more than %s", got.Wall, w.timing.bound())
	}
}

// applyOnce applies with this state, and returns what the apply took.
func applyOnce(t *testing.T, w *world, state string) loadtest.Result {
	t.Helper()
	command := w.tf.(*cli)
	command.workspace.Write(stateFile, state)
	command.write(w.impatient())
	ctx, cancel := context.WithTimeout(t.Context(), 2*w.timing.bound())
	defer cancel()
	runner := loadtest.Runner{CLI: command.workspace.CLI}
	got, err := runner.Run(ctx, "apply", "-auto-approve", "-no-color", "-input=false")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// filling makes the metadata of every identity so large that the body has about this size.
func filling(size int) acctest.Alteration {
	return func(a *acctest.Answer) {
		rows := 1
		acctest.WithRows(func(all []any) []any { rows = max(len(all), 1); return all })(a)
		acctest.WithMember("metadata_public", strings.Repeat("x", size/rows))(a)
	}
}

// filled makes a page of this size.
func filled(size int) acctest.Alteration {
	return acctest.WithText(func(page string) string { return page + strings.Repeat(" <p>One moment, please</p>", size/25) })
}

// hugeReason is an error of Kratos whose reason has this size.
func hugeReason(size int) acctest.Alteration {
	return acctest.WithBody(fmt.Sprintf(`{"error":{"code":400,"status":"Bad Request","reason":%q,"message":"The request failed"}}`,
		strings.Repeat("x", size)))
}

// manyMembers is an object with this many members.
func manyMembers(n int) json.RawMessage {
	text := []byte("{")
	for i := range n {
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, `"%d":0`, i)
	}
	return append(text, '}')
}

// bomb is a compressed body of this size, which is JSON.
func bomb(size int) acctest.Alteration {
	compressed := sync.OnceValue(func() []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		block := bytes.Repeat([]byte("[["), 1<<19)
		for range size / len(block) {
			_, _ = w.Write(block) // a buffer takes everything
		}
		_ = w.Close()
		return out.Bytes()
	})
	return func(a *acctest.Answer) {
		a.Header.Set("Content-Encoding", "gzip")
		a.Body = compressed()
	}
}
