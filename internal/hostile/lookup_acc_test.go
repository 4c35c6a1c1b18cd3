package hostile_test

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Whatever answers the search for a login identifier, nobody is taken who doesn't have it.
func TestAccHostile_lookup(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "import: only the stranger", scene: importing, match: onList, times: always, alter: these(onlyStranger), cli: true, says: texts{ignored}},
		{name: "import: a stranger too many", scene: importing, match: onList, times: always, alter: these(withStranger), says: texts{ignored}},
		{name: "import: the stranger's id", scene: importing, match: onList, times: always, alter: these(strangersRow), says: texts{wrong}},
		{name: "import: the row twice", scene: importing, match: onList, times: always, alter: rows(doubled)},
		{name: "import: nobody", scene: importing, match: onList, times: always, alter: body("[]"), says: texts{"Identity not found"}},
		{name: "import: object", scene: importing, match: onList, times: always, alter: body("{}"), says: texts{notKratos}},
		{name: "import: no credentials", scene: importing, match: onList, times: always, alter: as(acctest.WithoutMember("credentials")), says: texts{ignored}},
		{name: "import: empty pages without an end", scene: importing, match: onList, times: always, alter: all(body("[]"), as(freshToken())), says: texts{"a page without a new row"}},
		{name: "adoption: only the stranger", scene: adopting, match: onList, times: always, alter: these(onlyStranger), says: texts{ignored}},
		{name: "adoption: a stranger too many", scene: adopting, match: onList, times: always, alter: these(withStranger), says: texts{ignored}},
		{name: "adoption: the stranger's id", scene: adopting, match: onList, times: always, alter: these(strangersRow), says: texts{wrong}},
		{name: "adoption: nobody", scene: adopting, match: onList, times: always, alter: body("[]"), says: texts{"does not find the other identity"}},
		{name: "adoption: page with 200", scene: adopting, match: onList, times: always, alter: page(200), says: texts{notKratos}},
		{name: "lost create: the stranger's id", scene: losing, match: onList, times: 1, alter: these(strangersRow)},
		{name: "lost create: only the stranger", scene: losing, match: onList, times: always, alter: these(onlyStranger), then: "The other identity is", says: texts{"may have been created", ignored}},
		{name: "lost create: nobody", scene: losing, match: onList, times: always, alter: body("[]"), then: "The other identity is", says: texts{"does not find the other identity"}},
		{name: "lost create: page with 403", scene: losing, match: onList, times: always, alter: page(403), then: "The other identity is", says: texts{"may have been created"}, hasty: true},
		{name: "lost create: clocks three hours ahead", scene: losing, match: acctest.On("", "/"), times: always, alter: header("Date", threeHoursAhead())},
		{name: "lost create: no schema", scene: losing, match: onSchema, times: always, alter: page(404), then: "The other identity is", says: texts{"may have been created"}},
	})
}
