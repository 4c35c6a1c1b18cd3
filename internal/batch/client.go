// Package batch makes few requests of many calls: creates that come at the same time go into one batch, reads into one list. It
// has the methods of [kratos.Client], and each caller gets what its own call would have given.
package batch

import (
	"context"
	"iter"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// The most that goes into one request. A list of 100 ids has a URL of 4 kB, which proxies take.
const (
	maxSize      = 100
	maxPlaintext = 20      // creates, when the server has a password to hash; Ory's advice
	maxBytes     = 4 << 20 // of traits and metadata; the server takes bodies of 5 MiB
)

// Options say how far to go; the zero value coalesces up to the limits that suit the server.
type Options struct {
	Disabled bool // make one request for each call
	MaxSize  int  // of a batch or list; 0 means 100, which is also the most
}

// api is what a client needs to make of the admin API.
type api interface {
	BatchCreateIdentities(ctx context.Context, bodies []kratos.CreateIdentityBody) ([]kratos.BatchResult, error)
	CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error)
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
	OneCreateAtATime() bool
	Limited() bool
	FastestAnswer() time.Duration
	HasWritten() bool
	PeekIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions, token string, limit int) (rows []kratos.ListedIdentity, next string, err error)
}

// Client is a [kratos.Client] whose CreateIdentity and GetIdentity share requests with others that run at the same time. It is
// safe for concurrent use, and has goroutines only while a call is on its way.
type Client struct {
	*kratos.Client

	api     api // the embedded client, but for tests
	options Options
	creates gatherer[kratos.CreateIdentityBody, *kratos.Identity]
	reads   gatherer[string, *kratos.Identity]
	ahead   ahead
}

// New returns a client that makes its requests through client.
func New(client *kratos.Client, options Options) *Client {
	c := newClient(client, options)
	c.Client = client
	return c
}

func newClient(a api, options Options) *Client {
	if options.MaxSize <= 0 || options.MaxSize > maxSize {
		options.MaxSize = maxSize
	}
	c := &Client{api: a, options: options}
	c.creates.run, c.creates.size, c.creates.seeThrough = c.createAll, c.createSize, true
	c.creates.alone, c.creates.trips = a.CreateIdentity, func() time.Duration { return c.trips(2) } // the batch, and the list
	c.reads.run, c.reads.size = c.readAll, func([]string) int { return options.MaxSize }
	c.reads.alone = func(ctx context.Context, id string) (*kratos.Identity, error) { return a.GetIdentity(ctx, id) }
	c.reads.trips = func() time.Duration { return c.trips(1) }
	c.ahead.busy, c.ahead.byID, c.ahead.found = make(chan struct{}, 1), map[string]bool{}, map[string]aheadRow{}
	c.creates.changed, c.reads.changed = make(chan struct{}, 1), make(chan struct{}, 1)
	return c
}

// CreateIdentity is [kratos.Client.CreateIdentity], which it calls where nobody else creates at the same time. The errors are the
// same, and about this identity alone.
//
// A password in plain text goes alone, unless the server takes one create at a time anyway: it hashes the passwords of a batch one
// after the other, but those of several requests at the same time.
func (c *Client) CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error) {
	if c.options.Disabled || body.HasPlaintextPassword() && !c.api.OneCreateAtATime() {
		return c.api.CreateIdentity(ctx, body)
	}
	return c.creates.call(ctx, body)
}

// GetIdentity is [kratos.Client.GetIdentity], which it calls where nobody else reads at the same time, and where types of
// credential are asked for.
func (c *Client) GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error) {
	if c.options.Disabled || len(includeCredential) > 0 || !isUUID(id) {
		return c.api.GetIdentity(ctx, id, includeCredential...)
	}
	return c.reads.call(ctx, id)
}

// UpdateIdentity is [kratos.Client.UpdateIdentity], whose reads are those of GetIdentity.
func (c *Client) UpdateIdentity(ctx context.Context, id string, build func(current *kratos.Identity) (body kratos.UpdateIdentityBody, needed bool)) (*kratos.Identity, error) {
	read := func(ctx context.Context) (*kratos.Identity, error) { return c.GetIdentity(ctx, id) }
	return c.UpdateIdentityRead(ctx, id, read, build)
}

// near is how long a server takes to answer that is no way off: on the same machine, or next to it.
const near = 10 * time.Millisecond

// trips is how long so many round trips take, 0 for no matter: where requests are limited, they count for more than time, and
// those to a server nearby are over soon.
func (c *Client) trips(n int) time.Duration {
	fastest := c.api.FastestAnswer()
	if fastest < near || c.api.Limited() {
		return 0
	}
	return time.Duration(n) * fastest
}

// isUUID keeps out what would fail a whole list.
func isUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i, r := range id {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if r != '-' {
				return false
			}
		case r >= '0' && r <= '9', r >= 'a' && r <= 'f', r >= 'A' && r <= 'F':
		default:
			return false
		}
	}
	return true
}
