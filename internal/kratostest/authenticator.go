package kratostest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Authenticator is a software authenticator with one key, which was registered elsewhere.
type Authenticator struct {
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
}

// NewAuthenticator makes a key for a user handle.
func NewAuthenticator(userHandle string) (*Authenticator, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(public)
	return &Authenticator{key: key, id: id[:], handle: []byte(userHandle)}, nil
}

// ID is the id of the key as the admin API writes it.
func (a *Authenticator) ID() string { return base64.StdEncoding.EncodeToString(a.id) }

// PublicKey is the public key as the admin API writes it.
func (a *Authenticator) PublicKey() (string, error) {
	public, err := a.key.PublicKey.Bytes() // 4, X, Y
	return base64.StdEncoding.EncodeToString(coseKey(public)), err
}

// UserHandle is the user handle as the admin API writes it.
func (a *Authenticator) UserHandle() string { return base64.StdEncoding.EncodeToString(a.handle) }

// assert is the answer of the authenticator to navigator.credentials.get(), as JSON.
func (a *Authenticator) assert(options string) (string, error) {
	var asked struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		return "", fmt.Errorf("the flow offers no sign-in by key: %w", err)
	}
	clientData, err := json.Marshal(
		map[string]string{"type": "webauthn.get", "challenge": asked.PublicKey.Challenge, "origin": webAuthnOrigin},
	)
	if err != nil {
		return "", err
	}
	const presentAndVerified = 0x05
	host, clientHash := sha256.Sum256([]byte(webAuthnHost)), sha256.Sum256(clientData)
	authData := bytes.Join([][]byte{host[:], {presentAndVerified}, make([]byte, 4)}, nil)
	signed := sha256.Sum256(append(bytes.Clone(authData), clientHash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	answer, err := json.Marshal(map[string]any{
		"id": encode(a.id), "rawId": encode(a.id), "type": "public-key",
		"response": map[string]string{
			"clientDataJSON": encode(clientData), "authenticatorData": encode(authData),
			"signature": encode(signature), "userHandle": encode(a.handle),
		},
	})
	return string(answer), err
}

// LoginPasskey signs in with a passkey.
func (b *Browser) LoginPasskey(ctx context.Context, a *Authenticator) (Session, error) {
	return b.loginByKey(ctx, a, "", "passkey_challenge", "passkey", "passkey_login")
}

// LoginSecurityKey adds a second factor to the session of the browser: a security key.
func (b *Browser) LoginSecurityKey(ctx context.Context, a *Authenticator) (Session, error) {
	return b.loginByKey(ctx, a, "?aal=aal2", "webauthn_login_trigger", "webauthn", "webauthn_login")
}

func (b *Browser) loginByKey(
	ctx context.Context, a *Authenticator, query, challenge, method, field string,
) (Session, error) {
	return b.login(ctx, query, func(flow settingsFlow) (map[string]string, error) {
		assertion, err := a.assert(flow.UI.value(challenge))
		form := map[string]string{"method": method, field: assertion}
		if identifier := flow.UI.value("identifier"); query != "" {
			form["identifier"] = identifier
		}
		return form, err
	})
}

// LoginPassword signs in with a password.
func (b *Browser) LoginPassword(ctx context.Context, identifier, password string) (Session, error) {
	return b.login(ctx, "", func(settingsFlow) (map[string]string, error) {
		return map[string]string{"method": "password", "identifier": identifier, "password": password}, nil
	})
}

// login completes a flow with the form that fill makes of it.
func (b *Browser) login(
	ctx context.Context, query string, fill func(settingsFlow) (map[string]string, error),
) (Session, error) {
	var flow settingsFlow
	if err := b.json(ctx, http.MethodGet, "/self-service/login/browser"+query, nil, &flow); err != nil {
		return Session{}, fmt.Errorf("starting a login: %w", err)
	}
	form, err := fill(flow)
	if err != nil {
		return Session{}, err
	}
	form["csrf_token"] = flow.UI.value("csrf_token")
	var answer any
	at := "/self-service/login?flow=" + url.QueryEscape(flow.ID)
	switch err = b.json(ctx, http.MethodPost, at, form, &answer); {
	case err == nil:
		return b.Whoami(ctx)
	case strings.Contains(err.Error(), "browser location change required"):
		return Session{AAL: "aal1"}, nil // the server sends the browser on to where it asks for the second factor
	default:
		return Session{}, fmt.Errorf("signing in by %s: %w", form["method"], err)
	}
}

// Handle is the user handle as text.
func (a *Authenticator) Handle() string { return string(a.handle) }
