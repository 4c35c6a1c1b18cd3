package identity_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// api accesses the server with plain HTTP and plain JSON, independently of the provider's client.
type api struct {
	t     *testing.T
	admin acctest.Admin
}

func newAPI(t *testing.T, server *acctest.Server) api {
	t.Helper()
	return api{t: t, admin: acctest.AdminOf(server)}
}

func (a api) Create(body string) string {
	a.t.Helper()
	return a.admin.CreateIdentity(a.t, json.RawMessage(body))
}

func (a api) Get(id string) map[string]any {
	a.t.Helper()
	return a.admin.GetIdentity(a.t, id)
}

func (a api) Patch(id, operations string) {
	a.t.Helper()
	var raw []struct {
		Op, Path string
		Value    json.RawMessage
	}
	if err := json.Unmarshal([]byte(operations), &raw); err != nil {
		a.t.Fatal(err)
	}
	var ops []acctest.Operation
	for _, r := range raw {
		op := acctest.Operation{Op: r.Op, Path: r.Path}
		if r.Value != nil {
			op.Value = r.Value
		}
		ops = append(ops, op)
	}
	a.admin.PatchIdentity(a.t, id, ops...)
}

func (a api) Delete(id string) {
	a.t.Helper()
	a.admin.DeleteIdentity(a.t, id)
}

func (a api) Exists(id string) bool {
	a.t.Helper()
	return a.admin.Exists(a.t, id)
}

// Compare returns an error if the identity on the server differs from want, a JSON object with the relevant members. It
// compares numbers by their exact value, and treats a null member as absent.
func (a api) Compare(id, want string) error {
	a.t.Helper()
	decoder := json.NewDecoder(strings.NewReader(want))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return fmt.Errorf("%w in %s", err, want)
	}
	has := a.Get(id)
	for name, member := range members {
		if got, wanted := plain(has[name]), plain(member); !reflect.DeepEqual(got, wanted) {
			return fmt.Errorf("%s on the server is %v, want %v", name, got, wanted)
		}
	}
	return nil
}

// KnowsExternalID calls [acctest.Admin.KnowsExternalID].
func (a api) KnowsExternalID() bool {
	a.t.Helper()
	return a.admin.KnowsExternalID(a.t)
}

// plain makes decoded JSON comparable: it converts numbers to fractions and removes null members.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		fraction, ok := new(big.Rat).SetString(v.String())
		if !ok {
			return "no number: " + v.String()
		}
		return fraction.RatString()
	case map[string]any:
		object := map[string]any{}
		for name, member := range v {
			if member != nil {
				object[name] = plain(member)
			}
		}
		return object
	case []any:
		array := make([]any, len(v))
		for i := range v {
			array[i] = plain(v[i])
		}
		return array
	}
	return value
}

func (a api) put(id string, body any) {
	a.t.Helper()
	a.admin.UpdateIdentity(a.t, id, body)
}

// unlink removes a link outside Terraform.
func (a api) unlink(id, identifier string) {
	a.t.Helper()
	a.admin.DeleteLink(a.t, id, "oidc", identifier)
}
