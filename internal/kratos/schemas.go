package kratos

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

const schemasPath = "/schemas"

// GetIdentitySchema makes GET /schemas/{id} ("getIdentitySchema") and returns the JSON Schema as the server has it, or
// [ErrNotFound]. The id goes in base64url: as it is, v1.3 doesn't know one such as preset://email.
func (c *Client) GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return c.identitySchema(ctx, request{path: schemaPath(id)})
}

// PeekIdentitySchema is [Client.GetIdentitySchema] for what can go on without the schema. It gives up after about two seconds where
// no connection comes about: the public API, which serves schemas, may be out of reach from here for good.
func (c *Client) PeekIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return c.identitySchema(ctx, request{path: schemaPath(id), brief: true})
}

func (c *Client) identitySchema(ctx context.Context, r request) (json.RawMessage, error) {
	r.method, r.public = http.MethodGet, true
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(a.body) == 0 || !isJSON(a.body) {
		return nil, a.notKratos("no JSON Schema, but " + a.otherJSON())
	}
	return a.body, nil
}

// IdentitySchemaURL is where [Client.GetIdentitySchema] looks for the schema: on the public API, or on the admin API where the
// public one isn't known, which redirects there.
func (c *Client) IdentitySchemaURL(id string) string { return c.public.String() + schemaPath(id) }

func schemaPath(id string) string {
	return schemasPath + "/" + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// ListIdentitySchemas makes GET /schemas ("listIdentitySchemas") and returns every schema once, in the server's order. Kratos
// repeats items across pages, so pages are large and ids counted once.
func (c *Client) ListIdentitySchemas(ctx context.Context) ([]IdentitySchema, error) {
	schemas, seen := []IdentitySchema{}, map[string]bool{}
	query := url.Values{"page_size": {strconv.Itoa(MaxPageSize)}}
	for a, err := range c.pages(ctx, request{method: http.MethodGet, path: schemasPath, query: query, public: true}) {
		if err != nil {
			return nil, err
		}
		var page []IdentitySchema
		if err := json.Unmarshal(a.body, &page); err != nil || page == nil {
			return nil, a.notKratos("no list of identity schemas, but " + a.otherJSON())
		}
		for _, schema := range page {
			if !seen[schema.ID] {
				seen[schema.ID] = true
				schemas = append(schemas, schema)
			}
		}
	}
	return schemas, nil
}
