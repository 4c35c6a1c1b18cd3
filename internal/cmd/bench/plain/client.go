package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// identity is an identity as the admin API reads and writes it.
type identity struct {
	ID             string          `json:"id,omitempty"`
	SchemaID       string          `json:"schema_id"`
	SchemaURL      string          `json:"schema_url,omitempty"`
	Traits         json.RawMessage `json:"traits"`
	MetadataPublic json.RawMessage `json:"metadata_public,omitempty"`
	MetadataAdmin  json.RawMessage `json:"metadata_admin,omitempty"`
	State          string          `json:"state"`
	ExternalID     string          `json:"external_id,omitempty"`
	CreatedAt      string          `json:"created_at,omitempty"`
	UpdatedAt      string          `json:"updated_at,omitempty"`
}

// client makes requests without retries.
type client struct {
	adminURL string
}

// statusError is an answer with a status that is not a success.
type statusError struct {
	status int
	body   string
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.status, e.body) }

func (c *client) create(ctx context.Context, body identity) (identity, error) {
	return c.send(ctx, http.MethodPost, "/admin/identities", &body)
}

func (c *client) get(ctx context.Context, id string) (identity, error) {
	return c.send(ctx, http.MethodGet, "/admin/identities/"+url.PathEscape(id), nil)
}

func (c *client) update(ctx context.Context, id string, body identity) (identity, error) {
	return c.send(ctx, http.MethodPut, "/admin/identities/"+url.PathEscape(id), &body)
}

func (c *client) delete(ctx context.Context, id string) error {
	_, err := c.send(ctx, http.MethodDelete, "/admin/identities/"+url.PathEscape(id), nil)
	return err
}

func (c *client) send(ctx context.Context, method, at string, body *identity) (has identity, err error) {
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return has, err
		}
		payload = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.adminURL+at, payload)
	if err != nil {
		return has, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return has, err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return has, err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return has, &statusError{resp.StatusCode, string(content)}
	}
	if len(content) > 0 {
		err = json.Unmarshal(content, &has)
	}
	return has, err
}
