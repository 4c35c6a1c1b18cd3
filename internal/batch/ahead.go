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
	// aheadFrom is how many reads a walk has made before it reads ahead: fewer are no refresh of many.
	aheadFrom = 50

	// aheadShare is how many of the server's identities there may be for each that was asked for. Reading them all then takes less
	// than a third of the requests made so far, and in a worst case a tenth of the time.
	aheadShare = 16

	// aheadProbe is how many identities the first page has, which shows how many there are and how large.
	aheadProbe = 50

	// aheadBytes bounds what is read and kept, and aheadPage what a page has, which is in memory several times for a moment: the
	// provider is to stay small.
	aheadBytes = 8 << 20
	aheadPage  = 2 << 20

	// aheadWait bounds the wait for pages that other callers read, where requests aren't limited: lists by id may be faster.
	aheadWait = 10 * time.Second

	// aheadRefusals is how many pages may be refused for their rate before no more are asked for.
	aheadRefusals = 5

	// aheadAge is how old what a page said may be when it is used. A refresh is over by then, or it takes so long that others have
	// changed something meanwhile.
	aheadAge = 5 * time.Minute
)

// ahead is what a refresh has read before it was asked for. Terraform tells its provider of ten identities at a time, so that
// a refresh of thousands takes hundreds of lists by id; a list of all that the server has takes a page for every 500. Whether that
// is less depends on how many the server has beside those in the Terraform state, which nobody tells. So the pages are read once
// those asked for are a good part of them.
type ahead struct {
	busy chan struct{} // of capacity 1: somebody reads a page

	mu       sync.Mutex
	asked    int             // identities asked for
	byID     map[string]bool // ids that the server was asked for by itself, while there may be more pages
	over     bool
	refusals int
	found    map[string]aheadRow // by id, of those who are still to be asked for
	rows     int                 // that were read
	bytes    int                 // of those
	covered  string              // the server's ids up to this one were read
	next     string              // token of the next page; "" for the first
}

// aheadRow is an identity of a page.
type aheadRow struct {
	kratos.ListedIdentity
	read time.Time
}

// RefreshIdentity is GetIdentity for a walk that reads everything that Terraform has in its state and writes nothing. The answer
// may be from a list that was read earlier in the walk.
func (c *Client) RefreshIdentity(ctx context.Context, id string) (*kratos.Identity, error) {
	// A lower limit of what goes into one request is for a gateway that wouldn't let pages through either.
	if c.options.MaxSize == maxSize && !c.options.Disabled && isUUID(id) && !c.api.HasWritten() {
		if identity := c.ahead.find(ctx, c.api, strings.ToLower(id)); identity != nil {
			return identity, nil
		}
	}
	return c.GetIdentity(ctx, id)
}

// find returns an identity if a page has it. It returns nil where the server has to be asked for it: the pages aren't worth it yet,
// none has it, or one can't be read. A caller reads one page at the most, so that none pays for all.
func (a *ahead) find(ctx context.Context, server api, id string) *kratos.Identity {
	identity, final := a.ask(id)
	if !final {
		identity = a.search(ctx, server, id)
	}
	if identity == nil {
		a.noteByID(id)
	}
	return identity
}

// ask notes that an identity is asked for, and looks it up.
func (a *ahead) ask(id string) (identity *kratos.Identity, final bool) {
	a.mu.Lock()
	a.asked++
	again := a.byID[id]
	a.mu.Unlock()
	if again {
		return nil, true
	}
	return a.lookUp(id)
}

// noteByID keeps an identity out of the pages to come: who asks for it again wants to know what holds then.
func (a *ahead) noteByID(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.over {
		a.byID[id] = true
	}
}

// search looks an identity up once more when it is this caller's turn with the pages, and then in the page that it reads.
func (a *ahead) search(ctx context.Context, server api, id string) *kratos.Identity {
	if !a.acquire(ctx, server.Limited()) {
		identity, _ := a.lookUp(id) // another caller may have read its page meanwhile
		return identity
	}
	defer func() { <-a.busy }()
	identity, final := a.lookUp(id)
	if !final {
		a.readPage(ctx, server)
		identity, _ = a.lookUp(id)
	}
	return identity
}

// acquire waits until nobody else reads a page, for as long as that may be worth while: where requests are limited, the lists by id
// would wait for the same limit.
func (a *ahead) acquire(ctx context.Context, limited bool) bool {
	if !limited {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, aheadWait)
		defer cancel()
	}
	select {
	case a.busy <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// lookUp takes an identity out of what was read. It says whether that is final: else the next page may have it, and is worth
// its request.
func (a *ahead) lookUp(id string) (identity *kratos.Identity, final bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	row, ok := a.found[id]
	if !ok {
		worthwhile := a.asked > aheadFrom && a.there() <= aheadShare*a.asked
		return nil, a.over || !worthwhile || id <= a.covered
	}
	delete(a.found, id) // each is asked for once, and memory counts
	identity, err := row.Identity()
	if err != nil || time.Since(row.read) > aheadAge {
		return nil, true // asked for by id, it tells what is wrong, or what holds now
	}
	return identity, true
}

// readPage reads the next page. Where that fails, those who want to know ask for each by id.
func (a *ahead) readPage(ctx context.Context, server api) {
	a.mu.Lock()
	token, size := a.next, aheadProbe
	if a.rows > 0 { // with room for rows that are larger than those so far
		size = min(kratos.MaxPageSize, max(aheadPage/2/(a.bytes/a.rows+1), 1))
	}
	a.mu.Unlock()
	opts := kratos.ListIdentitiesOptions{PageSize: size, IncludeCredential: identifiersOnly}
	rows, next, err := server.PeekIdentities(ctx, opts, token, aheadPage)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != nil && ctx.Err() != nil:
		return // the page is as good as before for others
	case errors.Is(err, kratos.ErrRateLimited) && a.refusals < aheadRefusals:
		a.refusals++ // the limits are known now, and kept
		return
	}
	a.next = next
	a.over = err != nil || !a.take(rows) || len(rows) == 0 || next == "" // the last page is of use too
	if average := a.bytes / max(a.rows, 1); average*a.there() > aheadBytes {
		a.over = true // what was read is still of use
	}
	if a.over {
		a.byID = nil
	}
}

// take keeps the rows of a page, and says whether they are in the order of ids. The caller holds the mutex.
func (a *ahead) take(rows []kratos.ListedIdentity) bool {
	now := time.Now()
	for _, row := range rows {
		id := strings.ToLower(row.ID)
		if id <= a.covered {
			return false
		}
		if a.covered = id; !a.byID[id] {
			a.found[id] = aheadRow{row, now}
		}
		a.rows++
		a.bytes += row.Size()
	}
	return true
}

// there is how many identities the server seems to have: ids are random, so that they lie evenly. 0 if it isn't known. The caller
// holds the mutex.
func (a *ahead) there() int {
	if a.rows == 0 {
		return 0
	}
	const digits = 8
	end, err := strconv.ParseUint(a.covered[:min(digits, len(a.covered))], 16, 64)
	if err != nil {
		return math.MaxInt32
	}
	return int(float64(a.rows) * float64(1<<(4*digits)) / float64(end+1))
}
