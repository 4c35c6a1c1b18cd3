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
	// prefetchAfter is how many reads a walk makes before the first page, since fewer reads are no refresh of many
	// identities. The first page has as many rows: it shows how many identities the server has and how large they are,
	// for the price of one list.
	prefetchAfter = 50

	// maxPerRead is how many identities the server may have for each read so far. At this ratio the pages take less
	// than a third of the requests that the reads have taken, and in the worst case a tenth of the time.
	maxPerRead = 16

	// maxPrefetched bounds the bytes that are read and kept. It keeps the provider small.
	maxPrefetched = 8 << 20

	// maxPage bounds the bytes of one page, which is in memory several times while it is decoded.
	maxPage = 2 << 20

	// prefetchWait bounds how long a read waits for the pages that other reads fetch, where requests aren't limited. It
	// is as long as one page may take: a list by ids may be faster then.
	prefetchWait = 10 * time.Second

	// maxRefusedPages is how many pages the server may refuse for their rate. A gateway that announces no limits could
	// refuse every page, and each refused page costs a request.
	maxRefusedPages = 5

	// maxRowAge is how old a row may be when it is used. A refresh is over by then, or it takes so long that the server
	// may have changed the identity meanwhile.
	maxRowAge = 5 * time.Minute
)

// prefetcher reads pages of all identities ahead of a refresh. Terraform asks its provider for ten identities at a
// time, so that a refresh of thousands takes hundreds of lists by ids, where a list of all identities takes one page
// for every 500. Which is less depends on how many identities the server has outside the Terraform state, which
// Terraform doesn't tell. So the prefetcher fetches pages once the reads so far are a good part of what the server has.
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

// RefreshIdentity is GetIdentity for a walk that reads everything in the Terraform state and writes nothing. The answer
// may come from a page that was fetched earlier in the walk.
func (c *Client) RefreshIdentity(ctx context.Context, id string) (*kratos.Identity, error) {
	// A lower limit of a request's size is set for a gateway that wouldn't let pages through either.
	if c.options.MaxSize == maxSize && !c.options.Disabled && kratos.IsUUID(id) && !c.api.HasWritten() {
		if identity := c.prefetch.find(ctx, strings.ToLower(id)); identity != nil {
			return identity, nil
		}
	}
	return c.GetIdentity(ctx, id)
}

// find returns an identity from the pages. It returns nil where the server has to be asked for the identity itself:
// pages aren't worth it yet, no page has the identity, or a page can't be read. A read fetches one page at most, so
// that no read pays for all.
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

// begin counts a read and looks the identity up.
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

// noteSingle keeps an identity out of later pages: a caller that reads the identity again needs what the server has
// then.
func (p *prefetcher) noteSingle(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished {
		p.single[id] = true
	}
}

// search waits for this read's turn, looks the identity up again, and fetches a page for it if the identity is still
// missing.
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

// takeTurn waits until no other read fetches a page. Where requests are limited it waits without a bound, since a list
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
// identity and is worth its request.
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

// nextSize is how many rows the next page should have. It leaves room for rows twice as large as those so far. The
// caller holds the mutex.
func (p *prefetcher) nextSize() int {
	if p.fetched == 0 {
		return prefetchAfter
	}
	average := p.bytes/p.fetched + 1
	return min(kratos.MaxPageSize, max(maxPage/2/average, 1))
}

// tooLarge reports whether all identities of the server would take more memory than allowed. The caller holds the
// mutex.
func (p *prefetcher) tooLarge() bool {
	average := p.bytes / max(p.fetched, 1)
	return average*p.estimate() > maxPrefetched
}

// keep takes the rows of a page. It keeps no row of a page that is empty, or whose ids don't ascend from the last page
// on: the server doesn't page by id then, or has repeated a row. The caller holds the mutex.
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

// estimate is how many identities the server seems to have. Ids are random, so that they are evenly distributed. It is
// 0 before the first page. The caller holds the mutex.
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
