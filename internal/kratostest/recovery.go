package kratostest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Recover signs in with a recovery code of flow type api, as an app would.
func Recover(ctx context.Context, publicURL, link, code string) (Session, error) {
	flow, err := flowOf(link)
	if err != nil {
		return Session{}, err
	}
	var answer struct {
		ContinueWith []struct {
			Token string `json:"ory_session_token"`
		} `json:"continue_with"`
		UI flowUI `json:"ui"`
	}
	body := map[string]string{"method": "code", "code": code}
	at := publicURL + "/self-service/recovery?flow=" + url.QueryEscape(flow)
	if err := postJSON(ctx, at, "", body, &answer); err != nil {
		return Session{}, fmt.Errorf("entering the recovery code: %w", err)
	}
	for _, step := range answer.ContinueWith {
		if step.Token != "" {
			return Whoami(ctx, publicURL, step.Token)
		}
	}
	return Session{}, fmt.Errorf("entering the recovery code: no session, but %s", answer.UI.messages())
}

// SetPassword sets the password of the person who holds a session token, as an app would.
func SetPassword(ctx context.Context, publicURL, token, password string) error {
	return changeSettings(ctx, publicURL, token, map[string]any{"method": "password", "password": password})
}

// AddLookupSecrets gives the person who holds a session token recovery codes of the other kind: a second factor.
func AddLookupSecrets(ctx context.Context, publicURL, token string) error {
	for retry := 0; ; retry++ {
		err := changeSettings(ctx, publicURL, token,
			map[string]any{"method": "lookup_secret", "lookup_secret_regenerate": true},
			map[string]any{"method": "lookup_secret", "lookup_secret_confirm": true})
		// On a busy SQLite the server may not see yet what the first form has made.
		if err == nil || retry == lockRetries || !strings.Contains(err.Error(), "message 4000001") {
			return err
		}
	}
}

// changeSettings sends forms to one settings flow; the last one completes it.
func changeSettings(ctx context.Context, publicURL, token string, forms ...map[string]any) error {
	flow, err := startSettings(ctx, publicURL, token)
	if err != nil {
		return err
	}
	return flow.submit(ctx, publicURL, token, forms...)
}

func startSettings(ctx context.Context, publicURL, token string) (settingsFlow, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, publicURL+"/self-service/settings/api", nil)
	if err != nil {
		return settingsFlow{}, err
	}
	request.Header.Set("X-Session-Token", token)
	var flow settingsFlow
	if err := call(request, &flow); err != nil {
		return settingsFlow{}, fmt.Errorf("starting the settings flow: %w", err)
	}
	return flow, nil
}

type settingsFlow struct {
	ID    string `json:"id"`
	State string `json:"state"`
	UI    flowUI `json:"ui"`
}

func (f settingsFlow) submit(ctx context.Context, publicURL, token string, forms ...map[string]any) error {
	for _, form := range forms {
		if err := postJSON(ctx, publicURL+"/self-service/settings?flow="+url.QueryEscape(f.ID), token, form, &f); err != nil {
			return fmt.Errorf("changing the settings: %w", err)
		}
	}
	return f.succeeded()
}

func (f settingsFlow) succeeded() error {
	if f.State != "success" {
		return fmt.Errorf("changing the settings: state %q: %s", f.State, f.UI.messages())
	}
	return nil
}

// flowUI is what a page would show of a flow.
type flowUI struct {
	Messages []struct {
		Text string `json:"text"`
	} `json:"messages"`
	Nodes []struct {
		Attributes struct {
			ID    string `json:"id"`
			Name  string `json:"name"`
			Value any    `json:"value"`
			Text  struct {
				Text string `json:"text"`
			} `json:"text"`
		} `json:"attributes"`
	} `json:"nodes"`
}

func (u flowUI) messages() string { return fmt.Sprintf("%v", u.Messages) }

// value is that of a field of the form.
func (u flowUI) value(name string) string {
	for _, node := range u.Nodes {
		if node.Attributes.Name == name {
			return fmt.Sprint(node.Attributes.Value)
		}
	}
	return ""
}

// text is what the page shows of a node that is no field.
func (u flowUI) text(id string) string {
	for _, node := range u.Nodes {
		if node.Attributes.ID == id {
			return node.Attributes.Text.Text
		}
	}
	return ""
}

// flowOf is the id of the flow that a link leads to.
func flowOf(link string) (string, error) {
	parsed, err := url.Parse(link)
	if err != nil {
		return "", err
	}
	if flow := parsed.Query().Get("flow"); flow != "" {
		return flow, nil
	}
	return "", fmt.Errorf("no flow in %s", link)
}

func postJSON(ctx context.Context, target, token string, body, answer any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("X-Session-Token", token)
	}
	return call(request, answer)
}
