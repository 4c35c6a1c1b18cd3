package hostile_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Whatever answers the search for a login identifier, nobody is taken who doesn't have it.
func TestAccHostile_lookup(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "import: only the stranger", scene: importing, match: onList, times: always, alter: these(onlyStranger), cli: true},
		{name: "import: a stranger too many", scene: importing, match: onList, times: always, alter: these(withStranger)},
		{name: "import: the stranger's id", scene: importing, match: onList, times: always, alter: these(strangersRow)},
		{name: "import: the row twice", scene: importing, match: onList, times: always, alter: rows(doubled)},
		{name: "import: nobody", scene: importing, match: onList, times: always, alter: body("[]")},
		{name: "import: object", scene: importing, match: onList, times: always, alter: body("{}")},
		{name: "import: no credentials", scene: importing, match: onList, times: always, alter: as(acctest.WithoutMember("credentials"))},
		{name: "import: empty pages without an end", scene: importing, match: onList, times: always, alter: all(body("[]"), as(freshToken()))},
		{name: "adoption: only the stranger", scene: adopting, match: onList, times: always, alter: these(onlyStranger)},
		{name: "adoption: a stranger too many", scene: adopting, match: onList, times: always, alter: these(withStranger)},
		{name: "adoption: nobody", scene: adopting, match: onList, times: always, alter: body("[]")},
		{name: "adoption: page with 200", scene: adopting, match: onList, times: always, alter: page(200)},
		{name: "lost create: only the stranger", scene: losing, match: onList, times: always, alter: these(onlyStranger), then: "The other identity is"},
		{name: "lost create: nobody", scene: losing, match: onList, times: always, alter: body("[]"), then: "The other identity is"},
		{name: "lost create: page with 403", scene: losing, match: onList, times: always, alter: page(403), then: "The other identity is"},
		{name: "lost create: no schema", scene: losing, match: onSchema, times: always, alter: page(404), then: "The other identity is"},
	})
}
