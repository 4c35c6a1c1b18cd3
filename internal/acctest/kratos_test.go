package acctest_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccKratos_shared(t *testing.T) {
	t.Parallel()
	if first, second := acctest.Kratos(t), acctest.Kratos(t); first != second {
		t.Errorf("two servers in one package: %v and %v", first, second)
	}
}

func TestAccAdmin_identity(t *testing.T) {
	t.Parallel()
	servers := map[string]*acctest.Server{
		"shared": acctest.Kratos(t),
		"memory": acctest.Kratos(t, acctest.Options{Memory: true}),
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			livesOnce(t, acctest.AdminOf(server))
		})
	}
}

func livesOnce(t *testing.T, admin acctest.Admin) {
	t.Helper()
	username := acctest.RandomName()
	id := admin.CreateIdentity(t, map[string]any{
		"schema_id":       kratostest.SchemaUsername,
		"traits":          map[string]any{"username": username, "balance": json.Number("9007199254740993")},
		"metadata_public": map[string]any{"team": "engines", "gone": true},
		"credentials":     map[string]any{"password": map[string]any{"config": map[string]any{"password": "correct horse"}}},
	})
	if found := admin.FindByIdentifier(t, username); !reflect.DeepEqual(found, []string{id}) {
		t.Errorf("found %v by identifier, want %s", found, id)
	}

	admin.PatchIdentity(t, id,
		acctest.Operation{Op: "replace", Path: "/metadata_public/team", Value: nil},
		acctest.Operation{Op: "remove", Path: "/metadata_public/gone"})
	identity := admin.GetIdentity(t, id, "password", "code")
	want := map[string]any{"username": username, "balance": json.Number("9007199254740993")}
	if !reflect.DeepEqual(identity["traits"], want) {
		t.Errorf("traits %v, want %v", identity["traits"], want)
	}
	if want := map[string]any{"team": nil}; !reflect.DeepEqual(identity["metadata_public"], want) {
		t.Errorf("metadata %v, want %v", identity["metadata_public"], want)
	}
	credentials, ok := identity["credentials"].(map[string]any)
	if !ok || credentials["password"] == nil {
		t.Errorf("no password among the credentials: %v", identity["credentials"])
	}

	if !admin.Exists(t, id) {
		t.Error("it doesn't exist before it is deleted")
	}
	admin.DeleteIdentity(t, id)
	if admin.Exists(t, id) {
		t.Error("it exists after it was deleted")
	}
}

func TestAccLogin(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	email := acctest.RandomEmail()
	id := acctest.AdminOf(server).CreateIdentity(t, map[string]any{
		"schema_id":   kratostest.SchemaEmail,
		"traits":      map[string]any{"email": email},
		"credentials": map[string]any{"password": map[string]any{"config": map[string]any{"password": "correct horse"}}},
	})
	session, err := acctest.Login(t.Context(), server.PublicURL, email, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := acctest.Whoami(t.Context(), server.PublicURL, session.Token); err != nil || again.IdentityID != id {
		t.Errorf("the token belongs to %+v (%v), want identity %s", again, err, id)
	}
	if _, err := acctest.Login(t.Context(), server.PublicURL, email, "battery staple"); !errors.Is(
		err,
		acctest.ErrBadCredentials,
	) {
		t.Errorf("wrong password: %v, want %v", err, acctest.ErrBadCredentials)
	}
}

func TestRandomEmail_unique(t *testing.T) {
	t.Parallel()
	if first, second := acctest.RandomEmail(), acctest.RandomEmail(); first == second {
		t.Errorf("twice %s", first)
	}
}
