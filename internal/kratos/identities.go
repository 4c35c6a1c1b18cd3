package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

const identitiesPath = "/admin/identities"

// errNoID keeps an id from turning the path of one identity into that of all: v26 answers a GET of "." with the list.
var errNoID = errors.New(`the identity id is empty, "." or ".."`)

func isNoID(id string) bool { return id == "" || id == "." || id == ".." }

func identityPath(id string) string { return identitiesPath + "/" + url.PathEscape(id) }

// CreateIdentity makes POST /admin/identities ("createIdentity"). It is never sent again once it may have been carried
// out: the error is then [ErrOutcomeUnknown], and the caller looks the identity up. A login identifier, address or
// external_id that is taken is [ErrConflict]. The response is about a new id, so that the caller has to see by the rest
// of it whether it is about what was asked for.
func (c *Client) CreateIdentity(ctx context.Context, body CreateIdentityBody) (*Identity, error) {
	r := request{method: http.MethodPost, path: identitiesPath, body: body}
	return c.doIdentity(ctx, r, subject{schemaID: body.SchemaID})
}

// GetIdentity makes GET /admin/identities/{id} ("getIdentity"). The types of credential in includeCredential only add
// to what Credentials says; their secrets are not kept. A type that the server doesn't know is a 400: servers before
// v25.4 have no saml. An id that is not a UUID is [ErrNotFound] too.
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

// GetIdentityByExternalID makes GET /admin/identities/by/external/{externalID} ("getIdentityByExternalID"). Servers
// before v25.4 don't know the path: [ErrNotKratos].
func (c *Client) GetIdentityByExternalID(ctx context.Context, externalID string) (*Identity, error) {
	if isNoID(externalID) {
		return nil, errNoID
	}
	r := request{method: http.MethodGet, path: identitiesPath + "/by/external/" + url.PathEscape(externalID)}
	return c.doIdentity(ctx, r, subject{externalID: externalID})
}

// PatchIdentity makes PATCH /admin/identities/{id} ("patchIdentity"), which is atomic. Operations that may be done
// twice (add to and replace of a member) are retried after a lost response; with any other, such as remove, the error
// is then [ErrOutcomeUnknown].
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

// errUnneeded ends an update for which nothing is left to send.
var errUnneeded = errors.New("nothing to send")

// UpdateIdentity makes PUT /admin/identities/{id} ("updateIdentity"), which clears the metadata and the external_id if
// they are left out. Every attempt reads the identity first and has build make the body from it, so that a retry, even
// a minute later, neither undoes what somebody else has written meanwhile nor adds twice what a lost attempt has added.
// Where build says that the body isn't needed, nothing is sent and the identity is returned as it is. A region that
// build leaves out is kept.
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

// DeleteIdentity makes DELETE /admin/identities/{id} ("deleteIdentity"). It is retried after a lost response, so that
// [ErrNotFound] can also mean that an earlier attempt did it.
func (c *Client) DeleteIdentity(ctx context.Context, id string) error {
	if isNoID(id) {
		return errNoID
	}
	return c.do(ctx, request{method: http.MethodDelete, path: identityPath(id), replay: true}, nil)
}

// doIdentity makes a request whose response is one identity, the subject.
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
