package acctest

import "testing"

// KnowsExternalID says whether the server has external_id and organization_id, which came with v25.4. Versions before
// ignore them in a patch.
func (a Admin) KnowsExternalID(t *testing.T) bool {
	t.Helper()
	traits := map[string]string{"email": RandomEmail()}
	id := a.CreateIdentity(t, map[string]any{"schema_id": "preset://email", "traits": traits})
	defer a.DeleteIdentity(t, id)
	a.PatchIdentity(t, id, Operation{Op: "replace", Path: "/external_id", Value: RandomName()})
	return a.GetIdentity(t, id)["external_id"] != nil
}
