package hostile_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// as makes alterations of those that need no world.
func as(alterations ...acctest.Alteration) []alteration {
	all := make([]alteration, 0, len(alterations))
	for _, alter := range alterations {
		all = append(all, func(*world) acctest.Alteration { return alter })
	}
	return all
}

func page(status int) []alteration { return as(acctest.WithPage(status)) }

func status(status int) []alteration { return as(acctest.WithStatus(status)) }

func body(text string) []alteration { return as(acctest.WithBody(text)) }

func member(name string, value any) []alteration { return as(acctest.WithMember(name, value)) }

func text(rewrite func(string) string) []alteration { return as(acctest.WithText(rewrite)) }

func header(name, value string) []alteration { return as(acctest.WithHeader(name, value)) }

// kratosError is an error in the shape of Kratos.
func kratosError(status int, reason string) []alteration {
	body := fmt.Sprintf(`{"error":{"code":%d,"status":%q,"reason":%q,"message":"The request failed"}}`,
		status, http.StatusText(status), reason)
	return as(acctest.WithStatus(status), acctest.WithBody(body))
}

// strangersBody is the stranger in the place of whoever was asked for.
func strangersBody(w *world) acctest.Alteration {
	return acctest.WithBodyOf(w.server.AdminURL + "/admin/identities/" + w.eve.id)
}

// strangersID is the right person with the stranger's id.
func strangersID(w *world) acctest.Alteration { return acctest.WithMember("id", w.eve.id) }

// strangerFirst and strangerLast are a body with two ids, of which decoders take one.
func strangerFirst(w *world) acctest.Alteration {
	return acctest.WithText(func(body string) string { return `{"id":"` + w.eve.id + `",` + body[1:] })
}

func strangerLast(w *world) acctest.Alteration {
	return acctest.WithText(func(body string) string {
		return strings.TrimSuffix(strings.TrimSpace(body), "}") + `,"id":"` + w.eve.id + `"}`
	})
}

// onlyStranger is a list of the stranger alone, as a gateway gives that drops the query.
func onlyStranger(w *world) acctest.Alteration {
	return acctest.WithBodyOf(w.server.AdminURL + "/admin/identities?ids=" + w.eve.id + "&include_credential=code")
}

// withStranger adds the stranger to a list.
func withStranger(w *world) acctest.Alteration {
	return acctest.WithRows(func(rows []any) []any {
		return append(rows, w.admin.GetIdentity(w.T, w.eve.id))
	})
}

// strangersRow puts the stranger's id into the first row, and into the rows of a batch.
func strangersRow(w *world) acctest.Alteration {
	return acctest.WithRows(func(rows []any) []any {
		if row, ok := rows[0].(map[string]any); ok {
			name := "id"
			if row["action"] != nil {
				name = "identity"
			}
			row[name] = w.eve.id
		}
		return rows
	})
}

func rows(rewrite func([]any) []any) []alteration { return as(acctest.WithRows(rewrite)) }

func reversed(rows []any) []any {
	slices.Reverse(rows)
	return rows
}

func doubled(rows []any) []any { return append(rows, rows...) }

func withoutFirst(rows []any) []any { return rows[1:] }

func firstThrice(rows []any) []any { return []any{rows[0], rows[0], rows[0]} }

// swappedIDs exchanges the ids of the first two rows, and nothing else.
func swappedIDs(rows []any) []any {
	a, b := rows[0].(map[string]any), rows[1].(map[string]any)
	name := "id"
	if a["action"] != nil {
		name = "identity"
	}
	a[name], b[name] = b[name], a[name]
	return rows
}

// all concatenates alterations.
func all(alterations ...[]alteration) []alteration { return slices.Concat(alterations...) }

// these makes a list of alterations that need a world.
func these(alterations ...alteration) []alteration { return alterations }
