package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Answer is an answer on its way from the server to the provider. Alterations change it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte

	// Request is what the provider asked, and Sent the body that came with it.
	Request *http.Request
	Sent    []byte

	// send writes the answer in another way than as a whole.
	send func(w http.ResponseWriter, a *Answer)
}

// Alteration changes an answer. Alterations are composed by their order.
type Alteration func(*Answer)

// Alter lets the server carry out the next n matching requests and changes their answers.
func (p *Proxy) Alter(n int, match Match, alterations ...Alteration) {
	p.Intercept(next(n, match, func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		r.Header.Del("Accept-Encoding") // the alterations want plain text
		sent := rewound(r)
		recorder := httptest.NewRecorder()
		forward.ServeHTTP(recorder, r)
		a := Answer{Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.Bytes(), Request: r, Sent: sent}
		a.write(w, alterations)
	}))
}

// Instead gives answers of its own to the next n matching requests, which the server never sees. The alterations start
// from an empty JSON object with the status 200.
func (p *Proxy) Instead(n int, match Match, alterations ...Alteration) {
	p.Intercept(next(n, match, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
		a := Answer{Status: http.StatusOK, Header: header, Body: []byte("{}"), Request: r, Sent: rewound(r)}
		a.write(w, alterations)
	}))
}

// rewound reads the body of a request and leaves it to be read again.
func rewound(r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

func (a *Answer) write(w http.ResponseWriter, alterations []Alteration) {
	a.Header.Del("Content-Length")
	for _, alter := range alterations {
		alter(a)
	}
	if a.send != nil {
		a.send(w, a)
		return
	}
	a.begin(w, len(a.Body))
	_, _ = w.Write(a.Body) // fails only if the client has disconnected, or if the status allows no body
}

// begin writes status and header.
func (a *Answer) begin(w http.ResponseWriter, length int) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	if a.Status != http.StatusNoContent && a.Status != http.StatusNotModified && w.Header().Get("Content-Length") == "" {
		w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	w.WriteHeader(a.Status)
}

// WithStatus changes the status.
func WithStatus(status int) Alteration {
	return func(a *Answer) { a.Status = status }
}

// WithHeader changes a header.
func WithHeader(name, value string) Alteration {
	return func(a *Answer) { a.Header.Set(name, value) }
}

// WithBody changes the whole body.
func WithBody(body string) Alteration {
	return func(a *Answer) { a.Body = []byte(body) }
}

// WithPage puts the HTML page of a gateway in the answer's place.
func WithPage(status int) Alteration {
	return func(a *Answer) {
		a.Status, a.Body = status, []byte("<!DOCTYPE html><html><head><title>One moment, please</title></head></html>")
		a.Header = http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	}
}

// WithText rewrites the body as text, whatever it is.
func WithText(rewrite func(string) string) Alteration {
	return func(a *Answer) { a.Body = []byte(rewrite(string(a.Body))) }
}

// WithJSON rewrites the body as decoded JSON with undecoded numbers. A body that isn't JSON stays.
func WithJSON(rewrite func(any) any) Alteration {
	return func(a *Answer) {
		value, err := kratos.DecodeJSON(a.Body)
		if err != nil {
			return
		}
		if a.Body, err = json.Marshal(rewrite(value)); err != nil {
			panic(err) // the rewritten value comes from JSON too
		}
	}
}

// WithMember sets a member of the object that is the body, or of each object of a list.
func WithMember(name string, value any) Alteration {
	return WithJSON(func(body any) any {
		objects, isList := body.([]any)
		if !isList {
			objects = []any{body}
		}
		for _, object := range objects {
			if members, ok := object.(map[string]any); ok {
				members[name] = value
			}
		}
		return body
	})
}

// WithoutMember takes a member out of the object that is the body, or out of each object of a list.
func WithoutMember(name string) Alteration {
	return WithJSON(func(body any) any {
		objects, isList := body.([]any)
		if !isList {
			objects = []any{body}
		}
		for _, object := range objects {
			if members, ok := object.(map[string]any); ok {
				delete(members, name)
			}
		}
		return body
	})
}

// WithRows rewrites the list that is the body, or that is a member of it, as in the answer to a batch.
func WithRows(rewrite func(rows []any) []any) Alteration {
	return WithJSON(func(body any) any {
		switch v := body.(type) {
		case []any:
			return rewrite(v)
		case map[string]any:
			if rows, ok := v["identities"].([]any); ok {
				v["identities"] = rewrite(rows)
			}
		}
		return body
	})
}

// WithBodyOf puts the answer to another request to the same server in the answer's place.
func WithBodyOf(url string) Alteration {
	return func(a *Answer) {
		request, err := http.NewRequestWithContext(a.Request.Context(), http.MethodGet, url, nil)
		if err != nil {
			panic(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			panic(http.ErrAbortHandler) // the client has gone, and its context with it
		}
		defer response.Body.Close()
		if a.Body, err = io.ReadAll(response.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

// Nested is JSON of this many objects, one within the other.
func Nested(levels int) json.RawMessage {
	text := make([]byte, 0, 6*levels+2)
	for range levels {
		text = append(text, `{"a":`...)
	}
	text = append(text, "{}"...)
	for range levels {
		text = append(text, '}')
	}
	return text
}

// Numbered is a list of n values, each made from its number by a format for JSON.
func Numbered(n int, format string) json.RawMessage {
	text := []byte("[")
	for i := range n {
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, format, i)
	}
	return append(text, ']')
}

// Repeated is a list with n times the same value, given as JSON.
func Repeated(n int, value string) json.RawMessage {
	return json.RawMessage("[" + strings.Repeat(value+",", n-1) + value + "]")
}
