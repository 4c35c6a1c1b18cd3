//go:build unix

package kratostest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

var (
	errExited  = errors.New("kratos ended before it was ready")
	errNotOurs = errors.New("another server answers on our port")
)

// waitReady returns once the server answers, on both ports, and is ours.
func (s *Server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for !s.healthy(ctx) {
		select {
		case <-s.process.done:
			return fmt.Errorf("%w; its last words:\n%s", errExited, s.process.lastLines())
		case <-ctx.Done():
			return fmt.Errorf("kratos isn't ready: %w; its last words:\n%s", ctx.Err(), s.process.lastLines())
		case <-time.After(25 * time.Millisecond):
		}
	}
	return s.checkOurs(ctx)
}

func (s *Server) healthy(ctx context.Context) bool {
	for _, url := range []string{s.AdminURL + "/admin/health/ready", s.PublicURL + "/health/ready"} {
		if status, _, err := get(ctx, url); err != nil || status != http.StatusOK {
			return false
		}
	}
	return true
}

// checkOurs makes sure that the healthy servers are the one just started: another Kratos, of a test running next to
// this one, may have taken a port first. Each knows its public URL and shows it: on the admin port by redirecting to
// it.
func (s *Server) checkOurs(ctx context.Context) error {
	_, header, err := get(ctx, s.AdminURL+"/admin/schemas")
	if err != nil {
		return err
	}
	_, action, err := startLogin(ctx, s.PublicURL, "")
	if err != nil {
		return err
	}
	if !strings.HasPrefix(header.Get("Location"), s.PublicURL) || !strings.HasPrefix(action, s.PublicURL) ||
		s.process.ended() {
		return fmt.Errorf("%w: %s and %s", errNotOurs, s.AdminURL, s.PublicURL)
	}
	return nil
}

// get sends one request, follows no redirect, and drops the body.
func get(ctx context.Context, url string) (int, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Header, err
}
