package hostile_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// People can be rows of one resource.
const (
	rowsType    = "ory_identities"
	rowsAddress = rowsType + ".people"
)

// rowAddress stands for a row where other people have an address.
func rowAddress(resource, key string) string { return resource + "[" + key + "]" }

func isRow(address string) bool { return strings.HasSuffix(address, "]") }

func isPerson(address string) bool {
	return isRow(address) || strings.HasPrefix(address, "ory_identity.")
}

// addIDs adds the id of a resource, and those of its rows, which are in a document.
func addIDs(ids map[string]string, address, id, rows string) error {
	ids[address] = id
	if rows == "" {
		return nil
	}
	var byKey map[string]string
	err := json.Unmarshal([]byte(rows), &byKey)
	for key, id := range byKey {
		ids[rowAddress(address, key)] = id
	}
	return err
}

// isConfigured reports whether the configuration has the person.
func (w *world) isConfigured(p person) bool {
	if !isRow(p.address) {
		return w.config.resources[p.address] != nil
	}
	rows, _ := w.config.resources[rowsAddress]["identities"].(string)
	return strings.Contains(rows, p.email())
}

func document(of any) string {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err) // texts and maps always encode
	}
	return string(text)
}

// declareRows configures people as rows of one resource. The first one has a password and metadata.
func (w *world) declareRows(names ...string) {
	for _, name := range names {
		w.people = append(w.people, person{address: rowAddress(rowsAddress, name), name: acctest.RandomName()})
	}
	key := names[0]
	operation := w.timing.operation.String()
	w.config.resources[rowsAddress] = object{
		"schema_id": "preset://email", "passwords_wo": document(object{key: password}), "passwords_wo_version": 1,
		"metadata_admin": document(object{key: object{"note": note}}),
		"timeouts":       object{"create": operation, "read": operation, "update": operation, "delete": operation},
	}
	w.nameRows("Ada")
}

// nameRows writes the rows of everybody. The last one has another first name.
func (w *world) nameRows(name string) {
	rows := object{}
	for i, p := range w.people {
		first := "Ada"
		if i == len(w.people)-1 {
			first = name
		}
		_, key, _ := strings.Cut(strings.TrimSuffix(p.address, "]"), "[")
		rows[key] = object{"traits": object{"email": p.email(), "name": object{"first": first}}}
	}
	w.config.resources[rowsAddress]["identities"] = document(rows)
}

// creatingRows makes three people in one resource.
var creatingRows = scene{prepare: func(w *world) { w.declareRows("ada", "bob", "cid") }, after: signsIn(password)}

// creatingRowsWithoutPassword makes them by a request that isn't given the time to hash passwords.
var creatingRowsWithoutPassword = scene{prepare: func(w *world) {
	creatingRows.prepare(w)
	delete(w.config.resources[rowsAddress], "passwords_wo")
	delete(w.config.resources[rowsAddress], "passwords_wo_version")
}}

// changingRows refreshes three people and changes the name of one.
var changingRows = scene{
	prepare: func(w *world) {
		creatingRows.prepare(w)
		w.settle()
	},
	change: func(w *world) { w.nameRows("Augusta") },
	after: func(w *world) {
		w.Helper()
		last := w.people[len(w.people)-1]
		is := w.admin.GetIdentity(w.T, last.id)["traits"]
		if first, _ := is.(object)["name"].(object)["first"].(string); first != "Augusta" {
			w.Errorf("the server has the traits %v", is)
		}
	},
}

// removingRow removes one person of three, who has no password.
var removingRow = scene{
	prepare: changingRows.prepare,
	change: func(w *world) {
		all := w.people
		i := slices.IndexFunc(all, func(p person) bool { return p.address == rowAddress(rowsAddress, "bob") })
		w.people = slices.Delete(slices.Clone(all), i, i+1)
		w.nameRows("Ada")
		w.people = all
	},
}

// destroyingRows destroys three people.
var destroyingRows = scene{prepare: changingRows.prepare, change: (*world).remove, after: func(w *world) {
	w.Helper()
	for _, p := range w.people {
		if owners := w.admin.FindByIdentifier(w.T, p.email()); len(owners) > 0 {
			w.Errorf("the server still has %v", owners)
		}
	}
}}
