package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxBatch is the maximum number of rows in one batch, half of what v26 accepts. As measured, the throughput is the
	// same from 100 rows on, so that larger batches only need fewer requests.
	maxBatch = 500

	// firstBatch is the size of the first batch. Its time determines the size of the next batch.
	firstBatch = 100

	// batchTime is the desired time of a batch. It is short, because a cancelled run waits for the current batch.
	batchTime = 2 * time.Second

	// maxBatchBytes bounds the JSON of a batch. The server accepts bodies of 5 MiB.
	maxBatchBytes = 4 << 20

	// maxSends is the maximum number of creates for a row if the answers are lost.
	maxSends = 3

	// lateCommits is the number of further searches for rows that the server may still be creating for a killed run.
	lateCommits = 5
	latePause   = 2 * time.Second
)

// maker creates the identities of rows.
type maker struct {
	data    *base.Data
	rules   *identity.Rows
	secrets secrets
	adopts  bool
	diags   *diag.Diagnostics

	rows      []*pending
	began     time.Time
	journal   journal
	killed    killed
	recovered int
	progress  progress

	mu   sync.Mutex
	size int // the size of the next batch
}

// make creates the identities of the rows, as far as possible. It records the outcome in each row.
func (m *maker) make(ctx context.Context, entries []*entry) {
	m.rows = make([]*pending, len(entries))
	batch.ForEach(len(entries), func(i int) { m.rows[i] = m.newPending(ctx, entries[i]) })
	server := m.data.Client.AdminURL()
	m.began, m.size = m.data.Client.Earliest(), firstBatch
	var continued []string
	m.killed, continued = earlierRuns(ctx, server, m.rows)
	m.journal = startJournal(ctx, server, m.began, m.rows)
	m.journal.continued = continued
	if len(m.killed) > 0 {
		m.recoverKilled(ctx)
	}
	defer m.progress.watch(ctx, "creating identities", len(m.rows), m.data.Client.Answers)()
	for range maxSends {
		if !m.sendOpen(ctx) {
			break
		}
	}
	for _, p := range m.rows {
		if p.isOpen() && p.err != nil && ctx.Err() == nil {
			p.fail(p.err)
		}
	}
}

// recoverKilled takes the identities of killed runs and reports them. If the list of identities can't be read, it marks
// all rows as failed, so that nothing is sent.
func (m *maker) recoverKilled(ctx context.Context) {
	strays, err := m.recover(ctx)
	if err != nil {
		for _, p := range m.rows {
			p.fail(fmt.Errorf("an earlier apply was interrupted, and the search for the identities that it created "+
				"failed: %w", err))
		}
		return
	}
	if m.recovered > 0 {
		m.diags.AddAttributeWarning(path.Root("identities"), "Interrupted apply continued", fmt.Sprintf("An earlier "+
			"apply in this directory was killed before it could save its state. The provider found %d identities that it "+
			"created, and now manages them in their rows.", m.recovered))
	}
	if len(strays) > 0 {
		shown := strays[:min(len(strays), shownRows)]
		m.diags.AddAttributeWarning(path.Root("identities"), "Identities of an interrupted apply without a row",
			fmt.Sprintf("An earlier apply in this directory was killed before it could save its state. It has created %d "+
				"identities for rows that are no longer in the configuration: %s. Import or delete these identities.",
				len(strays), strings.Join(shown, ", ")))
	}
}

// sendOpen sends the open rows, and looks up the rows with an unclear outcome. It reports whether some rows must be
// sent again.
func (m *maker) sendOpen(ctx context.Context) (again bool) {
	var open []*pending
	for _, p := range m.rows {
		if p.isOpen() {
			open = append(open, p)
		}
	}
	if len(open) == 0 {
		return false
	}
	m.send(ctx, open)
	var unclear []*pending
	for _, p := range open {
		if p.id == "" && p.problem == "" && p.err != nil {
			unclear = append(unclear, p)
		}
	}
	if len(unclear) == 0 || ctx.Err() != nil {
		return false
	}
	m.clear(ctx, unclear)
	return slices.ContainsFunc(unclear, func(p *pending) bool { return p.isOpen() })
}

// clear determines the outcome of rows that conflict, and of rows whose answer was lost.
func (m *maker) clear(ctx context.Context, unclear []*pending) {
	killed := func(p *pending) bool {
		return slices.ContainsFunc(p.marks, func(unique mark) bool { _, ok := m.killed[unique]; return ok })
	}
	for range lateCommits {
		if !slices.ContainsFunc(unclear, func(p *pending) bool { return p.id == "" && killed(p) }) {
			break
		}
		if _, err := m.recover(ctx); err != nil || !sleep(ctx, latePause) {
			break
		}
	}
	unclear = slices.DeleteFunc(slices.Clone(unclear), func(p *pending) bool { return p.id != "" })
	if len(unclear) > 0 {
		m.findOwners(ctx, unclear)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// send sends the rows in batches, two batches at a time if requests aren't limited.
func (m *maker) send(ctx context.Context, open []*pending) {
	next := 0
	workers := 2
	if m.data.Client.Limited() {
		workers = 1
	}
	batch.ForEach(workers, func(int) {
		for ctx.Err() == nil {
			m.mu.Lock()
			group := m.nextBatch(open[next:])
			next += len(group)
			m.mu.Unlock()
			if len(group) == 0 {
				return
			}
			m.sendBatch(ctx, group)
		}
	})
}

// nextBatch returns the rows of the next batch. The caller holds the mutex.
func (m *maker) nextBatch(rows []*pending) []*pending {
	limit, bytes := m.size, 0
	for i, p := range rows {
		if p.body.HasPlaintextPassword() {
			limit = min(limit, kratos.MaxBatchPlaintext)
		}
		bytes += bodyBytes + len(p.body.Traits) + len(p.body.MetadataPublic) + len(p.body.MetadataAdmin)
		if i >= limit || i > 0 && bytes > maxBatchBytes {
			return rows[:i]
		}
	}
	return rows
}

// bodyBytes is the size of a create without its traits and metadata.
const bodyBytes = 600

func (m *maker) sendBatch(ctx context.Context, group []*pending) {
	bodies := make([]kratos.CreateIdentityBody, 0, len(group))
	for _, p := range group {
		bodies = append(bodies, p.body)
	}
	began := time.Now()
	outcomes := m.data.Client.CreateMany(ctx, bodies)
	m.learn(len(group), time.Since(began))
	for i, p := range group {
		m.settle(ctx, p, outcomes[i])
	}
	m.progress.done.Add(int64(len(group)))
}

// learn computes the size of the next batch from the time of the last batch.
func (m *maker) learn(rows int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fits := float64(rows) * float64(batchTime) / float64(max(took, time.Millisecond))
	m.size = max(kratos.MaxBatchPlaintext, min(maxBatch, int(fits)))
}

// settle records the outcome of a row.
func (m *maker) settle(ctx context.Context, p *pending, outcome batch.Created) {
	err := outcome.Err
	var answer *kratos.Error
	switch {
	case err == nil:
		if !m.take(p, outcome.Identity.ID) {
			p.problem = fmt.Sprintf("The server answered with the identity %s, which another resource of the "+
				"configuration manages.", outcome.Identity.ID)
		}
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		p.err, p.lost = err, true
	case errors.Is(err, kratos.ErrConflict):
		p.err = err
	case errors.As(err, &answer) && answer.Refused(), errors.Is(err, kratos.ErrNotStorable):
		p.problem = m.rules.Refusal(ctx, p.want, err)
	case ctx.Err() == nil:
		p.fail(err)
	}
}

// fail records that the server failed.
func (p *pending) fail(err error) {
	p.failed = true
	p.problem = explained(err)
}
