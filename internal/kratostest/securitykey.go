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
)

// Where people would register security keys: the server compares what the browser says of it, and nothing else.
const (
	webAuthnHost   = "localhost"
	webAuthnOrigin = "http://localhost"
)

// AddSecurityKey registers a new security key (WebAuthn) for the person who is signed in. Whether one signs in with it
// alone, or it is a second factor, is a matter of the server's configuration.
func (b *Browser) AddSecurityKey(ctx context.Context) error {
	var flow settingsFlow
	if err := b.json(ctx, http.MethodGet, "/self-service/settings/browser", nil, &flow); err != nil {
		return fmt.Errorf("opening the settings: %w", err)
	}
	var options struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal([]byte(flow.UI.value("webauthn_register_trigger")), &options); err != nil {
		return fmt.Errorf("the settings offer no security key: %w", err)
	}
	credential, err := newSecurityKey(options.PublicKey.Challenge)
	if err != nil {
		return err
	}
	body := map[string]string{
		"method": "webauthn", "webauthn_register": credential, "webauthn_register_displayname": "key",
		"csrf_token": flow.UI.value("csrf_token"),
	}
	at := "/self-service/settings?flow=" + url.QueryEscape(flow.ID)
	if err := b.json(ctx, http.MethodPost, at, body, &flow); err != nil {
		return fmt.Errorf("adding a security key: %w", err)
	}
	return flow.succeeded()
}

// newSecurityKey is the answer of a new authenticator to navigator.credentials.create(), as JSON, without attestation.
func newSecurityKey(challenge string) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	public, err := key.PublicKey.Bytes() // 4, X, Y
	if err != nil {
		return "", err
	}
	id := sha256.Sum256(public)
	clientData, err := json.Marshal(
		map[string]string{"type": "webauthn.create", "challenge": challenge, "origin": webAuthnOrigin},
	)
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	answer, err := json.Marshal(map[string]any{
		"id": encode(id[:]), "rawId": encode(id[:]), "type": "public-key",
		"response": map[string]string{
			"clientDataJSON":    encode(clientData),
			"attestationObject": encode(attestation(id[:], public)),
		},
	})
	return string(answer), err
}

// attestation is the CBOR of {"fmt": "none", "attStmt": {}, "authData": ...} (Web Authentication, section 6.5.4).
func attestation(id, public []byte) []byte {
	const presentVerifiedAndNew = 0x45
	host := sha256.Sum256([]byte(webAuthnHost))
	authData := bytes.Join([][]byte{
		host[:], {presentVerifiedAndNew}, make([]byte, 4+16), // the counter, and the model of the authenticator
		{0, byte(len(id))}, id, coseKey(public),
	}, nil)
	return bytes.Join([][]byte{
		{0xa3},
		[]byte("\x63fmt\x64none"),
		[]byte("\x67attStmt\xa0"),
		[]byte("\x68authData"),
		{0x58, byte(len(authData))},
		authData,
	}, nil)
}

// coseKey is the CBOR of an ES256 key: {1: 2, 3: -7, -1: 1, -2: X, -3: Y}.
func coseKey(public []byte) []byte {
	x, y := public[1:33], public[33:]
	return bytes.Join([][]byte{{0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32}, x, {0x22, 0x58, 32}, y}, nil)
}
