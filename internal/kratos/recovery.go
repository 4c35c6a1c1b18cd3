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
	ExpiresIn  string `json:"expires_in,omitempty"` // a positive Go duration; "" is the server's default, an hour
	FlowType   string `json:"flow_type,omitempty"`  // "browser" (the server's default) or "api"
	ReturnTo   string `json:"-"`                    // goes into the query; a URL that the server's configuration allows
}

// RecoveryLinkBody is what POST /admin/recovery/link takes ("createRecoveryLinkForIdentityBody").
type RecoveryLinkBody struct {
	IdentityID string `json:"identity_id"`
	ExpiresIn  string `json:"expires_in,omitempty"` // as for a code
	ReturnTo   string `json:"-"`                    // as for a code
}

// Recovery lets its holder sign in as the identity once: "recoveryCodeForIdentity" or "recoveryLinkForIdentity".
type Recovery struct {
	Link      string `json:"recovery_link"`
	Code      string `json:"recovery_code"` // "" for a link
	ExpiresAt string `json:"expires_at"`    // RFC 3339
}

// FlowID is the id of the recovery flow that the link leads to, "" if it names none.
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

// CreateRecoveryCodeForIdentity makes POST /admin/recovery/code ("createRecoveryCodeForIdentity"). An identity that
// doesn't exist is [ErrNotFound]; a server without the method code answers [ErrDisabled].
//
// It is retried after a lost response: at worst that leaves a second code that nobody has seen, and that expires by
// itself. One code doesn't invalidate another.
func (c *Client) CreateRecoveryCodeForIdentity(ctx context.Context, body RecoveryCodeBody) (*Recovery, error) {
	r := request{method: http.MethodPost, path: recoveryPath + "code", body: body, query: returnTo(body.ReturnTo)}
	return c.createRecovery(ctx, r, func(r Recovery) bool { return r.Code != "" })
}

// CreateRecoveryLinkForIdentity makes POST /admin/recovery/link ("createRecoveryLinkForIdentity"). An identity that
// doesn't exist is [ErrNotFound]; a server without the method link answers [ErrDisabled]. It is retried as a code is.
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
