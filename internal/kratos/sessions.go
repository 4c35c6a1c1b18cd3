package kratos

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// Session is a session of an identity ("session"), without what it is used with: no token, no identity.
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

// Device is where a session was used from ("sessionDevice").
type Device struct {
	ID        string `json:"id"`
	IPAddress string `json:"ip_address,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Location  string `json:"location,omitempty"`
}

// ListIdentitySessions makes GET /admin/identities/{id}/sessions ("listIdentitySessions"), all pages of it, and returns each
// session once; with active, only those that are or aren't active. An id that is unknown has no sessions.
func (c *Client) ListIdentitySessions(ctx context.Context, id string, active *bool) ([]Session, error) {
	if isNoID(id) {
		return nil, errNoID
	}
	size := strconv.Itoa(defaultPageSize)
	query, number := url.Values{"page_size": {size}}, 0
	sessions, seen := []Session{}, map[string]bool{}
	for {
		a, page, err := c.sessionPage(ctx, id, active, query)
		if err != nil {
			return nil, err
		}
		before := len(sessions)
		for _, session := range page {
			if !seen[session.ID] {
				seen[session.ID] = true
				sessions = append(sessions, session)
			}
		}
		token := nextPageToken(a.header)
		switch fresh := len(sessions) > before; {
		case len(page) < defaultPageSize, fresh && number == 0 && token == "":
			return sessions, nil // v1.3 gives tokens after the last page too, for ever
		case fresh && number == 0:
			query.Set("page_token", token)
		case fresh || number == 0:
			// Versions up to v26.2 ignore the tokens that they give, and want the number of the page.
			number = max(number+1, 2)
			query = url.Values{"per_page": {size}, "page": {strconv.Itoa(number)}}
		default:
			return nil, a.notKratos("a list of sessions whose pages repeat themselves")
		}
	}
}

func (c *Client) sessionPage(ctx context.Context, id string, active *bool, query url.Values) (*answer, []Session, error) {
	if active != nil {
		query.Set("active", strconv.FormatBool(*active))
	}
	a, err := c.do(ctx, request{method: http.MethodGet, path: identityPath(id) + "/sessions", query: query})
	if err != nil {
		return nil, nil, err
	}
	var page []Session
	if err := json.Unmarshal(a.body, &page); err != nil || page == nil {
		return nil, nil, a.notKratos("no list of sessions, but " + a.otherJSON())
	}
	return a, page, nil
}
