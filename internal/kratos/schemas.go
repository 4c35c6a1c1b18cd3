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

// GetIdentitySchema sends GET /schemas/{id} ("getIdentitySchema") and returns the JSON Schema as the server has it, or
// [ErrNotFound]. The id is sent in base64url, because v1.3 doesn't accept a plain id such as preset://email.
func (c *Client) GetIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return c.identitySchema(ctx, request{path: schemaPath(id)})
}

// PeekIdentitySchema is [Client.GetIdentitySchema] for callers that can continue without the schema. It fails after
// about two seconds without a connection, because the public API, which serves schemas, may be unreachable from here.
func (c *Client) PeekIdentitySchema(ctx context.Context, id string) (json.RawMessage, error) {
	return c.identitySchema(ctx, request{path: schemaPath(id), brief: true})
}

func (c *Client) identitySchema(ctx context.Context, r request) (schema json.RawMessage, err error) {
	r.method, r.public = http.MethodGet, true
	err = c.do(ctx, r, func(res *response) error {
		if len(res.body) == 0 || !isJSON(res.body) {
			return res.notKratos("no JSON Schema, but " + res.otherJSON())
		}
		schema = res.body
		return nil
	})
	return schema, err
}

// IdentitySchemaURL returns the URL that [Client.GetIdentitySchema] uses: on the public API, or on the admin API if the
// public API isn't configured. The admin API redirects to the public API.
func (c *Client) IdentitySchemaURL(id string) string { return c.public.String() + schemaPath(id) }

func schemaPath(id string) string {
	return schemasPath + "/" + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// ListIdentitySchemas sends GET /schemas ("listIdentitySchemas") and returns every schema once, in the server's order.
// Kratos repeats items across pages, so the pages are large, and each id counts once.
func (c *Client) ListIdentitySchemas(ctx context.Context) ([]IdentitySchema, error) {
	schemas := []IdentitySchema{}
	seen := map[string]bool{}
	var kept Kept
	r := request{
		method: http.MethodGet, path: schemasPath, query: url.Values{"page_size": {strconv.Itoa(MaxPageSize)}}, public: true,
	}
	err := c.pages(ctx, r, func(res *response) (fresh int, err error) {
		page, err := decodeArray[IdentitySchema](res.body, "identity schemas on one page", MaxSchemas)
		if err != nil {
			return 0, res.undecodable("list of identity schemas", err)
		}
		for _, schema := range page {
			if seen[schema.ID] {
				continue
			}
			if err := kept.add(len(schema.Schema), "the list of identity schemas"); err != nil {
				return 0, res.undecodable("", err)
			}
			if len(schemas) == MaxSchemas {
				return 0, res.undecodable("", errTooMany("identity schemas", MaxSchemas))
			}
			seen[schema.ID] = true
			fresh++
			schemas = append(schemas, schema)
		}
		return fresh, nil
	}, func() bool { return true })
	if err != nil {
		return nil, err
	}
	return schemas, nil
}
