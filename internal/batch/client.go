// Package batch combines concurrent calls into fewer requests: creates become one batch where requests are limited, and
// reads become one list. The package has the methods of [kratos.Client], and each caller gets the result that a single
// call would have.
package batch

import (
	"context"
	"iter"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// maxSize is the maximum number of identities in one request. The URL of a list of 100 ids has 4 kB, which proxies
	// accept.
	maxSize = kratos.MaxBatchSize

	// maxPlaintext is the maximum number of creates in a batch that has a plaintext password, as Ory advises: the server
	// hashes the passwords of a batch one after the other.
	maxPlaintext = kratos.MaxBatchPlaintext

	// maxBytes bounds the traits and metadata of a batch. The server accepts bodies of 5 MiB.
	maxBytes = 4 << 20
)

// Options configure a client. The zero value shares requests up to the limits that suit the server.
type Options struct {
	Disabled bool // make one request for each call
	MaxSize  int  // of a batch or list; 0 means 100, which is also the maximum
}

// api is the part of the admin API that a client uses.
type api interface {
	BatchCreateIdentities(ctx context.Context, bodies []kratos.CreateIdentityBody) ([]kratos.BatchResult, error)
	CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error)
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
	Limited() bool
	HasWritten() bool
	PeekIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions, token string, limit int) (
		rows []kratos.ListedIdentity, next string, err error)
}

// Client is a [kratos.Client] whose CreateIdentity and GetIdentity share requests with concurrent calls. A Client is
// safe for concurrent use and has goroutines only while a call is on its way.
type Client struct {
	*kratos.Client

	api      api // the embedded client, or a test's replacement of it
	options  Options
	creates  *coalescer[kratos.CreateIdentityBody, *kratos.Identity]
	reads    *coalescer[string, *kratos.Identity]
	prefetch *prefetcher
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
	c := &Client{api: a, options: options, prefetch: newPrefetcher(a)}
	c.creates = newCoalescer(func() time.Duration { return quietWait }, c.createAll, c.createLimit)
	c.creates.waitForSent = true
	c.reads = newCoalescer(c.readWait, c.readAll, func([]string) int { return options.MaxSize })
	return c
}

// CreateIdentity is [kratos.Client.CreateIdentity]. Where requests are limited, concurrent creates become one batch.
// The errors are those of a single create, and each error is about this identity alone.
//
// Elsewhere each create is its own request. A batch would save no time there, because the server carries out its items
// one after the other.
func (c *Client) CreateIdentity(ctx context.Context, body kratos.CreateIdentityBody) (*kratos.Identity, error) {
	if c.options.Disabled || !c.api.Limited() {
		return c.api.CreateIdentity(ctx, body)
	}
	return c.creates.call(ctx, body)
}

// GetIdentity is [kratos.Client.GetIdentity]. Concurrent reads become one list, except reads that ask for types of
// credential.
func (c *Client) GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error) {
	if c.options.Disabled || len(includeCredential) > 0 || !kratos.IsUUID(id) {
		return c.api.GetIdentity(ctx, id, includeCredential...)
	}
	return c.reads.call(ctx, id)
}

func (c *Client) readWait() time.Duration {
	if c.api.Limited() {
		return quietWait
	}
	return readWait
}

// UpdateIdentity is [kratos.Client.UpdateIdentity], which reads the identity by GetIdentity of this client.
func (c *Client) UpdateIdentity(ctx context.Context, id string,
	build func(current *kratos.Identity) (body kratos.UpdateIdentityBody, needed bool),
) (*kratos.Identity, error) {
	read := func(ctx context.Context) (*kratos.Identity, error) { return c.GetIdentity(ctx, id) }
	return c.UpdateIdentityRead(ctx, id, read, build)
}
