package kratostest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// ErrBadCredentials is Kratos refusing an identifier and password: one of them is wrong, or the identity is inactive.
var ErrBadCredentials = errors.New("wrong identifier or password")

// badCredentials is the id of the message that Kratos shows then.
const badCredentials = 4000006

// Session is what a person holds after signing in.
type Session struct {
	Token      string
	ID         string
	IdentityID string
	ExpiresAt  time.Time
	AAL        string // "aal1", or "aal2" after a second factor
}

// Login signs in with a password through the public API, as an app would.
func Login(ctx context.Context, publicURL, identifier, password string) (Session, error) {
	flow, _, err := startLogin(ctx, publicURL, "")
	if err != nil {
		return Session{}, err
	}
	body := map[string]string{"method": "password", "identifier": identifier, "password": password}
	var answer struct {
		Token   string         `json:"session_token"`
		Session sessionPayload `json:"session"`
	}
	if err := postJSON(ctx, publicURL+"/self-service/login?flow="+url.QueryEscape(flow), "", body, &answer); err != nil {
		return Session{}, fmt.Errorf("signing in as %s: %w", identifier, err)
	}
	return answer.Session.withToken(answer.Token), nil
}

// Whoami returns the session that belongs to a token.
func Whoami(ctx context.Context, publicURL, token string) (Session, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, publicURL+"/sessions/whoami", nil)
	if err != nil {
		return Session{}, err
	}
	request.Header.Set("X-Session-Token", token)
	var payload sessionPayload
	if err := call(request, &payload); err != nil {
		return Session{}, fmt.Errorf("reading the session: %w", err)
	}
	return payload.withToken(token), nil
}

type sessionPayload struct {
	ID        string    `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
	AAL       string    `json:"authenticator_assurance_level"`
	Identity  struct {
		ID string `json:"id"`
	} `json:"identity"`
}

func (p sessionPayload) withToken(token string) Session {
	return Session{Token: token, ID: p.ID, IdentityID: p.Identity.ID, ExpiresAt: p.ExpiresAt, AAL: p.AAL}
}

// startLogin begins a login flow and returns its id and the URL that it is to be completed at. With the token of a
// session, the flow asks for a second factor.
func startLogin(ctx context.Context, publicURL, token string) (id, action string, err error) {
	target := publicURL + "/self-service/login/api"
	if token != "" {
		target += "?aal=aal2"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return "", "", err
	}
	if token != "" {
		request.Header.Set("X-Session-Token", token)
	}
	var flow struct {
		ID string `json:"id"`
		UI struct {
			Action string `json:"action"`
		} `json:"ui"`
	}
	if err := call(request, &flow); err != nil {
		return "", "", fmt.Errorf("starting a login: %w", err)
	}
	return flow.ID, flow.UI.Action, nil
}

// lockRetries is how often a request is sent again that met a locked database: with many tests at once, SQLite lets
// some wait longer than Kratos does.
const lockRetries = 5

// isBusy reports whether the database had no room for the request.
func isBusy(body []byte) bool {
	return bytes.Contains(body, []byte("database is locked")) || bytes.Contains(body, []byte("Unable to serialize access"))
}

// call sends a request to the public API and decodes a successful answer into out.
func call(request *http.Request, out any) error {
	return callWith(&http.Client{Timeout: 30 * time.Second}, request, out)
}

func callWith(client *http.Client, request *http.Request, out any) error {
	request.Header.Set("Accept", "application/json")
	if request.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for retry := 0; ; retry++ {
		status, body, err := exchange(client, request)
		switch {
		case err != nil:
			return err
		case status == http.StatusOK:
			return json.Unmarshal(body, out)
		case retry == lockRetries || !isBusy(body):
			return refusal(status, body)
		}
		time.Sleep(time.Duration(retry+1) * 200 * time.Millisecond)
	}
}

func exchange(client *http.Client, request *http.Request) (int, []byte, error) {
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return 0, nil, err
		}
		request.Body = body
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// refusal turns an unsuccessful answer into an error: either a flow with messages or a plain API error.
func refusal(status int, body []byte) error {
	var answer struct {
		UI struct {
			Messages []struct {
				ID   int    `json:"id"`
				Text string `json:"text"`
			} `json:"messages"`
		} `json:"ui"`
		Error struct {
			Message string `json:"message"`
			Reason  string `json:"reason"`
		} `json:"error"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("status %d, not JSON", status)
	}
	if messages := answer.UI.Messages; len(messages) > 0 {
		if messages[0].ID == badCredentials {
			return ErrBadCredentials
		}
		return fmt.Errorf("status %d: %s (message %d)", status, messages[0].Text, messages[0].ID)
	}
	return fmt.Errorf("status %d: %s %s", status, answer.Error.Message, answer.Error.Reason)
}
