package hostile_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

var (
	onPatch  = on(http.MethodPatch, "/admin/identities/*")
	onPut    = on(http.MethodPut, "/admin/identities/*")
	onDelete = on(http.MethodDelete, "/admin/identities/*")
	onUnlink = on(http.MethodDelete, "/admin/identities/*/credentials/*")
)

// Whatever answers a change of an identity, the state has what holds, and the next apply does the rest.
func TestAccHostile_patch(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another identity", scene: changing, match: onPatch, times: 1, alter: these(strangersBody), cli: true},
		{name: "another identity each time", scene: changing, match: onPatch, times: always, alter: these(strangersBody)},
		{name: "another identity, and nothing done", scene: changing, match: onPatch, times: always, instead: true, alter: these(strangersBody), says: texts{wrong}},
		{name: "no id", scene: changing, match: onPatch, times: 1, alter: as(acctest.WithoutMember("id"))},
		{name: "empty body", scene: changing, match: onPatch, times: 1, alter: body("")},
		{name: "success, and nothing done", scene: changing, match: onPatch, times: always, instead: true, alter: body(`{}`), says: texts{notKratos}},
		{name: "identity as it was, and nothing done", scene: changing, match: onPatch, times: always, instead: true, alter: these(itself)},
		{name: "state: identity as it was, and nothing done", scene: deactivatingInPlace, match: onPatch, times: always, instead: true, alter: these(itself), says: texts{"State not changed"}},
		{name: "state: answer lost", scene: deactivatingInPlace, match: onPatch, times: 1, alter: as(acctest.Lost())},
		{name: "page with 200", scene: changing, match: onPatch, times: 1, alter: page(200)},
		{name: "page with 400", scene: changing, match: onPatch, times: 1, alter: page(400)},
		{name: "page with 404", scene: changing, match: onPatch, times: 1, alter: page(404)},
		{name: "page with 429", scene: changing, match: onPatch, times: 1, alter: page(429)},
		{name: "pages with 429", scene: changing, match: onPatch, times: always, alter: page(429)},
		{name: "redirect to the stranger", scene: changing, match: onPatch, times: 1, alter: these(redirectToStranger)},
		{name: "switching protocols", scene: changing, match: onPatch, times: 1, alter: as(acctest.Switched(time.Second)), hasty: true},
		{name: "not modified", scene: changing, match: onPatch, times: 1, alter: all(status(304), body(""))},
		{name: "answer lost", scene: changing, match: onPatch, times: 1, alter: as(acctest.Lost())},
		{name: "answers lost", scene: changing, match: onPatch, times: always, alter: as(acctest.Lost())},
		{name: "database is locked", scene: changing, match: onPatch, times: 1, instead: true, alter: kratosError(500, "database is locked")},
		{name: "refusal of another request", scene: changing, match: onPatch, times: 1, alter: kratosError(400, "I[#/traits/nobody] S[#/x] no"), says: texts{"Trait refused by the identity schema"}},
	})
}

// Whatever answers the setting of a credential, the credential is set in the end, and once.
func TestAccHostile_put(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "another identity", scene: settingPassword, match: onPut, times: 1, alter: these(strangersBody), cli: true, says: texts{wrong, "The next apply tries this again"}},
		{name: "another identity before", scene: settingPassword, match: second(onGet), times: 1, alter: these(strangersBody), says: texts{wrong}},
		{name: "another identity before each", scene: settingPassword, match: second(onGet), times: always, alter: these(strangersBody), says: texts{wrong}},
		{name: "empty body", scene: settingPassword, match: onPut, times: 1, alter: body(""), says: texts{notKratos, "The next apply tries this again"}},
		{name: "page with 200", scene: settingPassword, match: onPut, times: 1, alter: page(200)},
		{name: "page with 403", scene: settingPassword, match: onPut, times: 1, alter: page(403)},
		{name: "echo of the password", scene: settingPassword, match: onPut, times: always, alter: as(acctest.WithStatus(400), echo), says: texts{notKratos}},
		{name: "answer lost", scene: settingPassword, match: onPut, times: 1, alter: as(acctest.Lost())},
		{name: "no answer", scene: settingPassword, match: onPut, times: 1, alter: as(acctest.Stalled(time.Minute)), hasty: true},
		{name: "link: another identity", scene: linking, match: onPut, times: 1, alter: these(strangersBody), says: texts{wrong}},
		{name: "link: answer lost", scene: linking, match: onPut, times: 1, alter: as(acctest.Lost())},
		{name: "link: page with 502", scene: linking, match: onPut, times: 1, alter: page(502)},
		{name: "link: page with 409", scene: linking, match: onPut, times: 1, alter: page(409)},
		{name: "link: redirect to the stranger", scene: linking, match: onPut, times: 1, alter: these(redirectToStranger), says: texts{"a redirect to another path"}},
	})
}

// Whatever answers a delete, nobody is forgotten who is still there.
func TestAccHostile_delete(t *testing.T) {
	t.Parallel()
	run(t, []row{
		{name: "page with 404, and nothing done", scene: deleting, match: onDelete, times: always, instead: true, alter: page(404), cli: true, says: texts{notKratos}},
		{name: "404 of a gateway, and nothing done", scene: deleting, match: onDelete, times: always, instead: true, alter: all(status(404), body(`{"error":{"code":404,"message":"no route"}}`)), says: texts{notKratos}},
		{name: "page with 200, and nothing done", scene: deleting, match: onDelete, times: always, instead: true, alter: page(200), says: texts{notKratos}},
		{name: "identity with 200, and nothing done", scene: deleting, match: onDelete, times: always, instead: true, alter: these(strangersBody), says: texts{notKratos}},
		{name: "empty 200, and nothing done", scene: deleting, match: onDelete, times: always, instead: true, alter: body(""), says: texts{notKratos}},
		{name: "accepted", scene: deleting, match: onDelete, times: 1, alter: all(status(202), body("{}"))},
		{name: "page with 502", scene: deleting, match: onDelete, times: 1, alter: page(502)},
		{name: "answer lost", scene: deleting, match: onDelete, times: 1, alter: as(acctest.Lost())},
		{name: "answers lost", scene: deleting, match: onDelete, times: always, alter: as(acctest.Lost())},
		{name: "redirect to the stranger", scene: deleting, match: onDelete, times: 1, instead: true, alter: these(redirectToStranger), says: texts{"a redirect to another path"}},
		{name: "deactivation: another identity, inactive", scene: deactivating, match: second(onGet), times: 1, alter: all(these(strangersBody), member("state", "inactive")), says: texts{wrong}},
		{name: "deactivation: inactive stranger patched", scene: deactivating, match: onPatch, times: always, instead: true, alter: all(these(strangersBody), member("state", "inactive")), says: texts{wrong}},
		{name: "deactivation: still active", scene: deactivating, match: onPatch, times: always, instead: true, alter: these(itself), says: texts{"still has the state", "is still active"}},
		{name: "deactivation: page with 200", scene: deactivating, match: onPatch, times: always, instead: true, alter: page(200), says: texts{notKratos}},
		{name: "deactivation: answer lost", scene: deactivating, match: onPatch, times: 1, alter: as(acctest.Lost())},
		{name: "link: page with 404, and nothing done", scene: unlinking, match: onUnlink, times: always, instead: true, alter: page(404), says: texts{notKratos}},
		{name: "link: page with 200, and nothing done", scene: unlinking, match: onUnlink, times: always, instead: true, alter: page(200), says: texts{notKratos}},
		{name: "link: empty 200, and nothing done", scene: unlinking, match: onUnlink, times: always, instead: true, alter: body(""), says: texts{notKratos}},
		{name: "link: answer lost", scene: unlinking, match: onUnlink, times: 1, alter: as(acctest.Lost())},
		{name: "link: another identity before", scene: unlinking, match: second(onGet), times: always, alter: these(strangersBody), says: texts{wrong}},
	})
}
