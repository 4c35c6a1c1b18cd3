package kratos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// repeated is an array of so many elements.
func repeated(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

func withMember(member, value string) string {
	return strings.TrimSuffix(identity, "}") + `,"` + member + `":` + value + "}"
}

// What is too large is an error that names the bound, and takes no memory in proportion.
func TestClient_bounds(t *testing.T) {
	t.Parallel()
	const address = `{"value":"a@x.io","via":"email"}`
	members := make([]string, 0, MaxElements+1)
	for i := range MaxElements + 1 {
		members = append(members, fmt.Sprintf(`"c%d":{}`, i))
	}
	get := func(ctx context.Context, c *Client) error { _, err := c.GetIdentity(ctx, someID); return err }
	list := func(ctx context.Context, c *Client) error {
		for _, err := range c.ListIdentities(ctx, ListIdentitiesOptions{}) {
			return err
		}
		return nil
	}
	sessions := func(ctx context.Context, c *Client) error {
		_, err := c.ListIdentitySessions(ctx, someID, nil)
		return err
	}
	batch := func(ctx context.Context, c *Client) error {
		_, err := c.BatchCreateIdentities(ctx, make([]CreateIdentityBody, 1))
		return err
	}
	for name, tc := range map[string]struct {
		run  func(context.Context, *Client) error
		body string
		want string
	}{
		"addresses":    {get, withMember("verifiable_addresses", repeated(address, MaxElements+1)), "more than 10000 elements"},
		"recovery":     {get, withMember("recovery_addresses", repeated("{}", 200_000)), "more than 10000 elements"},
		"identifiers":  {get, withMember("credentials", `{"password":{"identifiers":`+repeated(`"x"`, MaxElements+1)+`}}`), "more than 10000 elements"},
		"credentials":  {get, withMember("credentials", "{"+strings.Join(members, ",")+"}"), "more than 10000 members"},
		"body":         {get, withMember("metadata_public", `"`+strings.Repeat("x", MaxResponseBytes)+`"`), "larger than 8388608 bytes"},
		"identity":     {get, withMember("metadata_public", `"`+strings.Repeat("x", MaxIdentityBytes)+`"`), "the identity is larger than 2097152 bytes"},
		"large row":    {list, "[" + withMember("traits", `"`+strings.Repeat("x", MaxIdentityBytes)+`"`) + "]", "the identity is larger than 2097152 bytes"},
		"rows":         {list, repeated(`{}`, 200_000), "more than 1000 identities on one page"},
		"row":          {list, "[" + withMember("verifiable_addresses", repeated(address, MaxElements+1)) + "]", "more than 10000 elements"},
		"session rows": {sessions, repeated(`{}`, 200_000), "more than 500 sessions on one page"},
		"devices":      {sessions, `[{"id":"s","devices":` + repeated("{}", MaxElements+1) + "}]", "more than 10000 elements"},
		"batch":        {batch, `{"identities":` + repeated("{}", 200_000) + "}", "more than 10000 elements"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, always(t, 200, tc.body))
			err := tc.run(t.Context(), c)
			if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), tc.want) || rec.count() != 1 {
				t.Errorf("%d requests: %.300v", rec.count(), err)
			}
			if errors.Is(err, ErrOutcomeUnknown) != (name == "batch") {
				t.Errorf("outcome: %.300v", err)
			}
		})
	}
}

// What is just within the bounds is read.
func TestClient_withinBounds(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", MaxIdentityBytes-4096)
	c, _ := serve(t, always(t, 200, withMember("metadata_public", `"`+text+`"`)))
	found, err := c.GetIdentity(t.Context(), someID)
	if err != nil || len(found.MetadataPublic) != len(text)+2 {
		t.Errorf("%v", err)
	}
	c, _ = serve(t, always(t, 200, withMember("verifiable_addresses", repeated(`{"value":"a"}`, MaxElements))))
	if found, err := c.GetIdentity(t.Context(), someID); err != nil || len(found.VerifiableAddresses) != MaxElements {
		t.Errorf("%v", err)
	}
}

// Many large responses at the same time share one budget, and all of them arrive.
func TestClient_memoryBudget(t *testing.T) { //nolint:paralleltest // It measures the memory of the process.
	row := withMember("metadata_public", `"`+strings.Repeat("x", MaxIdentityBytes-4096)+`"`)
	body := "[" + row + "," + strings.ReplaceAll(row, someID, otherID) + "]"
	c, err := New(Config{AdminURL: "http://127.0.0.1:4434"})
	if err != nil {
		t.Fatal(err)
	}
	c.transport = transportFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	})
	var most atomic.Uint64
	stop := make(chan struct{})
	var watch, group sync.WaitGroup
	watch.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	for range 8 {
		group.Go(func() {
			rows := 0
			for _, err := range c.ListIdentities(t.Context(), ListIdentitiesOptions{}) {
				if rows++; err != nil {
					t.Error(err)
				}
			}
			if rows != 2 {
				t.Errorf("%d rows", rows)
			}
		})
	}
	group.Wait()
	close(stop)
	watch.Wait()
	if mb := most.Load() >> 20; mb > 200 {
		t.Errorf("8 responses of 4 MB took %d MB", mb)
	}
}

// Whoever waits for memory ends with its context, and gives back what it has.
func TestMemory_endsWithContext(t *testing.T) {
	t.Parallel()
	m := newMemory()
	read := func(ctx context.Context, size int) (func(), error) {
		_, release, err := m.read(ctx, strings.NewReader(strings.Repeat("x", size)), MaxResponseBytes)
		return release, err
	}
	release, err := read(t.Context(), mediumBody+1)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 * mediumCount {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if _, err := read(ctx, mediumBody+1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second large body was read: %v", err)
		}
		cancel()
	}
	release()
	if release, err = read(t.Context(), mediumBody+1); err != nil {
		t.Fatal(err)
	}
	release()
}

func TestKept(t *testing.T) {
	t.Parallel()
	var kept Kept
	large := &Identity{ID: someID, Traits: make([]byte, MaxKeptBytes/2)}
	if err := kept.Add(large); err != nil {
		t.Error(err)
	}
	if err := kept.Add(large); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), fmt.Sprint(MaxKeptBytes)) {
		t.Error(err)
	}
}

// A list that never ends is an error at the first page that brings nothing new, whatever its token.
func TestClient_pagingNeedsProgress(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string]string{"empty pages": "[]", "the same rows": "[" + row("a") + "]"} {
		var token atomic.Int64
		c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", fmt.Sprintf(`</x?page_token=%d>; rel="next"`, token.Add(1)))
			reply(t, w, 200, rows)
		})
		if _, err := collect(t, c, ListIdentitiesOptions{}); sentinels(err) != "NotKratos" || rec.count() > 2 {
			t.Errorf("%s: %d requests: %v", name, rec.count(), err)
		}
		before := rec.count()
		if _, err := c.ListIdentitySchemas(t.Context()); sentinels(err) != "NotKratos" || rec.count()-before > 2 {
			t.Errorf("%s of schemas: %d requests: %v", name, rec.count()-before, err)
		}
	}
}

// Sessions without an end stop at the bound.
func TestClient_sessionsWithoutEnd(t *testing.T) {
	t.Parallel()
	var page atomic.Int64
	c, rec := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := int(page.Add(1))
		w.Header().Set("Link", fmt.Sprintf(`</x?page_token=%d>; rel="next"`, n))
		reply(t, w, 200, sessionRows(n*defaultPageSize, defaultPageSize))
	})
	_, err := c.ListIdentitySessions(t.Context(), someID, nil)
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "more than 10000 sessions") ||
		rec.count() > MaxSessions/defaultPageSize+1 {
		t.Errorf("%d requests: %v", rec.count(), err)
	}
}
