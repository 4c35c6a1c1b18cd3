package batch

import (
	"context"
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
	// than a fifth of the requests made so far, and most of what is read is kept for a moment only.
	aheadShare = 8

	// aheadProbe is how many identities the first page has, which shows how many there are and how large.
	aheadProbe = 50

	// aheadBytes bounds what is read and kept, and aheadPage what a page has, which is in memory several times for a moment: the
	// provider is to stay small.
	aheadBytes = 8 << 20
	aheadPage  = 2 << 20

	// aheadTime bounds an attempt at a page, and the wait for one that another caller reads. Lists by id may be faster.
	aheadTime = 10 * time.Second
)

// ahead is what a refresh has read before it was asked for. Terraform tells its provider of ten identities at a time, so that
// a refresh of thousands takes hundreds of lists by id; a list of all that the server has takes a page for every 500. Whether that
// is less depends on how many the server has beside those in the Terraform state, which nobody tells. So the pages are read once
// those asked for are a good part of them.
type ahead struct {
	busy chan struct{} // of capacity 1: somebody reads a page

	mu      sync.Mutex
	asked   int // identities asked for
	over    bool
	found   map[string]kratos.ListedIdentity // by id, of those who weren't asked for yet
	rows    int                              // that were read
	bytes   int                              // of those
	covered string                           // the server's ids up to this one were read
	next    string                           // token of the next page; "" for the first
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
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	a.mu.Lock()
	a.asked++
	a.mu.Unlock()
	if identity, final := a.lookUp(id); final {
		return identity
	}
	select {
	case a.busy <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	defer func() { <-a.busy }()
	identity, final := a.lookUp(id) // another caller may have read its page meanwhile
	if !final {
		a.readPage(ctx, server)
		identity, _ = a.lookUp(id)
	}
	return identity
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
	if err != nil {
		return nil, true // asked for by id, it tells why
	}
	return identity, true
}

// readPage reads the next page. Where that fails, those who want to know ask for each by id.
func (a *ahead) readPage(ctx context.Context, server api) {
	a.mu.Lock()
	token, size := a.next, kratos.MaxPageSize
	if a.rows == 0 {
		size = aheadProbe
	}
	a.mu.Unlock()
	opts := kratos.ListIdentitiesOptions{PageSize: size, IncludeCredential: identifiersOnly}
	rows, next, err := server.PeekIdentities(ctx, opts, token, aheadPage)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = next
	a.over = err != nil || !a.take(rows) || len(rows) == 0 || next == "" // the last page is of use too
	if average := a.bytes / max(a.rows, 1); !a.over && average*a.there() > aheadBytes {
		a.over = true // what was read is still of use
	}
}

// take keeps the rows of a page, and says whether they are in the order of ids. The caller holds the mutex.
func (a *ahead) take(rows []kratos.ListedIdentity) bool {
	if a.found == nil {
		a.found = map[string]kratos.ListedIdentity{}
	}
	for _, row := range rows {
		id := strings.ToLower(row.ID)
		if id <= a.covered {
			return false
		}
		a.found[id], a.covered = row, id
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
