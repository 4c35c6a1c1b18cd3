package batch

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// prefetchAfter is the number of reads of a walk before the first page, because fewer reads are no refresh of many
	// identities. The first page has the same number of rows. It shows how many identities the server has and how large
	// they are, and costs one list.
	prefetchAfter = 50

	// maxPerRead is the maximum number of identities on the server for each read so far. At this ratio the pages need less
	// than a third of the requests of the reads, and at most a tenth of the time.
	maxPerRead = 16

	// maxPrefetched bounds the bytes that are read and kept. It keeps the provider small.
	maxPrefetched = 8 << 20

	// maxPage bounds the bytes of one page. While a page is decoded, it is in memory several times.
	maxPage = 2 << 20

	// prefetchWait bounds how long a read waits for pages that other reads fetch, if requests aren't limited. It is about
	// the time of one page. After it, a list by ids may be faster.
	prefetchWait = 10 * time.Second

	// maxRefusedPages is the maximum number of pages that the server may refuse because of their rate. A gateway that
	// announces no limits could refuse every page, and each refused page costs a request.
	maxRefusedPages = 5

	// maxRowAge is the maximum age of a row that is used. Later the refresh is usually over, or so slow that the identity
	// may have changed on the server.
	maxRowAge = 5 * time.Minute
)

// prefetcher reads pages of all identities ahead of a refresh. Terraform requests ten identities at a time, so a
// refresh of thousands needs hundreds of lists by ids. A list of all identities needs one page for every 500. Which of
// the two needs fewer requests depends on the number of identities that the server has outside the Terraform state, and
// the provider doesn't know this number. The prefetcher therefore fetches pages when the reads so far are a sufficient
// part of the server's identities.
type prefetcher struct {
	server api
	turn   chan struct{} // of capacity 1: holds an element while a read fetches a page

	mu       sync.Mutex
	reads    int                      // so far
	single   map[string]bool          // ids that were read without a page; nil after the last page
	finished bool                     // no page will be fetched
	refusals int                      // pages that were refused for their rate
	rows     map[string]prefetchedRow // by id; a row that was used is removed
	fetched  int                      // rows of all pages
	bytes    int                      // of all pages
	lastID   string                   // the pages cover all ids up to this one
	next     string                   // token of the next page; "" for the first
}

// prefetchedRow is an identity of a page.
type prefetchedRow struct {
	kratos.ListedIdentity
	fetchedAt time.Time
}

func newPrefetcher(server api) *prefetcher {
	return &prefetcher{
		server: server,
		turn:   make(chan struct{}, 1),
		single: map[string]bool{},
		rows:   map[string]prefetchedRow{},
	}
}

// RefreshIdentity is GetIdentity for a walk that refreshes the Terraform state and writes nothing. The answer may come
// from a page that was fetched earlier in the walk.
func (c *Client) RefreshIdentity(ctx context.Context, id string) (*kratos.Identity, error) {
	// A lower MaxSize is set for a gateway that would also refuse pages.
	if c.options.MaxSize == maxSize && !c.options.Disabled && kratos.IsUUID(id) && !c.api.HasWritten() {
		if identity := c.prefetch.find(ctx, strings.ToLower(id)); identity != nil {
			return identity, nil
		}
	}
	return c.GetIdentity(ctx, id)
}

// find returns an identity from the pages. It returns nil if the identity must be read by its id: pages don't save
// requests yet, no page has the identity, or a page can't be read. A read fetches one page at most, so that no single
// read waits for all pages.
func (p *prefetcher) find(ctx context.Context, id string) *kratos.Identity {
	identity, final := p.begin(id)
	if !final {
		identity = p.search(ctx, id)
	}
	if identity == nil {
		p.noteSingle(id)
	}
	return identity
}

// begin counts a read and looks for the identity.
func (p *prefetcher) begin(id string) (identity *kratos.Identity, final bool) {
	p.mu.Lock()
	p.reads++
	again := p.single[id]
	p.mu.Unlock()
	if again {
		return nil, true
	}
	return p.lookUp(id)
}

// noteSingle excludes an identity from later pages, because a caller that reads the identity again needs the current
// values of the server.
func (p *prefetcher) noteSingle(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished {
		p.single[id] = true
	}
}

// search waits for this read's turn, looks for the identity again, and fetches a page if the identity is still missing.
func (p *prefetcher) search(ctx context.Context, id string) *kratos.Identity {
	if !p.takeTurn(ctx) {
		identity, _ := p.lookUp(id) // another read may have fetched the page meanwhile
		return identity
	}
	defer func() { <-p.turn }()
	identity, final := p.lookUp(id)
	if !final {
		p.fetchPage(ctx)
		identity, _ = p.lookUp(id)
	}
	return identity
}

// takeTurn waits until no other read fetches a page. If requests are limited it waits without a bound, because a list
// by ids would wait for the same limit.
func (p *prefetcher) takeTurn(ctx context.Context) bool {
	if !p.server.Limited() {
		bounded, cancel := context.WithTimeout(ctx, prefetchWait)
		defer cancel()
		ctx = bounded
	}
	select {
	case p.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// lookUp removes an identity from the rows and returns it. The result is final unless the next page may have the
// identity and saves requests.
func (p *prefetcher) lookUp(id string) (identity *kratos.Identity, final bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	row, ok := p.rows[id]
	if !ok {
		worthwhile := p.reads > prefetchAfter && p.estimate() <= maxPerRead*p.reads
		return nil, p.finished || !worthwhile || id <= p.lastID
	}
	delete(p.rows, id) // Terraform reads each identity once, and the row takes memory
	identity, err := row.Identity()
	if err != nil || time.Since(row.fetchedAt) > maxRowAge {
		return nil, true // a read by id tells what is wrong with the row, or what the server has now
	}
	return identity, true
}

// fetchPage fetches the next page. After a failure each identity is read by its id.
func (p *prefetcher) fetchPage(ctx context.Context) {
	p.mu.Lock()
	token := p.next
	size := p.nextSize()
	p.mu.Unlock()
	opts := kratos.ListIdentitiesOptions{PageSize: size, IncludeCredential: identifiersOnly}
	rows, next, err := p.server.PeekIdentities(ctx, opts, token, maxPage)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil && ctx.Err() != nil:
		return // this read was cancelled; another read can fetch the same page
	case errors.Is(err, kratos.ErrRateLimited) && p.refusals < maxRefusedPages:
		p.refusals++ // the client has learnt the limit from the refusal, and keeps it from now on
		return
	}
	p.next = next
	p.finished = err != nil || !p.keep(rows) || next == "" || p.tooLarge() // the rows so far stay of use
	if p.finished {
		p.single = nil
	}
}

// nextSize returns the size of the next page in rows. It leaves room for rows that are twice as large as those so far.
// The caller must hold the mutex.
func (p *prefetcher) nextSize() int {
	if p.fetched == 0 {
		return prefetchAfter
	}
	average := p.bytes/p.fetched + 1
	return min(kratos.MaxPageSize, max(maxPage/2/average, 1))
}

// tooLarge reports whether all identities of the server would need more memory than allowed. The caller must hold the
// mutex.
func (p *prefetcher) tooLarge() bool {
	average := p.bytes / max(p.fetched, 1)
	return average*p.estimate() > maxPrefetched
}

// keep adds the rows of a page. It adds no rows if the page is empty or its ids don't ascend from the last page on,
// because the server then doesn't sort pages by id, or has repeated a row. The caller must hold the mutex.
func (p *prefetcher) keep(rows []kratos.ListedIdentity) bool {
	last := p.lastID
	for _, row := range rows {
		id := row.ID
		if id <= last {
			return false
		}
		last = id
	}
	now := time.Now()
	for _, row := range rows {
		if id := row.ID; !p.single[id] {
			p.rows[id] = prefetchedRow{row, now}
		}
		p.fetched++
		p.bytes += row.Size()
	}
	p.lastID = last
	return len(rows) > 0
}

// estimate returns the estimated number of identities on the server, 0 before the first page. Ids are random and
// therefore evenly distributed. The caller must hold the mutex.
func (p *prefetcher) estimate() int {
	if p.fetched == 0 {
		return 0
	}
	const digits = 8
	last, err := strconv.ParseUint(p.lastID[:min(digits, len(p.lastID))], 16, 64)
	if err != nil {
		return math.MaxInt32
	}
	return int(float64(p.fetched) * float64(1<<(4*digits)) / float64(last+1))
}
