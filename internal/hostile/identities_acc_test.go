package hostile_test

import (
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Whatever answers the batches of ory_identities, each row has its own person in the end, once, and nobody else's.
func TestAccHostile_identitiesCreate(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "the stranger's id in a result", scene: creatingRows, match: onBatch, times: 1, alter: these(strangersRow), cli: true, says: texts{"is not the identity of this row"}},
		{name: "results in another order", scene: creatingRows, match: onBatch, times: 1, alter: rows(reversed)},
		{name: "ids in another order", scene: creatingRows, match: onBatch, times: 1, alter: rows(swappedIDs), says: texts{"is not the identity of this row"}},
		{name: "one result for all", scene: creatingRows, match: onBatch, times: 1, alter: rows(firstThrice)},
		{name: "results twice", scene: creatingRows, match: onBatch, times: 1, alter: rows(doubled)},
		{name: "a result missing", scene: creatingRows, match: onBatch, times: 1, alter: rows(withoutFirst)},
		{name: "an id with dots", scene: creatingRows, match: onBatch, times: 1, alter: rows(func(rows []any) []any {
			rows[1].(map[string]any)["identity"] = "../../sessions"
			return rows
		})},
		{name: "null among the results", scene: creatingRows, match: onBatch, times: 1, alter: rows(func(rows []any) []any {
			rows[2] = nil
			return rows
		})},
		{name: "errors without a reason", scene: creatingRows, match: onBatch, times: 1, alter: rows(func([]any) []any {
			return []any{map[string]any{"action": "error"}, map[string]any{"action": "error"}, map[string]any{"action": "error"}}
		})},
		{name: "null", scene: creatingRows, match: onBatch, times: 1, alter: body("null")},
		{name: "half of the JSON", scene: creatingRows, match: onBatch, times: 1, alter: text(half)},
		{name: "half of the JSON each time", scene: creatingRows, match: onBatch, times: always, alter: text(half)},
		{name: "page with 413", scene: creatingRows, match: onBatch, times: 1, alter: page(413)},
		{name: "page with 504", scene: creatingRows, match: onBatch, times: 1, alter: page(504)},
		{name: "pages with 502, and nothing done", scene: creatingRows, match: onBatch, times: always, instead: true, alter: page(502), says: texts{"Identities not created"}},
		{name: "created", scene: creatingRows, match: onBatch, times: 1, alter: status(201)},
		{name: "answer lost", scene: creatingRows, match: onBatch, times: 1, alter: as(acctest.Lost()), cli: true},
		{name: "answers lost", scene: creatingRows, match: onBatch, times: always, alter: as(acctest.Lost())},
		{name: "slow drip", scene: creatingRowsWithoutPassword, match: onBatch, times: 1, alter: as(acctest.Dripped(time.Second)), hasty: true},
		{name: "read back: a stranger too many", scene: creatingRows, match: onList, times: always, alter: these(withStranger)},
		{name: "read back: only the stranger", scene: creatingRows, match: onList, times: always, alter: these(onlyStranger)},
		{name: "read back: ids in another order", scene: creatingRows, match: onList, times: always, alter: rows(swappedIDs), says: texts{"is not the identity of this row"}},
		{name: "read back: page with 200", scene: creatingRows, match: onList, times: always, alter: page(200)},
		{name: "read back: empty list", scene: creatingRows, match: onList, times: always, alter: body("[]")},
	})
}

// Whatever answers the reads of ory_identities, no row is lost, and no row gets another person.
func TestAccHostile_identitiesRead(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another order", scene: changingRows, match: onList, times: always, alter: rows(reversed)},
		{name: "ids in another order", scene: changingRows, match: onList, times: always, alter: rows(swappedIDs)},
		{name: "a stranger too many", scene: changingRows, match: onList, times: always, alter: these(withStranger), cli: true, says: texts{wrong}},
		{name: "only the stranger", scene: changingRows, match: onList, times: always, alter: these(onlyStranger), says: texts{wrong}},
		{name: "the stranger's id in a row", scene: changingRows, match: onList, times: always, alter: these(strangersRow), says: texts{wrong}},
		{name: "rows twice", scene: changingRows, match: onList, times: always, alter: rows(doubled)},
		{name: "a row missing", scene: changingRows, match: onList, times: always, alter: rows(withoutFirst)},
		{name: "empty list", scene: changingRows, match: onList, times: always, alter: body("[]")},
		{name: "object", scene: changingRows, match: onList, times: always, alter: body("{}"), says: texts{notKratos}},
		{name: "page", scene: changingRows, match: onList, times: always, alter: page(200), says: texts{notKratos}},
		{name: "page with 404", scene: changingRows, match: onList, times: always, alter: page(404), says: texts{notKratos}},
		{name: "error of the server", scene: changingRows, match: onList, times: always, alter: kratosError(500, "pq: out of memory"), says: texts{"out of memory"}},
		{name: "next page is this page", scene: changingRows, match: onList, times: always, alter: all(rows(withoutFirst), header("Link", `</admin/identities?page_token=x>; rel="next"`)), says: texts{"page token is invalid"}},
		{name: "body without an end", scene: changingRows, match: onList, times: always, alter: as(acctest.Endless()), says: texts{tooLarge}},
		{name: "surrogates and NUL", scene: changingRows, match: onList, times: 1, alter: text(surrogates)},
		{name: "numbers beyond all range", scene: changingRows, match: onList, times: 1, alter: text(hugeNumber)},
		{name: "empty list, and pages with 404", scene: changingRows, match: onAnyRead, times: always, alter: all(page(404)), says: texts{notKratos}},
	})
}

// Whatever answers the writes of ory_identities, the state has what holds, and the next apply does the rest.
func TestAccHostile_identitiesWrite(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another identity", scene: changingRows, match: onPatch, times: 1, alter: these(strangersBody), cli: true},
		{name: "another identity, and nothing done", scene: changingRows, match: onPatch, times: always, instead: true, alter: these(strangersBody), says: texts{wrong}},
		{name: "another identity before", scene: changingRows, match: onGet, times: always, alter: these(strangersBody), says: texts{wrong}},
		{name: "success, and nothing done", scene: changingRows, match: onPatch, times: always, instead: true, alter: body(`{}`), says: texts{notKratos}},
		{name: "page with 200", scene: changingRows, match: onPatch, times: 1, alter: page(200)},
		{name: "pages with 429", scene: changingRows, match: onPatch, times: always, alter: page(429)},
		{name: "redirect to the stranger", scene: changingRows, match: onPatch, times: 1, alter: these(redirectToStranger)},
		{name: "answers lost", scene: changingRows, match: onPatch, times: always, alter: as(acctest.Lost())},
		{name: "removal: page with 404, and nothing done", scene: removingRow, match: onDelete, times: always, instead: true, alter: page(404), says: texts{notKratos}},
		{name: "removal: page with 200, and nothing done", scene: removingRow, match: onDelete, times: always, instead: true, alter: page(200), cli: true, says: texts{notKratos}},
		{name: "removal: answer lost", scene: removingRow, match: onDelete, times: 1, alter: as(acctest.Lost())},
		{name: "destroy: one page with 404, and nothing done", scene: destroyingRows, match: onDelete, times: 2, instead: true, alter: page(404), says: texts{notKratos}},
		{name: "destroy: empty 200, and nothing done", scene: destroyingRows, match: onDelete, times: always, instead: true, alter: body(""), says: texts{notKratos}},
		{name: "destroy: answers lost", scene: destroyingRows, match: onDelete, times: always, alter: as(acctest.Lost())},
	})
}
