package hostile_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var (
	onCreate = on(http.MethodPost, "/admin/identities")
	onGet    = on(http.MethodGet, "/admin/identities/*")
	onList   = on(http.MethodGet, "/admin/identities")
	onSchema = on(http.MethodGet, "/schemas/*")

	// onAnyRead matches every read of identities.
	onAnyRead = func(r *http.Request) bool { return onGet(r) || onList(r) }
)

// Whatever answers a create, the identity that was made is known in the end, and no other is.
func TestAccHostile_create(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another identity", scene: creating, match: onCreate, times: 1, alter: these(strangersBody)},
		{name: "the stranger's id", scene: creating, match: onCreate, times: 1, alter: these(strangersID), cli: true},
		{name: "two ids, the stranger's first", scene: creating, match: onCreate, times: 1, alter: these(strangerFirst)},
		{name: "two ids, the stranger's last", scene: creating, match: onCreate, times: 1, alter: these(strangerLast)},
		{name: "no id", scene: creating, match: onCreate, times: 1, alter: as(acctest.WithoutMember("id"))},
		{name: "a number as id", scene: creating, match: onCreate, times: 1, alter: member("id", 7)},
		{name: "an id with dots", scene: creating, match: onCreate, times: 1, alter: member("id", "../../sessions")},
		{name: "an id with NUL", scene: creating, match: onCreate, times: 1, alter: member("id", "a\x00b")},
		{name: "empty body", scene: creating, match: onCreate, times: 1, alter: body("")},
		{name: "null", scene: creating, match: onCreate, times: 1, alter: body("null")},
		{name: "list", scene: creating, match: onCreate, times: 1, alter: body("[]")},
		{name: "number", scene: creating, match: onCreate, times: 1, alter: body("17")},
		{name: "half of the JSON", scene: creating, match: onCreate, times: 1, alter: text(half)},
		{name: "byte order mark", scene: creating, match: onCreate, times: 1, alter: text(marked)},
		{name: "comma too many", scene: creating, match: onCreate, times: 1, alter: text(extraComma)},
		{name: "something after the JSON", scene: creating, match: onCreate, times: 1, alter: text(trailing)},
		{name: "invalid UTF-8", scene: creating, match: onCreate, times: 1, alter: text(invalidUTF8)},
		{name: "page with 200", scene: creating, match: onCreate, times: 1, alter: page(200), cli: true},
		{name: "page with 400", scene: creating, match: onCreate, times: 1, alter: page(400), cli: true},
		{name: "page with 404", scene: creating, match: onCreate, times: 1, alter: page(404)},
		{name: "page with 409", scene: creating, match: onCreate, times: 1, alter: page(409)},
		{name: "page with 429", scene: creating, match: onCreate, times: 1, alter: page(429)},
		{name: "page with 502", scene: creating, match: onCreate, times: 1, alter: page(502)},
		{name: "no content", scene: creating, match: onCreate, times: 1, alter: all(status(204), body(""))},
		{name: "reset content", scene: creating, match: onCreate, times: 1, alter: all(status(205), body(""))},
		{name: "not modified", scene: creating, match: onCreate, times: 1, alter: all(status(304), body(""))},
		{name: "switching protocols", scene: creating, match: onCreate, times: 1, alter: as(acctest.Switched(time.Second)), hasty: true},
		{name: "redirect to the stranger", scene: creating, match: onCreate, times: 1, alter: these(redirectToStranger)},
		{name: "another content type", scene: creating, match: onCreate, times: 1, alter: header("Content-Type", "image/png")},
		{name: "gzip that is none", scene: creating, match: onCreate, times: 1, alter: header("Content-Encoding", "gzip")},
		{name: "answer lost", scene: creating, match: onCreate, times: 1, alter: as(acctest.Lost()), cli: true},
		{name: "connection closed in the body", scene: creating, match: onCreate, times: 1, alter: as(acctest.CutShort())},
		{name: "slow drip", scene: creating, match: onCreate, times: 1, alter: as(acctest.Dripped(100 * time.Millisecond)), hasty: true},
		{name: "no answer", scene: creating, match: onCreate, times: 1, alter: as(acctest.Stalled(time.Minute)), hasty: true},
		{name: "no HTTP", scene: creating, match: onCreate, times: 1, alter: as(acctest.Raw("SSH-2.0-OpenSSH_9.6\r\n"))},
		{name: "database is locked", scene: creating, match: onCreate, times: 1, instead: true, alter: kratosError(500, "database is locked")},
		{name: "another 401", scene: creating, match: onCreate, times: 1, instead: true, alter: all(status(401), body(`{"message":"no"}`))},
		{name: "another 403", scene: creating, match: onCreate, times: 1, alter: all(status(403), body(`{"errors":["no"]}`))},
		{name: "another 409", scene: creating, match: onCreate, times: 1, alter: all(status(409), body(`{"code":409}`))},
		{name: "dates that are none", scene: creating, match: onCreate, times: 1, alter: all(member("created_at", "yesterday"), member("state_changed_at", ""))},
		{name: "members of other types", scene: creating, match: onCreate, times: 1, alter: member("traits", []any{1})},
		{name: "the wrong traits", scene: creating, match: onCreate, times: 1, alter: member("traits", map[string]any{"email": "x@example.org"})},
		{name: "nothing but the id", scene: creating, match: onCreate, times: 1, alter: as(acctest.WithJSON(onlyID))},
	})
}

func half(body string) string { return body[:len(body)/2] }

func marked(body string) string { return "\ufeff" + body }

func extraComma(body string) string { return strings.TrimSuffix(strings.TrimSpace(body), "}") + ",}" }

func trailing(body string) string { return body + "<!-- served by a cache -->" }

func invalidUTF8(body string) string { return strings.Replace(body, "Ada", "A\xffd\xfea", 1) }

func onlyID(body any) any { return map[string]any{"id": body.(map[string]any)["id"]} }

// redirectToStranger points at the stranger.
func redirectToStranger(w *world) acctest.Alteration {
	return func(a *acctest.Answer) {
		a.Status, a.Body = http.StatusTemporaryRedirect, nil
		a.Header = http.Header{"Location": {"/admin/identities/" + w.eve.id}}
	}
}
