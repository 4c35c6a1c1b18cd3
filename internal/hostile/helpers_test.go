package hostile_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var (
	idMember = regexp.MustCompile(`"id":"[0-9a-f-]{36}"`)
	text17MB = strings.Repeat("x", 17<<20)
)

func upperID(body string) string {
	return idMember.ReplaceAllStringFunc(body, func(member string) string { return `"id":` + strings.ToUpper(member[5:]) })
}

func hugeNumber(body string) string {
	return strings.Replace(body, `"metadata_public":null`, `"metadata_public":{"n":1e999999999}`, 1)
}

func surrogates(body string) string { return strings.Replace(body, "Ada", `A\ud800d\u0000a`, 1) }

// redirectToItself redirects every request to where it went.
func redirectToItself(a *acctest.Answer) {
	a.Status, a.Body = http.StatusFound, nil
	a.Header = http.Header{"Location": {a.Request.URL.RequestURI()}}
}

// second matches every match but the first.
func second(match acctest.Match) acctest.Match {
	var seen atomic.Int64
	return func(r *http.Request) bool { return match(r) && seen.Add(1) > 1 }
}

// echo repeats the request, as the page of a careless gateway does.
func echo(a *acctest.Answer) {
	a.Header = http.Header{"Content-Type": {"text/plain"}}
	a.Body = []byte("bad request: " + a.Request.Header.Get("Authorization") + " " +
		base64.StdEncoding.EncodeToString(a.Sent) + " " + string(a.Sent))
}

// itself answers with the identity that the request is about, as it is.
func itself(w *world) acctest.Alteration {
	return func(a *acctest.Answer) { acctest.WithBodyOf(w.server.AdminURL + a.Request.URL.Path)(a) }
}

// noted takes recovery codes and links for secrets.
func noted(w *world) acctest.Alteration {
	return func(a *acctest.Answer) {
		var recovery struct {
			Code string `json:"recovery_code"`
			Link string `json:"recovery_link"`
		}
		if json.Unmarshal(a.Body, &recovery) == nil {
			w.hide(recovery.Code, recovery.Link)
		}
	}
}

var windowOfAYear = header("X-Ratelimit-Limit", "1, 1;w=31536000")

// freshToken announces a further page, each time another.
func freshToken() acctest.Alteration {
	var n atomic.Int64
	return func(a *acctest.Answer) {
		a.Header.Set("Link", fmt.Sprintf(`</x?page_token=%08x-0000-4000-8000-000000000000>; rel="next"`, n.Add(1)))
	}
}

// fullPage is a page with one session 250 times.
func fullPage(a *acctest.Answer) {
	a.Body = acctest.Numbered(250, `{"id":"9f425a8d-7efc-4768-8f23-7647a74fdf13","n":%d}`)
}

// sessionsWithoutEnd makes up pages of sessions, one after the other.
func sessionsWithoutEnd() acctest.Alteration {
	var n atomic.Int64
	token := freshToken()
	return func(a *acctest.Answer) {
		token(a)
		page := n.Add(1)
		a.Body = acctest.Numbered(250, fmt.Sprintf(`{"id":"%08x-0000-4000-8000-%%012x","active":true}`, page))
	}
}

// peopleWithoutEnd makes up pages of identities with metadata of a size.
func peopleWithoutEnd(size int) acctest.Alteration {
	var n atomic.Int64
	token := freshToken()
	more := strings.Repeat("x", size)
	return func(a *acctest.Answer) {
		token(a)
		page := n.Add(1)
		a.Body = acctest.Numbered(200, fmt.Sprintf(`{"id":"%08x-0000-4000-8000-%%012x","schema_id":"preset://email",`+
			`"state":"active","traits":{"email":"x"},"metadata_public":%q}`, page, more))
	}
}

// schemaOf is an identity schema with these traits.
func schemaOf(traits string) string {
	return `{"type":"object","properties":{"traits":` + traits + `}}`
}

func nestedAnyOf(levels int) string {
	if levels == 0 {
		return `{"type":"number"}`
	}
	inner := nestedAnyOf(levels - 1)
	return `{"anyOf":[` + inner + `,` + inner + `]}`
}

// doubledAllOf refers twice to a part that refers twice to a part.
func doubledAllOf(levels int) string {
	var parts []string
	for i := range levels {
		parts = append(parts, fmt.Sprintf(`"p%d":{"allOf":[{"$ref":"#/definitions/p%d"},{"$ref":"#/definitions/p%d"}]}`, i, i+1, i+1))
	}
	parts = append(parts, fmt.Sprintf(`"p%d":{"type":"object"}`, levels))
	return `{"definitions":{` + strings.Join(parts, ",") + `},"properties":{"traits":{"$ref":"#/definitions/p0"}}}`
}

func nestedProperties(levels int) string {
	return strings.Repeat(`{"properties":{"a":`, levels) + `{}` + strings.Repeat(`}}`, levels)
}

func manyPatterns(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, fmt.Sprintf(`"^(x|y)%d.*[a-z]{3,40}$":{"type":"string"}`, i))
	}
	return `{"type":"object","patternProperties":{` + strings.Join(parts, ",") + `}}`
}

func threeHoursAhead() string { return time.Now().Add(3 * time.Hour).UTC().Format(http.TimeFormat) }
