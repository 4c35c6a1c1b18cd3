package kratostest

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // what authenticator apps use
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

// AddTOTP gives the person who holds a session token an authenticator app: a second factor.
func AddTOTP(ctx context.Context, publicURL, token string) error {
	flow, err := startSettings(ctx, publicURL, token)
	if err != nil {
		return err
	}
	code, err := totp(flow.UI.text("totp_secret_key"), time.Now())
	if err != nil {
		return fmt.Errorf("adding an authenticator app: %w", err)
	}
	return flow.submit(ctx, publicURL, token, map[string]any{"method": "totp", "totp_code": code})
}

// totp is the password of RFC 6238 for a moment: of six digits, another one every 30 seconds.
func totp(secret string, now time.Time) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha1.New, key)
	_, _ = mac.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/30))) // never fails
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000), nil
}
