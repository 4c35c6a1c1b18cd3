package hostile_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var onBatch = on(http.MethodPatch, "/admin/identities")

// Whatever answers a batch of creates, each of its identities goes to the resource that asked for it.
func TestAccHostile_batch(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "the stranger's id in a result", scene: creatingMany, match: onBatch, times: 1, alter: these(strangersRow), cli: true},
		{name: "results in another order", scene: creatingMany, match: onBatch, times: 1, alter: rows(reversed)},
		{name: "ids in another order", scene: creatingMany, match: onBatch, times: 1, alter: rows(swappedIDs)},
		{name: "one result for all", scene: creatingMany, match: onBatch, times: 1, alter: rows(firstThrice)},
		{name: "results twice", scene: creatingMany, match: onBatch, times: 1, alter: rows(doubled)},
		{name: "a result missing", scene: creatingMany, match: onBatch, times: 1, alter: rows(withoutFirst)},
		{name: "an id with dots", scene: creatingMany, match: onBatch, times: 1, alter: rows(func(rows []any) []any {
			rows[1].(map[string]any)["identity"] = "../../sessions"
			return rows
		})},
		{name: "null among the results", scene: creatingMany, match: onBatch, times: 1, alter: rows(func(rows []any) []any {
			rows[2] = nil
			return rows
		})},
		{name: "errors without a reason", scene: creatingMany, match: onBatch, times: 1, alter: rows(func([]any) []any {
			return []any{map[string]any{"action": "error"}, map[string]any{"action": "error"}, map[string]any{"action": "error"}}
		})},
		{name: "null", scene: creatingMany, match: onBatch, times: 1, alter: body("null")},
		{name: "list in place of an object", scene: creatingMany, match: onBatch, times: 1, alter: body("[]")},
		{name: "half of the JSON", scene: creatingMany, match: onBatch, times: 1, alter: text(half)},
		{name: "page with 413", scene: creatingMany, match: onBatch, times: 1, alter: page(413)},
		{name: "page with 504", scene: creatingMany, match: onBatch, times: 1, alter: page(504)},
		{name: "created", scene: creatingMany, match: onBatch, times: 1, alter: status(201)},
		{name: "answer lost", scene: creatingMany, match: onBatch, times: 1, alter: as(acctest.Lost()), cli: true},
		{name: "slow drip", scene: creatingMany, match: onBatch, times: 1, alter: as(acctest.Dripped(time.Second))},
	})
}
