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

// StoresE164 says whether the server stores traits that are phone numbers in E.164, as versions after v26.2 do. Earlier
// versions store them as they are sent.
func (a Admin) StoresE164(t *testing.T) bool {
	t.Helper()
	number := RandomPhone()
	number = number[:3] + " " + number[3:]
	id := a.CreateIdentity(t, map[string]any{"schema_id": "phone", "traits": map[string]string{"phone": number}})
	defer a.DeleteIdentity(t, id)
	stored, _ := a.GetIdentity(t, id)["traits"].(map[string]any)
	return stored["phone"] != number
}
