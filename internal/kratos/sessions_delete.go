package kratos

import (
	"context"
	"net/http"
)

// DeleteIdentitySessions makes DELETE /admin/identities/{id}/sessions ("deleteIdentitySessions"): it ends and deletes all
// sessions of the identity. [ErrNotFound] means that there were none, or that there is no such identity: the server doesn't say
// which. It is retried after a lost answer, so that it can also mean that an earlier attempt did it.
func (c *Client) DeleteIdentitySessions(ctx context.Context, id string) error {
	if isNoID(id) {
		return errNoID
	}
	_, err := c.do(ctx, request{method: http.MethodDelete, path: identityPath(id) + "/sessions", replay: true})
	return err
}
