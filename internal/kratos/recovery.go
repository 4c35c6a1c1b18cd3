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
}

// RecoveryLinkBody is what POST /admin/recovery/link takes ("createRecoveryLinkForIdentityBody").
type RecoveryLinkBody struct {
	IdentityID string `json:"identity_id"`
	ExpiresIn  string `json:"expires_in,omitempty"` // as for a code
	ReturnTo   string `json:"-"`                    // goes into the query; a URL that the server's configuration allows
}

// Recovery lets its holder sign in as the identity once: "recoveryCodeForIdentity" or "recoveryLinkForIdentity".
type Recovery struct {
	Link      string `json:"recovery_link"`
	Code      string `json:"recovery_code"` // "" for a link, which is enough by itself
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

// String says that there is one, and nothing of it.
func (Recovery) String() string { return "recovery " + redacted }

// GoString says that there is one, and nothing of it, for %#v.
func (r Recovery) GoString() string { return r.String() }

const recoveryPath = "/admin/recovery/"

// CreateRecoveryCodeForIdentity makes POST /admin/recovery/code ("createRecoveryCodeForIdentity"). An identity that isn't there
// is [ErrNotFound]; a server without the method code answers [ErrDisabled].
//
// It is retried after a lost answer: at worst that leaves a second code that nobody has seen, and that expires by itself. One
// code doesn't invalidate another.
func (c *Client) CreateRecoveryCodeForIdentity(ctx context.Context, body RecoveryCodeBody) (*Recovery, error) {
	recovery, a, err := c.createRecovery(ctx, request{method: http.MethodPost, path: recoveryPath + "code", body: body, replay: true})
	if err == nil && recovery.Code == "" {
		return nil, a.notKratos("no recovery code, but " + a.otherJSON())
	}
	return recovery, err
}

// CreateRecoveryLinkForIdentity makes POST /admin/recovery/link ("createRecoveryLinkForIdentity"). An identity that isn't there
// is [ErrNotFound]; a server without the method link answers [ErrDisabled]. It is retried as a code is.
func (c *Client) CreateRecoveryLinkForIdentity(ctx context.Context, body RecoveryLinkBody) (*Recovery, error) {
	r := request{method: http.MethodPost, path: recoveryPath + "link", body: body, replay: true}
	if body.ReturnTo != "" {
		r.query = url.Values{"return_to": {body.ReturnTo}}
	}
	recovery, _, err := c.createRecovery(ctx, r)
	var answer *Error
	if errors.As(err, &answer) && answer.StatusCode == http.StatusBadRequest && strings.Contains(answer.Reason, "identity id does not exist") {
		answer.causes = append(answer.causes, ErrNotFound) // the server has no 404 for links
	}
	return recovery, err
}

func (c *Client) createRecovery(ctx context.Context, r request) (*Recovery, *answer, error) {
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	var recovery Recovery
	if err := json.Unmarshal(a.body, &recovery); err != nil || recovery.Link == "" {
		return nil, a, a.notKratos("no recovery, but " + a.otherJSON())
	}
	return &recovery, a, nil
}
