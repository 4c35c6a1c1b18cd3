package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

const identitiesPath = "/admin/identities"

// errNoID prevents requests with an id that changes the path: v26 answers a GET of "." with the list of all identities.
var errNoID = errors.New(`the identity id is empty, "." or ".."`)

func isNoID(id string) bool { return id == "" || id == "." || id == ".." }

func identityPath(id string) string { return identitiesPath + "/" + url.PathEscape(id) }

// CreateIdentity sends POST /admin/identities ("createIdentity"). CreateIdentity does not send the request again if the
// server may have carried it out. The error is then [ErrOutcomeUnknown], and the caller must look the identity up. If
// another identity has a login identifier, an address or the external_id, the error is [ErrConflict]. The id of the
// response is new, so the caller must check the rest of the response.
func (c *Client) CreateIdentity(ctx context.Context, body CreateIdentityBody) (*Identity, error) {
	r := request{method: http.MethodPost, path: identitiesPath, body: body}
	return c.doIdentity(ctx, r, subject{schemaID: body.SchemaID})
}

// GetIdentity sends GET /admin/identities/{id} ("getIdentity"). The types of credential in includeCredential add to
// Credentials, without their secrets. The server answers 400 to an unknown type: servers before v25.4 have no saml. For
// an id that is not a UUID the error is [ErrNotFound] too.
func (c *Client) GetIdentity(ctx context.Context, id string, includeCredential ...string) (*Identity, error) {
	if isNoID(id) {
		return nil, errNoID
	}
	query := url.Values{}
	if len(includeCredential) > 0 {
		query["include_credential"] = includeCredential
	}
	r := request{method: http.MethodGet, path: identityPath(id), query: query}
	return c.doIdentity(ctx, r, subject{id: id})
}

// GetIdentityByExternalID sends GET /admin/identities/by/external/{externalID} ("getIdentityByExternalID"). Servers
// before v25.4 don't have the path: the error is [ErrNotKratos].
func (c *Client) GetIdentityByExternalID(ctx context.Context, externalID string) (*Identity, error) {
	if isNoID(externalID) {
		return nil, errNoID
	}
	r := request{method: http.MethodGet, path: identitiesPath + "/by/external/" + url.PathEscape(externalID)}
	return c.doIdentity(ctx, r, subject{externalID: externalID})
}

// PatchIdentity sends PATCH /admin/identities/{id} ("patchIdentity"), which is atomic. After a lost response,
// operations that are safe to repeat (add and replace of a member) are retried. For other operations, such as remove,
// the error is [ErrOutcomeUnknown].
func (c *Client) PatchIdentity(ctx context.Context, id string, ops []PatchOperation) (*Identity, error) {
	if isNoID(id) {
		return nil, errNoID
	}
	body := make([]PatchOperation, len(ops))
	replay := true
	for i, op := range ops {
		body[i] = op.sent()
		replay = replay && op.repeatable()
	}
	r := request{method: http.MethodPatch, path: identityPath(id), body: body, replay: replay}
	return c.doIdentity(ctx, r, subject{id: id})
}

// errUnneeded ends an update that has nothing to send.
var errUnneeded = errors.New("nothing to send")

// UpdateIdentity sends PUT /admin/identities/{id} ("updateIdentity"), which clears metadata and external_id if the body
// doesn't have them. Every attempt reads the identity first and calls build with it. Therefore a retry, even a minute
// later, neither reverts changes that others have made meanwhile nor adds the same values twice. If build reports that
// the body isn't needed, UpdateIdentity sends nothing and returns the current identity. If build sets no region, the
// region is kept.
func (c *Client) UpdateIdentity(
	ctx context.Context, id string, build func(current *Identity) (body UpdateIdentityBody, needed bool),
) (*Identity, error) {
	read := func(ctx context.Context) (*Identity, error) { return c.GetIdentity(ctx, id) }
	return c.UpdateIdentityRead(ctx, id, read, build)
}

// UpdateIdentityRead is UpdateIdentity with another way to read the identity.
func (c *Client) UpdateIdentityRead(
	ctx context.Context, id string, read func(context.Context) (*Identity, error),
	build func(current *Identity) (body UpdateIdentityBody, needed bool),
) (*Identity, error) {
	if isNoID(id) {
		return nil, errNoID
	}
	var current *Identity
	rebuild := func(ctx context.Context) (any, error) {
		var err error
		if current, err = read(ctx); err != nil {
			return nil, err
		}
		if err := (subject{id: id}).check(current); err != nil {
			return nil, err
		}
		body, needed := build(current)
		if !needed {
			return nil, errUnneeded
		}
		if body.Region == "" {
			body.Region = current.Region
		}
		return body, nil
	}
	body, err := rebuild(ctx)
	if err == nil {
		var updated *Identity
		r := request{method: http.MethodPut, path: identityPath(id), body: body, rebuild: rebuild, replay: true}
		if updated, err = c.doIdentity(ctx, r, subject{id: id}); err == nil {
			return updated, nil
		}
	}
	if errors.Is(err, errUnneeded) {
		return current, nil
	}
	return nil, err
}

// DeleteIdentity sends DELETE /admin/identities/{id} ("deleteIdentity"). It is retried after a lost response, so
// [ErrNotFound] can also mean that an earlier attempt deleted the identity.
func (c *Client) DeleteIdentity(ctx context.Context, id string) error {
	if isNoID(id) {
		return errNoID
	}
	return c.do(ctx, request{method: http.MethodDelete, path: identityPath(id), replay: true}, nil)
}

// doIdentity makes a request whose response must be the identity that wanted describes.
func (c *Client) doIdentity(ctx context.Context, r request, wanted subject) (*Identity, error) {
	var identity Identity
	err := c.do(ctx, r, func(res *response) error {
		if err := json.Unmarshal(res.body, &identity); err != nil || identity.ID == "" {
			return res.undecodable("identity", err)
		}
		if wanted.id == "" {
			wanted.id = createdID(res.header)
		}
		if err := wanted.check(&identity); err != nil {
			return res.wrongIdentity(err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &identity, nil
}
