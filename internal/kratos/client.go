package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
)

// Client talks to one Kratos admin API. It is safe for concurrent use.
type Client struct{ adminURL string }

var errTODO = errors.New("not implemented yet")

// New checks the configuration and returns a client. It makes no request. Every error is a [*ConfigError].
func New(cfg Config) (*Client, error) { return &Client{adminURL: cfg.AdminURL}, nil }

// AdminURL is the normalised base URL of the admin API, for messages.
func (c *Client) AdminURL() string { return c.adminURL }

// ListIdentitiesOptions filter and shape a list.
type ListIdentitiesOptions struct {
	IDs                   []string // at most 500 on v26; 100 keep the URL short enough for proxies
	CredentialsIdentifier string   // exact, after lower-case and trim
	OrganizationID        string   // v1.3 ignores it: check the rows
	IncludeCredential     []string // credential types; without them rows have no Credentials
	PageSize              int      // 0 means 250; capped at 500
}

// CreateIdentity creates.
func (c *Client) CreateIdentity(ctx context.Context, body CreateIdentityBody) (*Identity, error) {
	return nil, errTODO
}

// GetIdentity reads.
func (c *Client) GetIdentity(ctx context.Context, id string, includeCredential ...string) (*Identity, error) {
	return nil, errTODO
}

// ListIdentities lists.
func (c *Client) ListIdentities(ctx context.Context, opts ListIdentitiesOptions) iter.Seq2[*Identity, error] {
	return func(yield func(*Identity, error) bool) { yield(nil, errTODO) }
}

// PatchIdentity patches.
func (c *Client) PatchIdentity(ctx context.Context, id string, ops []PatchOperation) (*Identity, error) {
	return nil, errTODO
}

// UpdateIdentity puts.
func (c *Client) UpdateIdentity(ctx context.Context, id string, body UpdateIdentityBody) (*Identity, error) {
	return nil, errTODO
}

// DeleteIdentity deletes.
func (c *Client) DeleteIdentity(ctx context.Context, id string) error { return errTODO }

// GetIdentitySchema reads a schema.
func (c *Client) GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return nil, errTODO
}

// ListIdentitySchemas lists the schemas.
func (c *Client) ListIdentitySchemas(ctx context.Context) ([]IdentitySchema, error) {
	return nil, errTODO
}
