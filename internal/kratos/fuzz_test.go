package kratos

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// fuzzedSecret is the API key of the fuzzed requests. It must never be in an error.
const fuzzedSecret = "ory_pat_canary-of-the-fuzz-test"

// FuzzErrorBody lets a server answer a write and a read with any status and body.
func FuzzErrorBody(f *testing.F) {
	f.Add(400, "application/json", `{"error":{"code":400,"status":"Bad Request","reason":"no such schema","message":"m"}}`)
	f.Add(404, "application/json", `{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}`)
	f.Add(409, "application/json", `{"error":{"code":409,"reason":"This identity conflicts with another identity"}}`)
	f.Add(429, "text/html", "<html><title>Slow down</title>"+fuzzedSecret+"</html>")
	f.Add(500, "application/json", `{"error":{"code":500,"reason":"database is locked (5)","details":{"hint":"`+fuzzedSecret+`"}}}`)
	f.Add(201, "application/json", `{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","credentials":null}`)
	f.Add(200, "text/plain", "\ufeff{}")
	f.Add(503, "", strings.Repeat(`{"error":`, 2000))
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		if status < 200 || status > 599 {
			return
		}
		client, err := New(Config{AdminURL: "http://127.0.0.1:4434", APIKey: fuzzedSecret})
		if err != nil {
			t.Fatal(err)
		}
		// Without connections: thousands of clients a second would use up the machine's ports.
		client.transport = transportFunc(func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(body)),
				Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)),
			}, nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // Go ends a target that takes 10 s
		defer cancel()
		_, created := client.CreateIdentity(ctx, CreateIdentityBody{SchemaID: "preset://email"})
		_, read := client.GetIdentity(ctx, "9f425a8d-7efc-4768-8f23-7647a74fdf13")
		for _, err := range []error{created, read} {
			if err == nil {
				continue
			}
			text := err.Error()
			if strings.Contains(text, fuzzedSecret) {
				t.Fatalf("the error has the API key: %s", text)
			}
			if !utf8.ValidString(text) || len(text) > 4*maxTextBytes {
				t.Fatalf("the error has %d bytes, valid UTF-8: %v", len(text), utf8.ValidString(text))
			}
		}
		if created == nil && (status >= 300 || !strings.Contains(body, "id")) {
			t.Fatalf("status %d with %q counts as created", status, body)
		}
	})
}

// FuzzNextPageToken parses any Link header. A token is part of the header, or of its decoded form.
func FuzzNextPageToken(f *testing.F) {
	f.Add(`</admin/identities?page_size=2&page_token=eyJ>; rel="first",</admin/identities?page_token=abc>; rel="next"`)
	f.Add(`<https://elsewhere.example.org/?page_token=%00%2F>; title="a;b,<c>"; rel=next`)
	f.Add(`<?page_token=a>; rel="prev next"`)
	f.Add(`<<<>>>;;;rel=next`)
	f.Fuzz(func(t *testing.T, link string) {
		token := nextPageToken(http.Header{"Link": {link}})
		if token == "" {
			return
		}
		if !strings.Contains(strings.ToLower(link), "next") {
			t.Fatalf("%q has the token %q and no next page", link, token)
		}
		query := url.Values{"page_token": {token}}.Encode()
		again := nextPageToken(http.Header{"Link": {`</?` + query + `>; rel="next"`}})
		if again != token {
			t.Fatalf("the token %q becomes %q", token, again)
		}
	})
}
