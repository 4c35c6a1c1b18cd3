package kratostest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// Browser is a person's browser: it keeps cookies, and shows nothing.
type Browser struct {
	publicURL string
	client    *http.Client
	settings  string // the page to which a recovery has led
}

// NewBrowser returns a browser without cookies.
func NewBrowser(publicURL string) (*Browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Browser{publicURL: publicURL, client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		// The pages that the server redirects to are nowhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// OpenRecoveryLink signs in by a recovery link.
func (b *Browser) OpenRecoveryLink(ctx context.Context, link string) error {
	return b.recover(ctx, http.MethodGet, link, nil)
}

// EnterRecoveryCode signs in by a recovery code of flow type browser, on the page that its link leads to.
func (b *Browser) EnterRecoveryCode(ctx context.Context, link, code string) error {
	flow, err := flowOf(link)
	if err != nil {
		return err
	}
	form := url.Values{"method": {"code"}, "code": {code}}
	return b.recover(ctx, http.MethodPost, b.publicURL+"/self-service/recovery?flow="+url.QueryEscape(flow), form)
}

// recover expects to be sent on to the settings page, where the person sets a password.
func (b *Browser) recover(ctx context.Context, method, target string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	b.settings = response.Header.Get("Location")
	if response.StatusCode != http.StatusSeeOther || !strings.Contains(b.settings, "/settings?") {
		return fmt.Errorf("recovering: status %d, sent on to %q", response.StatusCode, b.settings)
	}
	return nil
}

// ReturnsTo is where the person is sent to after the settings page to which a recovery has led.
func (b *Browser) ReturnsTo(ctx context.Context) (string, error) {
	flow, err := flowOf(b.settings)
	if err != nil {
		return "", err
	}
	var answer struct {
		ReturnTo string `json:"return_to"`
	}
	err = b.json(ctx, http.MethodGet, "/self-service/settings/flows?id="+url.QueryEscape(flow), nil, &answer)
	return answer.ReturnTo, err
}

// Verify opens the link of a verification mail. A link with a code leads to a page, where the person confirms the code.
func (b *Browser) Verify(ctx context.Context, link string) error {
	parsed, err := url.Parse(link)
	if err != nil {
		return err
	}
	if err := b.open(ctx, link); err != nil {
		return err
	}
	code, flow := parsed.Query().Get("code"), parsed.Query().Get("flow")
	if code == "" {
		return nil
	}
	var answer settingsFlow
	body := map[string]string{"method": "code", "code": code}
	at := "/self-service/verification?flow=" + url.QueryEscape(flow)
	if err := b.json(ctx, http.MethodPost, at, body, &answer); err != nil {
		return fmt.Errorf("confirming the code: %w", err)
	}
	if answer.State != "passed_challenge" {
		return fmt.Errorf("confirming the code: state %q: %s", answer.State, answer.UI.messages())
	}
	return nil
}

// open expects to be sent on.
func (b *Browser) open(ctx context.Context, link string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "text/html")
	response, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("opening a link: status %d", response.StatusCode)
	}
	return nil
}

// Whoami returns the session that the cookies stand for.
func (b *Browser) Whoami(ctx context.Context) (Session, error) {
	var payload sessionPayload
	if err := b.json(ctx, http.MethodGet, "/sessions/whoami", nil, &payload); err != nil {
		return Session{}, fmt.Errorf("reading the session: %w", err)
	}
	return payload.withToken(""), nil
}

// SetPassword sets the person's password on the settings page.
func (b *Browser) SetPassword(ctx context.Context, password string) error {
	var flow settingsFlow
	if err := b.json(ctx, http.MethodGet, "/self-service/settings/browser", nil, &flow); err != nil {
		return fmt.Errorf("opening the settings: %w", err)
	}
	body := map[string]string{"method": "password", "password": password, "csrf_token": flow.UI.value("csrf_token")}
	at := "/self-service/settings?flow=" + url.QueryEscape(flow.ID)
	if err := b.json(ctx, http.MethodPost, at, body, &flow); err != nil {
		return fmt.Errorf("setting the password: %w", err)
	}
	return flow.succeeded()
}

func (b *Browser) json(ctx context.Context, method, path string, body, answer any) error {
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, b.publicURL+path, payload)
	if err != nil {
		return err
	}
	return callWith(b.client, request, answer)
}
