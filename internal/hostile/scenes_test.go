package hostile_test

import (
	"maps"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// creating makes one person, with a password and metadata.
var creating = scene{prepare: func(w *world) {
	w.declare("ada")
	maps.Copy(w.first(), object{
		"credentials":    object{"password": object{"value": password}},
		"metadata_admin": object{"note": note},
	})
}, after: signsIn(password)}

// creatingMany makes three people where requests are limited, so that they are created by one batch.
var creatingMany = scene{prepare: func(w *world) {
	w.config.provider["requests_per_second"] = 500
	w.declare("ada", "bob", "cid")
}}

// changing refreshes one person and changes a name.
var changing = scene{
	prepare: func(w *world) {
		w.declare("ada")
		w.settle()
	},
	change: func(w *world) { rename(w, "Augusta") },
	after:  isNamed("Augusta"),
}

// changingMany refreshes three people, by one list, and changes the name of the first.
var changingMany = scene{
	prepare: func(w *world) {
		w.declare("ada", "bob", "cid")
		w.settle()
	},
	change: func(w *world) { rename(w, "Augusta") },
	after:  isNamed("Augusta"),
}

func rename(w *world, name string) {
	w.config.resources[w.people[0].address]["traits"] = object{
		"email": w.people[0].email(), "name": object{"first": name, "last": "King"},
	}
}

func isNamed(name string) func(*world) {
	return func(w *world) {
		w.Helper()
		is := w.admin.GetIdentity(w.T, w.people[0].id)["traits"]
		if first, _ := is.(object)["name"].(object)["first"].(string); first != name {
			w.Errorf("the server has the traits %v, want the name %s", is, name)
		}
	}
}

const newPassword = "hostile-new-password-55e0"

// settingPassword changes a password, which takes a PUT.
var settingPassword = scene{
	prepare: func(w *world) {
		creating.prepare(w)
		w.hide(newPassword)
		w.settle()
	},
	change: func(w *world) { w.first()["credentials"] = object{"password": object{"value": newPassword}} },
	after:  signsIn(newPassword),
}

func signsIn(with string) func(*world) {
	return func(w *world) {
		w.Helper()
		if _, err := acctest.Login(w.Context(), w.server.PublicURL, w.people[0].email(), with); err != nil {
			w.Errorf("the password doesn't work: %v", err)
		}
	}
}

// linking adds an account at another provider, which takes a PUT.
var linking = scene{
	prepare: settingPassword.prepare,
	change: func(w *world) {
		w.first()["credentials"] = object{
			"password": object{"value": password},
			"oidc":     []any{object{"provider": "github", "subject": w.people[0].name}},
		}
	},
	after: hasLinks(1),
}

// unlinking drops such an account again.
var unlinking = scene{
	prepare: func(w *world) {
		creating.prepare(w)
		linking.change(w)
		w.settle()
	},
	change: func(w *world) { w.first()["credentials"] = object{"password": object{"value": password}} },
	after:  hasLinks(0),
}

func hasLinks(n int) func(*world) {
	return func(w *world) {
		w.Helper()
		credentials, _ := w.admin.GetIdentity(w.T, w.people[0].id, "oidc")["credentials"].(object)
		oidc, _ := credentials["oidc"].(object)
		if identifiers, _ := oidc["identifiers"].([]any); len(identifiers) != n {
			w.Errorf("the server has the links %v, want %d", identifiers, n)
		}
	}
}

// deleting destroys one person.
var deleting = scene{
	prepare: changing.prepare,
	change:  (*world).remove,
	after: func(w *world) {
		w.Helper()
		if owners := w.admin.FindByIdentifier(w.T, w.people[0].email()); len(owners) > 0 {
			w.Errorf("the server still has %v", owners)
		}
	},
}

// deactivating destroys one person who is to stay, inactive and signed out.
var deactivating = scene{
	prepare: func(w *world) {
		w.declare("ada")
		maps.Copy(w.first(), object{
			"deletion_policy": "deactivate", "revoke_sessions_on": []any{"deactivation"},
			"credentials": object{"password": object{"value": password}},
		})
		w.settle()
		signsIn(password)(w)
	},
	change: (*world).remove,
	after: func(w *world) {
		w.Helper()
		owners := w.admin.FindByIdentifier(w.T, w.people[0].email())
		if len(owners) != 1 || w.admin.GetIdentity(w.T, owners[0])["state"] != "inactive" {
			w.Errorf("%v are not one inactive identity", owners)
		}
	},
}

// deactivatingInPlace makes one person inactive who stays in the configuration.
var deactivatingInPlace = scene{
	prepare: changing.prepare,
	change:  func(w *world) { w.first()["state"] = "inactive" },
	after: func(w *world) {
		w.Helper()
		if is := w.admin.GetIdentity(w.T, w.people[0].id)["state"]; is != "inactive" {
			w.Errorf("the identity is %v", is)
		}
	},
}

// existing makes a person outside Terraform who is then declared.
func existing(w *world) {
	w.declare("ada")
	w.people[0].existed = true
	w.people[0].id = w.admin.CreateIdentity(w.T, object{
		"schema_id": "preset://email", "traits": object{"email": w.people[0].email(), "name": object{"first": "A."}},
	})
}

// importing imports such a person by the login identifier.
var importing = scene{prepare: func(w *world) {
	existing(w)
	w.config.imports[w.people[0].address] = "identifier=" + strings.ToUpper(w.people[0].email())
}, after: isNamed("Ada")}

// adopting takes such a person over at the conflict.
var adopting = scene{prepare: func(w *world) {
	existing(w)
	w.first()["on_conflict"] = "adopt"
}, after: isNamed("Ada")}

// losing is a create whose answer is lost.
var losing = scene{prepare: func(w *world) {
	creating.prepare(w)
	w.proxy.LoseAnswers(1, onCreate)
}, after: signsIn(password)}

// withoutKey makes a person on a server that wants no API key: without secrets in a request, more of an answer may be
// quoted.
func withoutKey(w *world) {
	delete(w.config.provider, "api_key")
	changing.prepare(w)
}

// recoveringBy makes a recovery code or a link.
func recoveringBy(method string) scene {
	return scene{prepare: withoutKey, change: func(w *world) {
		w.config.resources["ory_recovery_"+method+".ada"] = object{"identity_id": w.people[0].id, "expires_in": "1h"}
	}}
}

// recoveringEphemerallyBy makes one that is in no state.
func recoveringEphemerallyBy(method string) scene {
	return scene{prepare: withoutKey, change: func(w *world) {
		w.config.ephemeral["ory_recovery_"+method+".ada"] = object{"identity_id": w.people[0].id, "expires_in": "1h"}
	}}
}

// revoking changes a password and ends the sessions by it.
var revoking = scene{
	prepare: func(w *world) {
		settingPassword.prepare(w)
		w.first()["revoke_sessions_on"] = []any{"password"}
		w.settle()
		signsIn(password)(w)
	},
	change: settingPassword.change,
	after: func(w *world) {
		w.Helper()
		hasSessions(0)(w)
		signsIn(newPassword)(w)
	},
}

func hasSessions(n int) func(*world) {
	return func(w *world) {
		w.Helper()
		if has := w.admin.Sessions(w.T, w.people[0].id); has != n {
			w.Errorf("the server has %d sessions, want %d", has, n)
		}
	}
}

// revokingByAction ends the sessions by the action.
var revokingByAction = scene{
	prepare: func(w *world) {
		settingPassword.prepare(w)
		signsIn(password)(w)
	},
	change: func(w *world) {
		w.config.actions["ory_revoke_sessions.ada"] = object{"identity_id": w.people[0].id}
	},
	after: hasSessions(0),
}

// listingSessions reads the sessions of a person.
var listingSessions = scene{
	prepare: revokingByAction.prepare,
	change: func(w *world) {
		w.config.data["ory_identity_sessions.ada"] = object{"identity_id": w.people[0].id}
	},
	after: hasSessions(1),
}

// listingAll reads all identities.
var listingAll = scene{
	prepare: changing.prepare,
	change:  func(w *world) { w.config.data["ory_identities.all"] = object{"state": "active"} },
}

// listingSchemas reads all schemas, and one of them.
var listingSchemas = scene{
	prepare: func(*world) {},
	change: func(w *world) {
		w.config.data["ory_identity_schemas.all"] = object{}
		w.config.data["ory_identity_schema.email"] = object{"id": "preset://email"}
	},
}
