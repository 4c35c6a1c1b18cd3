package acctest

import (
	"context"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

// ErrBadCredentials is the error of a sign-in whose identifier or password Kratos refuses.
var ErrBadCredentials = kratostest.ErrBadCredentials

// Login signs in with a password through the public API.
func Login(ctx context.Context, publicURL, identifier, password string) (Session, error) {
	return kratostest.Login(ctx, publicURL, identifier, password)
}

// Whoami returns the session that belongs to a token.
func Whoami(ctx context.Context, publicURL, token string) (Session, error) {
	return kratostest.Whoami(ctx, publicURL, token)
}

// Recover signs in with a recovery code of flow type api.
func Recover(ctx context.Context, publicURL, link, code string) (Session, error) {
	return kratostest.Recover(ctx, publicURL, link, code)
}

// SetPassword sets the password of the person who holds a session token.
func SetPassword(ctx context.Context, publicURL, token, password string) error {
	return kratostest.SetPassword(ctx, publicURL, token, password)
}

// AddLookupSecrets gives the person who holds a session token a second factor.
func AddLookupSecrets(ctx context.Context, publicURL, token string) error {
	return kratostest.AddLookupSecrets(ctx, publicURL, token)
}

// AddTOTP gives the person who holds a session token a second factor, an authenticator app.
func AddTOTP(ctx context.Context, publicURL, token string) error {
	return kratostest.AddTOTP(ctx, publicURL, token)
}

// NewBrowser returns a browser without cookies.
func NewBrowser(t *testing.T, server *Server) *Browser {
	t.Helper()
	browser, err := kratostest.NewBrowser(server.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	return browser
}

// RemoveTOTP makes the person who holds a session token remove the authenticator app.
func RemoveTOTP(ctx context.Context, publicURL, token string) error {
	return kratostest.RemoveTOTP(ctx, publicURL, token)
}

// LoginTOTP adds the code of an authenticator app to a session.
func LoginTOTP(ctx context.Context, publicURL, token, keyURL string) (Session, error) {
	return kratostest.LoginTOTP(ctx, publicURL, token, keyURL)
}

// LoginLookupSecret adds a lookup secret to a session.
func LoginLookupSecret(ctx context.Context, publicURL, token, code string) (Session, error) {
	return kratostest.LoginLookupSecret(ctx, publicURL, token, code)
}

// NewAuthenticator returns a software authenticator with one key, which was registered elsewhere.
func NewAuthenticator(t *testing.T, userHandle string) *Authenticator {
	t.Helper()
	authenticator, err := kratostest.NewAuthenticator(userHandle)
	if err != nil {
		t.Fatal(err)
	}
	return authenticator
}
