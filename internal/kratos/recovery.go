package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// RecoveryCodeBody is the body of POST /admin/recovery/code ("createRecoveryCodeForIdentityBody").
type RecoveryCodeBody struct {
	IdentityID string `json:"identity_id"`
	ExpiresIn  string `json:"expires_in,omitempty"` // a positive Go duration; "" means the server's default, an hour
	FlowType   string `json:"flow_type,omitempty"`  // "browser" (the server's default) or "api"
	ReturnTo   string `json:"-"`                    // sent in the query; a URL that the server's configuration allows
}

// RecoveryLinkBody is the body of POST /admin/recovery/link ("createRecoveryLinkForIdentityBody").
type RecoveryLinkBody struct {
	IdentityID string `json:"identity_id"`
	ExpiresIn  string `json:"expires_in,omitempty"` // as for a code
	ReturnTo   string `json:"-"`                    // as for a code
}

// Recovery is a code or link with which a person signs in once ("recoveryCodeForIdentity", "recoveryLinkForIdentity").
type Recovery struct {
	Link      string `json:"recovery_link"`
	Code      string `json:"recovery_code"` // "" for a link
	ExpiresAt string `json:"expires_at"`    // RFC 3339
}

// FlowID returns the id of the recovery flow in the link, "" if the link has none.
func (r Recovery) FlowID() string {
	link, err := url.Parse(r.Link)
	if err != nil {
		return ""
	}
	return link.Query().Get("flow")
}

// String names the kind of the value and nothing in it.
func (Recovery) String() string { return "recovery " + redacted }

// GoString names the kind of the value and nothing in it, for %#v.
func (r Recovery) GoString() string { return r.String() }

const recoveryPath = "/admin/recovery/"

// CreateRecoveryCodeForIdentity sends POST /admin/recovery/code ("createRecoveryCodeForIdentity"). If the identity
// doesn't exist, the error is [ErrNotFound]. If the method code is disabled, it is [ErrDisabled].
//
// The request is retried after a lost response. In the worst case a second code remains that nobody has seen. It
// expires, and doesn't invalidate the first code.
func (c *Client) CreateRecoveryCodeForIdentity(ctx context.Context, body RecoveryCodeBody) (*Recovery, error) {
	r := request{method: http.MethodPost, path: recoveryPath + "code", body: body, query: returnTo(body.ReturnTo)}
	return c.createRecovery(ctx, r, func(r Recovery) bool { return r.Code != "" })
}

// CreateRecoveryLinkForIdentity sends POST /admin/recovery/link ("createRecoveryLinkForIdentity"). If the identity
// doesn't exist, the error is [ErrNotFound]. If the method link is disabled, it is [ErrDisabled]. The request is
// retried like that for a code.
func (c *Client) CreateRecoveryLinkForIdentity(ctx context.Context, body RecoveryLinkBody) (*Recovery, error) {
	r := request{method: http.MethodPost, path: recoveryPath + "link", body: body, query: returnTo(body.ReturnTo)}
	recovery, err := c.createRecovery(ctx, r, func(Recovery) bool { return true })
	var answer *Error
	if errors.As(err, &answer) && answer.StatusCode == http.StatusBadRequest &&
		strings.Contains(answer.Reason, "identity id does not exist") {
		answer.causes = append(answer.causes, ErrNotFound) // the server has no 404 for links
	}
	return recovery, err
}

// returnTo returns the query for a URL to return to, nil for none.
func returnTo(target string) url.Values {
	if target == "" {
		return nil
	}
	return url.Values{"return_to": {target}}
}

func (c *Client) createRecovery(ctx context.Context, r request, isComplete func(Recovery) bool) (*Recovery, error) {
	r.replay, r.hidden = true, true
	var recovery Recovery
	err := c.do(ctx, r, func(res *response) error {
		if err := json.Unmarshal(res.body, &recovery); err != nil || recovery.Link == "" || !isComplete(recovery) {
			return res.undecodable("recovery", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &recovery, nil
}
