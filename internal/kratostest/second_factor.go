package kratostest

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// LoginTOTP adds a second factor to a session: the present code of the authenticator app that has the key of a URL.
func LoginTOTP(ctx context.Context, publicURL, token, keyURL string) (Session, error) {
	parsed, err := url.Parse(keyURL)
	if err != nil {
		return Session{}, err
	}
	code, err := totp(parsed.Query().Get("secret"), time.Now())
	if err != nil {
		return Session{}, err
	}
	return loginAgain(ctx, publicURL, token, map[string]string{"method": "totp", "totp_code": code})
}

// LoginLookupSecret adds a second factor to a session: a lookup secret.
func LoginLookupSecret(ctx context.Context, publicURL, token, code string) (Session, error) {
	return loginAgain(ctx, publicURL, token, map[string]string{"method": "lookup_secret", "lookup_secret": code})
}

func loginAgain(ctx context.Context, publicURL, token string, form map[string]string) (Session, error) {
	flow, _, err := startLogin(ctx, publicURL, token)
	if err != nil {
		return Session{}, err
	}
	var answer struct {
		Token   string         `json:"session_token"`
		Session sessionPayload `json:"session"`
	}
	at := publicURL + "/self-service/login?flow=" + url.QueryEscape(flow)
	if err := postJSON(ctx, at, token, form, &answer); err != nil {
		return Session{}, fmt.Errorf("signing in by %s: %w", form["method"], err)
	}
	return Whoami(ctx, publicURL, token)
}

// RemoveTOTP makes the person who holds a session token remove the authenticator app in the settings.
func RemoveTOTP(ctx context.Context, publicURL, token string) error {
	return changeSettings(ctx, publicURL, token, map[string]any{"method": "totp", "totp_unlink": true})
}
