package batch

import (
	"context"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// aheadFrom is how many reads a walk has made before it reads ahead: fewer are no refresh of very many.
	aheadFrom = 50

	// aheadPages and aheadBytes bound what is kept of a server's identities: pages of 500, and traits and metadata of all.
	aheadPages = 20
	aheadBytes = 24 << 20
)

// ahead is what a refresh has read before it was asked for. Terraform tells its provider of ten identities at a time, so that
// a refresh of thousands takes hundreds of lists by id; a list of all that the server has takes a page for every 500. Whether that
// is less depends on how many the server has beside those in the Terraform state, which nobody tells. So pages are read when as
// many requests were made already as there seem to be pages: at the worst, a refresh takes twice the requests that it would
// have taken without.
type ahead struct {
	busy chan struct{} // of capacity 1: somebody reads a page

	mu      sync.Mutex
	reads   int // identities asked for
	spent   int // requests that they took
	over    bool
	found   map[string]*kratos.Identity // by id, of those who weren't asked for yet
	bytes   int
	covered string // the server's ids up to this one were read
	next    string // token of the next page; "" for the first
	pages   int    // as many as the server seems to have; 0 if it isn't known
}

// RefreshIdentity is GetIdentity for a walk that reads everything that Terraform has in its state and writes nothing. The answer
// may be from a list that was read earlier in the walk.
func (c *Client) RefreshIdentity(ctx context.Context, id string) (*kratos.Identity, error) {
	if !c.options.Disabled && isUUID(id) && !c.api.HasWritten() {
		if identity := c.ahead.find(ctx, c.api, strings.ToLower(id)); identity != nil {
			return identity, nil
		}
	}
	return c.GetIdentity(ctx, id)
}

// note counts requests that reads by id took.
func (a *ahead) note(requests int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.spent += requests
}

// find returns an identity if a page has it. It returns nil where the server has to be asked for it: the pages aren't worth it yet, or
// none has it, or one can't be read.
func (a *ahead) find(ctx context.Context, server api, id string) *kratos.Identity {
	a.mu.Lock()
	a.reads++
	a.mu.Unlock()
	for ctx.Err() == nil {
		if identity, final := a.lookUp(id); final {
			return identity
		}
		select {
		case a.busy <- struct{}{}:
			a.readPage(ctx, server, id)
			<-a.busy
		case <-ctx.Done():
		}
	}
	return nil
}

// lookUp takes an identity out of what was read. It says whether that is final: else the next page may have it, and is worth
// its request.
func (a *ahead) lookUp(id string) (identity *kratos.Identity, final bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if identity, ok := a.found[id]; ok {
		delete(a.found, id) // each is asked for once, and memory counts
		return identity, true
	}
	return nil, a.settled(id)
}

// settled says whether no further page is to be read for an identity. The caller holds the mutex.
func (a *ahead) settled(id string) bool {
	worthwhile := a.reads > aheadFrom && a.spent > 0 && a.pages <= a.spent
	return a.over || !worthwhile || id <= a.covered
}

// readPage reads the next page, unless another caller has read what this one waits for. Where that fails, those who want to know
// ask for each by id, which tells them why.
func (a *ahead) readPage(ctx context.Context, server api, id string) {
	a.mu.Lock()
	token, settled := a.next, a.settled(id)
	a.mu.Unlock()
	if settled {
		return
	}
	opts := kratos.ListIdentitiesOptions{PageSize: kratos.MaxPageSize, IncludeCredential: identifiersOnly}
	rows, next, err := server.ListIdentitiesPage(ctx, opts, token)
	if err != nil && ctx.Err() != nil {
		return // the caller's own end
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next, a.over = next, err != nil || next == ""
	a.take(rows)
}

// take keeps the rows of a page. Pages that aren't in the order of ids, or hold too much, are the last. The caller holds the mutex.
func (a *ahead) take(rows []*kratos.Identity) {
	if a.found == nil {
		a.found = map[string]*kratos.Identity{}
	}
	for _, row := range rows {
		id := strings.ToLower(row.ID)
		if id <= a.covered {
			a.over = true
			return
		}
		a.found[id], a.covered = row, id
		a.bytes += len(row.Traits) + len(row.MetadataPublic) + len(row.MetadataAdmin)
	}
	if a.pages == 0 {
		a.pages = pagesUntil(a.covered)
	}
	if a.bytes > aheadBytes {
		a.found, a.over = nil, true
	}
	a.over = a.over || a.pages > aheadPages
}

// pagesUntil is how many pages there seem to be if the first one ends with this id: ids are random, so that they lie evenly.
func pagesUntil(id string) int {
	const digits = 8
	end, err := strconv.ParseUint(id[:min(digits, len(id))], 16, 64)
	if err != nil {
		return aheadPages + 1
	}
	return int(math.Ceil(float64(1<<(4*digits)) / float64(end+1)))
}
