package hostile_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var (
	onCode       = on(http.MethodPost, "/admin/recovery/code")
	onLink       = on(http.MethodPost, "/admin/recovery/link")
	onSessions   = on(http.MethodGet, "/admin/identities/*/sessions")
	onRevocation = on(http.MethodDelete, "/admin/identities/*/sessions")
	onSchemas    = on(http.MethodGet, "/schemas")
)

// Whatever answers the request for a recovery code or link, none is shown, and none is kept that isn't complete.
func TestAccHostile_recovery(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "code: byte order mark", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), text(marked)), cli: true, says: texts{notKratos}},
		{name: "code: comma too many", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), text(extraComma)), says: texts{notKratos}},
		{name: "code: something after the JSON", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), text(trailing)), says: texts{notKratos}},
		{name: "code: none", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), as(acctest.WithoutMember("recovery_code"))), says: texts{notKratos}},
		{name: "code: a number", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), member("recovery_code", 123456)), says: texts{notKratos}},
		{name: "code: in an error of a gateway", scene: recoveringBy("code"), match: onCode, times: always, alter: all(these(noted), status(502)), says: texts{notKratos}},
		{name: "code: lost once", scene: recoveringBy("code"), match: onCode, times: 1, alter: all(these(noted), as(acctest.Lost()))},
		{name: "code: no answer", scene: recoveringBy("code"), match: onCode, times: 1, alter: all(these(noted), as(acctest.Stalled(time.Minute))), hasty: true},
		{name: "code: a date that is none", scene: recoveringBy("code"), match: onCode, times: 1, alter: all(these(noted), member("expires_at", "soon"))},
		{name: "link: page with 200", scene: recoveringBy("link"), match: onLink, times: always, alter: all(these(noted), page(200)), says: texts{notKratos}},
		{name: "link: null", scene: recoveringBy("link"), match: onLink, times: always, alter: all(these(noted), body("null")), says: texts{notKratos}},
		{name: "link: half of the JSON", scene: recoveringBy("link"), match: onLink, times: always, alter: all(these(noted), text(half)), says: texts{"unexpected EOF"}},
		{name: "link: no URL", scene: recoveringBy("link"), match: onLink, times: 1, alter: all(these(noted), member("recovery_link", "%zz\x00"))},
		{name: "ephemeral code: comma too many", scene: recoveringEphemerallyBy("code"), match: onCode, times: always, alter: all(these(noted), text(extraComma)), says: texts{notKratos}},
		{name: "ephemeral link: page with 200", scene: recoveringEphemerallyBy("link"), match: onLink, times: always, alter: all(these(noted), page(200)), cli: true, says: texts{notKratos}},
		{name: "ephemeral code: window of a year", scene: recoveringEphemerallyBy("code"), match: onCode, times: always, alter: all(these(noted), windowOfAYear), hasty: true},
	})
}

// Whatever answers about sessions, they are ended in the end, and a list of them ends.
func TestAccHostile_sessions(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "revoke: page with 404, and nothing done", scene: revoking, match: onRevocation, times: always, instead: true, alter: page(404), cli: true, says: texts{notKratos}},
		{name: "revoke: page with 200, and nothing done", scene: revoking, match: onRevocation, times: always, instead: true, alter: page(200), says: texts{notKratos}},
		{name: "revoke: empty 200, and nothing done", scene: revoking, match: onRevocation, times: always, instead: true, alter: body(""), says: texts{notKratos}},
		{name: "revoke: answer lost", scene: revoking, match: onRevocation, times: 1, alter: as(acctest.Lost())},
		{name: "revoke: redirect to the stranger", scene: revoking, match: onRevocation, times: 1, instead: true, alter: these(redirectToStranger), says: texts{"a redirect to another path"}},
		{name: "action: page with 404, and nothing done", scene: revokingByAction, match: onRevocation, times: always, instead: true, alter: page(404), says: texts{notKratos, "Run the action again"}},
		{name: "action: empty 200, and nothing done", scene: revokingByAction, match: onRevocation, times: always, instead: true, alter: body(""), says: texts{notKratos, "Run the action again"}},
		{name: "action: window of a year", scene: revokingByAction, match: onRevocation, times: always, instead: true, alter: all(page(429), windowOfAYear), says: texts{"the rate limit allows the next request in 87"}, hasty: true},
		{name: "list: sessions without an end", scene: listingSessions, match: onSessions, times: always, alter: as(sessionsWithoutEnd()), says: texts{"more than 10000 sessions"}},
		{name: "list: the same page without an end", scene: listingSessions, match: onSessions, times: always, alter: as(fullPage, freshToken()), says: texts{"pages repeat themselves"}},
		{name: "list: null", scene: listingSessions, match: onSessions, times: always, alter: body("null"), says: texts{notKratos}},
		{name: "list: dates that are none", scene: listingSessions, match: onSessions, times: always, alter: member("issued_at", "never")},
		{name: "list: a row of another type", scene: listingSessions, match: onSessions, times: always, alter: body(`[{"id":{}}]`), says: texts{notKratos}},
		{name: "list: page with 404", scene: listingSessions, match: onSessions, times: always, alter: page(404), says: texts{notKratos}},
	})
}

// Whatever answers a list of all identities, it ends.
func TestAccHostile_listAll(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "empty pages without an end", scene: listingAll, match: onList, times: always, alter: all(body("[]"), as(freshToken())), says: texts{"a page without a new row"}},
		{name: "people without an end", scene: listingAll, match: onList, times: always, alter: as(peopleWithoutEnd(1 << 10)), says: texts{tooLarge}},
		{name: "large people without an end", scene: listingAll, match: onList, times: always, alter: as(peopleWithoutEnd(64 << 10)), says: texts{tooLarge}},
		{name: "object", scene: listingAll, match: onList, times: always, alter: body("{}"), says: texts{notKratos}},
		{name: "next page elsewhere", scene: listingAll, match: onList, times: 1, alter: header("Link", `<http://192.0.2.1/admin/identities?page_token=00000000-0000-0000-0000-000000000000>; rel="next"`)},
		{name: "row without an id", scene: listingAll, match: onList, times: always, alter: body(`[{"traits":{}}]`), says: texts{"not a UUID"}},
	})
}

// Whatever answers for identity schemas, plans go on without them, and data sources fail with the reason.
func TestAccHostile_schemas(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "list: null", scene: listingSchemas, match: onSchemas, times: always, alter: body("null"), says: texts{notKratos}},
		{name: "list: page with 200", scene: listingSchemas, match: onSchemas, times: always, alter: page(200), cli: true, says: texts{notKratos}},
		{name: "list: the same without an end", scene: listingSchemas, match: onSchemas, times: always, alter: as(freshToken()), says: texts{"a page without a new row"}},
		{name: "list: rows of another type", scene: listingSchemas, match: onSchemas, times: always, alter: body(`[1,"x",{"id":[]}]`), says: texts{notKratos}},
		{name: "one: list", scene: listingSchemas, match: onSchema, times: always, alter: body("[]"), says: texts{"is not an identity schema"}},
		{name: "one: empty", scene: listingSchemas, match: onSchema, times: always, alter: body(""), says: texts{notKratos}},
		{name: "one: 404 of a gateway", scene: listingSchemas, match: onSchema, times: always, alter: page(404), says: texts{notKratos}},
		{name: "one: redirects in a circle", scene: listingSchemas, match: onSchema, times: always, alter: as(redirectToItself), says: texts{"a redirect to another path"}},
		{name: "plan: no schema", scene: creating, match: onSchema, times: always, alter: body(`{"type":"string"}`)},
		{name: "plan: string", scene: creating, match: onSchema, times: always, alter: body(`"x"`)},
		{name: "plan: reference to itself", scene: creating, match: onSchema, times: always, alter: body(schemaOf(`{"$ref":"#/properties/traits"}`))},
		{name: "plan: reference elsewhere", scene: creating, match: onSchema, times: always, alter: body(schemaOf(`{"$ref":"http://192.0.2.1/schema.json"}`))},
		{name: "plan: alternatives that multiply", scene: creating, match: onSchema, times: always, alter: body(schemaOf(nestedAnyOf(24)))},
		{name: "plan: all of doubled parts", scene: creating, match: onSchema, times: always, alter: body(doubledAllOf(30)), cli: true},
		{name: "plan: nine thousand levels", scene: creating, match: onSchema, times: always, alter: body(schemaOf(nestedProperties(9_000)))},
		{name: "plan: sixty thousand patterns", scene: creating, match: onSchema, times: always, alter: body(schemaOf(manyPatterns(60_000)))},
		{name: "plan: a pattern that is none", scene: creating, match: onSchema, times: always, alter: body(schemaOf(`{"properties":{"email":{"pattern":"((("}}}`))},
		{name: "plan: a body without an end", scene: creating, match: onSchema, times: always, alter: as(acctest.Endless()), hasty: true},
		{name: "plan: slow drip", scene: creating, match: onSchema, times: always, alter: as(acctest.Dripped(100 * time.Millisecond)), hasty: true},
	})
}
