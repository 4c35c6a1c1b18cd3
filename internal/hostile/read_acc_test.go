package hostile_test

import (
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Whatever answers a read, the state keeps its identity, and nothing is written that is made from the answer.
func TestAccHostile_read(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another identity", scene: changing, match: onGet, times: 1, alter: these(strangersBody), cli: true, says: texts{wrong}},
		{name: "another identity each time", scene: changing, match: onGet, times: always, alter: these(strangersBody), says: texts{wrong}},
		{name: "another identity in the apply", scene: changing, match: second(onGet), times: 1, alter: these(strangersBody), says: texts{wrong}},
		{name: "two ids, the stranger's last", scene: changing, match: onGet, times: 1, alter: these(strangerLast), says: texts{wrong}},
		{name: "the id in capitals", scene: changing, match: onGet, times: always, alter: text(upperID)},
		{name: "list", scene: changing, match: onGet, times: always, alter: body("[]"), says: texts{notKratos}},
		{name: "empty body", scene: changing, match: onGet, times: always, alter: body(""), says: texts{notKratos}},
		{name: "null", scene: changing, match: onGet, times: 1, alter: body("null")},
		{name: "page with 200", scene: changing, match: onGet, times: always, alter: page(200), says: texts{notKratos}},
		{name: "page with 404", scene: changing, match: onGet, times: always, alter: page(404), cli: true, says: texts{notKratos}},
		{name: "404 of a gateway in JSON", scene: changing, match: onGet, times: always, alter: all(status(404), body(`{"error":{"code":404,"message":"no such route"}}`)), says: texts{notKratos}},
		{name: "404 about something else", scene: changing, match: onGet, times: always, alter: kratosError(404, "The requested resource could not be found: courier message"), says: texts{notKratos}},
		{name: "gone", scene: changing, match: onGet, times: always, alter: all(status(410), body("{}")), says: texts{notKratos}},
		{name: "no content", scene: changing, match: onGet, times: always, alter: all(status(204), body("")), says: texts{notKratos}},
		{name: "not modified", scene: changing, match: onGet, times: always, alter: all(status(304), body("")), says: texts{"304 Not Modified"}},
		{name: "redirects in a circle", scene: changing, match: onGet, times: always, alter: as(redirectToItself), says: texts{"a redirect to another path"}},
		{name: "redirect to another host", scene: changing, match: onGet, times: always, alter: these((*world).redirectElsewhere)},
		{name: "two megabytes of headers", scene: changing, match: onGet, times: always, alter: header("Link", text17MB[:2<<20]), says: texts{"malformed HTTP"}},
		{name: "Retry-After that is none", scene: changing, match: onGet, times: 1, alter: all(page(503), header("Retry-After", "-99999999999999999999"))},
		{name: "gzip that is none", scene: changing, match: onGet, times: always, alter: header("Content-Encoding", "gzip"), says: texts{"malformed HTTP"}},
		{name: "connection closed in the body", scene: changing, match: onGet, times: always, alter: as(acctest.CutShort()), says: texts{"unexpected EOF"}},
		{name: "slow drip", scene: changing, match: onGet, times: always, alter: as(acctest.Dripped(100 * time.Millisecond)), says: texts{"request time-out"}, hasty: true},
		{name: "twenty thousand addresses", scene: changing, match: onGet, times: always, alter: member("verifiable_addresses", acctest.Numbered(20_000, `{"id":"%d","value":"a","via":"email"}`)), says: texts{"more than 10000 elements"}},
		{name: "traits nested 500 deep", scene: changing, match: onGet, times: 1, alter: member("metadata_public", acctest.Nested(500))},
		{name: "million numbers", scene: changing, match: onGet, times: 1, alter: member("metadata_public", acctest.Repeated(1_000_000, "1"))},
		{name: "million numbers among the traits", scene: changing, match: onGet, times: 1, alter: member("traits", object{"n": acctest.Repeated(1_000_000, "1")})},
		{name: "body without an end", scene: changing, match: onGet, times: always, alter: as(acctest.Endless()), says: texts{tooLarge}},
		{name: "seventeen megabytes", scene: changing, match: onGet, times: always, alter: member("metadata_public", text17MB), says: texts{tooLarge}},
		{name: "an invalid state", scene: changing, match: onGet, times: 1, alter: member("state", 3), says: texts{notKratos}},
		{name: "traits that are no object", scene: changing, match: onGet, times: 1, alter: member("traits", "none")},
		{name: "no traits", scene: changing, match: onGet, times: 1, alter: as(acctest.WithoutMember("traits"))},
		{name: "numbers beyond all range", scene: changing, match: onGet, times: 1, alter: text(hugeNumber)},
		{name: "surrogates and NUL", scene: changing, match: onGet, times: 1, alter: text(surrogates)},
		{name: "credentials of other types", scene: changing, match: onGet, times: 1, alter: member("credentials", []any{1, "x"}), says: texts{notKratos}},
		{name: "limit of a year", scene: changing, match: onGet, times: always, alter: all(page(429), header("Retry-After", "31536000")), says: texts{"429 Too Many Requests"}, hasty: true},
		{name: "negative limits", scene: changing, match: onGet, times: always, alter: all(header("X-Ratelimit-Limit", "-1, -1;w=-1"), header("X-Ratelimit-Reset", "-9")), hasty: true},
		{name: "window of a year", scene: changing, match: onGet, times: always, alter: all(header("X-Ratelimit-Limit", "1, 1;w=31536000"), header("X-Ratelimit-Remaining", "0")), hasty: true},
	})
}

// Whatever answers a list by ids, every identity gets its own row.
func TestAccHostile_listByIDs(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another order", scene: changingMany, match: onList, times: always, alter: rows(reversed)},
		{name: "ids in another order", scene: changingMany, match: onList, times: always, alter: rows(swappedIDs)},
		{name: "a stranger too many", scene: changingMany, match: onList, times: always, alter: these(withStranger), cli: true},
		{name: "only the stranger", scene: changingMany, match: onList, times: always, alter: these(onlyStranger)},
		{name: "the stranger's id in a row", scene: changingMany, match: onList, times: always, alter: these(strangersRow)},
		{name: "rows twice", scene: changingMany, match: onList, times: always, alter: rows(doubled)},
		{name: "one row for all", scene: changingMany, match: onList, times: always, alter: rows(firstThrice)},
		{name: "a row missing", scene: changingMany, match: onList, times: always, alter: rows(withoutFirst)},
		{name: "object", scene: changingMany, match: onList, times: always, alter: body("{}"), says: texts{notKratos}},
		{name: "null", scene: changingMany, match: onList, times: always, alter: body("null"), says: texts{notKratos}},
		{name: "numbers", scene: changingMany, match: onList, times: always, alter: body("[1,2,3]"), says: texts{notKratos}},
		{name: "page", scene: changingMany, match: onList, times: always, alter: page(200), says: texts{notKratos}},
		{name: "page with 414", scene: changingMany, match: onList, times: always, alter: page(414)},
		{name: "error of the server", scene: changingMany, match: onList, times: always, alter: kratosError(500, "pq: out of memory")},
		{name: "next page is this page", scene: changingMany, match: onList, times: always, alter: all(rows(withoutFirst), header("Link", `</admin/identities?page_token=x>; rel="next"`))},
		{name: "next page elsewhere", scene: changingMany, match: onList, times: always, alter: all(rows(withoutFirst), header("Link", `<http://192.0.2.1/?page_token=x>; rel="next"`))},
		{name: "link that is none", scene: changingMany, match: onList, times: always, alter: header("Link", `<<<%zz>;;; rel=next,<>`)},
	})
}
