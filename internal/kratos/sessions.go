package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// Session is a session of an identity ("session"), without its token and its identity.
type Session struct {
	ID                          string                 `json:"id"`
	Active                      bool                   `json:"active"`
	ExpiresAt                   string                 `json:"expires_at"`
	AuthenticatedAt             string                 `json:"authenticated_at"`
	IssuedAt                    string                 `json:"issued_at"`
	AuthenticatorAssuranceLevel string                 `json:"authenticator_assurance_level"` // "aal1" or "aal2"
	AuthenticationMethods       []AuthenticationMethod `json:"authentication_methods"`
	Devices                     []Device               `json:"devices"`
}

// AuthenticationMethod is one of the ways in which a session was authenticated ("sessionAuthenticationMethod").
type AuthenticationMethod struct {
	Method       string `json:"method"` // such as "password" or "code_recovery"
	AAL          string `json:"aal"`
	CompletedAt  string `json:"completed_at"`
	Provider     string `json:"provider,omitempty"` // of oidc and saml
	Organization string `json:"organization,omitempty"`
}

// Device is a device that used a session ("sessionDevice").
type Device struct {
	ID        string `json:"id"`
	IPAddress string `json:"ip_address,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Location  string `json:"location,omitempty"`
}

// UnmarshalJSON decodes a session up to the bounds of this package.
func (s *Session) UnmarshalJSON(data []byte) error {
	type plain Session
	var p struct {
		plain
		AuthenticationMethods bounded[AuthenticationMethod] `json:"authentication_methods"`
		Devices               bounded[Device]               `json:"devices"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*s = Session(p.plain)
	s.AuthenticationMethods, s.Devices = p.AuthenticationMethods, p.Devices
	return nil
}

// ListIdentitySessions sends GET /admin/identities/{id}/sessions ("listIdentitySessions"), reads all pages, and returns
// each session once. If active is not nil, it returns only the sessions that are active, or only those that are not.
// The result for an unknown id is empty.
func (c *Client) ListIdentitySessions(ctx context.Context, id string, active *bool) ([]Session, error) {
	if isNoID(id) {
		return nil, errNoID
	}
	size := strconv.Itoa(defaultPageSize)
	query := url.Values{"page_size": {size}}
	l := sessionListing{sessions: []Session{}, seen: map[string]bool{}}
	for {
		if active != nil {
			query.Set("active", strconv.FormatBool(*active))
		}
		r := request{method: http.MethodGet, path: identityPath(id) + "/sessions", query: query}
		if err := c.do(ctx, r, l.read); err != nil {
			return nil, err
		}
		switch {
		case l.complete:
			return l.sessions, nil
		case l.number == 0:
			query.Set("page_token", l.token)
		default:
			query = url.Values{"per_page": {size}, "page": {strconv.Itoa(l.number)}}
		}
	}
}

// sessionListing is the state of a list of sessions while its pages are read.
type sessionListing struct {
	sessions []Session
	seen     map[string]bool
	kept     Kept
	token    string // of the next page
	number   int    // of the next page, if the server ignores tokens, else 0
	complete bool
}

// read appends the sessions of a page and determines how to request the next page. Versions up to v26.2 send tokens but
// ignore them, and need the number of the page. v1.3 also sends a token after the last page.
func (l *sessionListing) read(res *response) error {
	page, err := decodeArray[Session](res.body, "sessions on one page", MaxPageSize)
	if err != nil {
		return res.undecodable("list of sessions", err)
	}
	fresh := false
	for _, session := range page {
		if l.seen[session.ID] {
			continue
		}
		if len(l.sessions) == MaxSessions {
			return res.undecodable("", errTooMany("sessions of one identity", MaxSessions))
		}
		fresh = true
		l.seen[session.ID] = true
		l.sessions = append(l.sessions, session)
	}
	if err := l.kept.add(len(res.body), "the list of sessions"); err != nil {
		return res.undecodable("", err)
	}
	previous := l.token
	l.token = nextPageToken(res.header)
	switch {
	case len(page) < defaultPageSize, fresh && l.number == 0 && l.token == "":
		l.complete = true
	case fresh && l.number == 0:
	case fresh || (l.number == 0 && previous != ""):
		l.number = max(l.number+1, 2)
	default:
		return res.notKratos("a list of sessions whose pages repeat themselves")
	}
	return nil
}

// DeleteIdentitySessions sends DELETE /admin/identities/{id}/sessions ("deleteIdentitySessions"): it ends and deletes
// all sessions of the identity. [ErrNotFound] means that there were no sessions, or that the identity doesn't exist:
// the server doesn't distinguish the two. The request is retried after a lost response, so [ErrNotFound] can also mean
// that an earlier attempt ended the sessions.
func (c *Client) DeleteIdentitySessions(ctx context.Context, id string) error {
	if isNoID(id) {
		return errNoID
	}
	return c.do(ctx, request{method: http.MethodDelete, path: identityPath(id) + "/sessions", replay: true}, nil)
}

// DeleteSessionsOf sends POST /admin/sessions ("manageSessions"): it ends and deletes all sessions of at most
// [MaxSessionOwners] identities. The server doesn't report whether the identities exist. For servers without this
// request (up to v26.2) the error is [ErrNoBulk].
func (c *Client) DeleteSessionsOf(ctx context.Context, ids []string) error {
	body := map[string]any{"action": "delete", "identities": ids}
	err := c.do(ctx, request{method: http.MethodPost, path: "/admin/sessions", body: body, replay: true}, nil)
	var answer *Error
	unknown := errors.As(err, &answer) && answer.foreign
	if unknown && (answer.StatusCode == http.StatusMethodNotAllowed || answer.StatusCode == http.StatusNotFound) {
		answer.causes = append(answer.causes, ErrNoBulk)
	}
	return err
}
