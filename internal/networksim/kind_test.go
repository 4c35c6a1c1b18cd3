package networksim

import "testing"

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		kind         Kind
		bucket       bucket
		exclusive    string
	}{
		{"POST", "/admin/identities", Create, writes, "the project's creates"},
		{"PATCH", "/admin/identities", Batch, writes, "the project's creates"},
		{"GET", "/admin/identities", List, lists, ""},
		{"GET", "/admin/identities/1", Get, gets, ""},
		{"PATCH", "/admin/identities/1", Patch, writes, "/admin/identities/1"},
		{"PUT", "/admin/identities/1", Put, writes, "/admin/identities/1"},
		{"DELETE", "/admin/identities/1", Delete, writes, "/admin/identities/1"},
		{"GET", "/admin/identities/by/external/1", ByExternalID, lists, ""},
		{"DELETE", "/admin/identities/1/credentials/oidc", DeleteCredential, writes, "/admin/identities/1/credentials/oidc"},
		{"GET", "/admin/identities/1/sessions", ListSessions, lists, ""},
		{"DELETE", "/admin/identities/1/sessions", DeleteSessions, writes, "/admin/identities/1/sessions"},
		{"POST", "/admin/recovery/code", Recovery, writes, ""},
		{"POST", "/admin/recovery/link", Recovery, writes, ""},
		{"GET", "/schemas", Schema, lists, ""},
		{"GET", "/schemas/cHJlc2V0", Schema, lists, ""},
		{"GET", "/self-service/login/api", Other, noBucket, ""},
		{"GET", "/admin/health/ready", Other, noBucket, ""},
		{"PUT", "/admin/identities", Other, noBucket, ""},
	} {
		kind := kindOf(test.method, test.path)
		if kind != test.kind || kind.bucket() != test.bucket || kind.exclusive(test.path) != test.exclusive {
			t.Errorf(
				"%s %s: %s, bucket %d, exclusive %q",
				test.method,
				test.path,
				kind,
				kind.bucket(),
				kind.exclusive(test.path),
			)
		}
	}
}
