package identity

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// keyForm is the common part of webauthn and passkey: keys, identified by their ids, and the user handle that the
// authenticators keep with them. Terraform adds its keys to the keys of the person, and removes only keys that it
// added. Keys contain no secrets, so there is no write-only form.
type keyForm struct{ kind string }

// keyObjects returns the keys of a member. known is false if Terraform doesn't know all of them yet.
func keyObjects(member types.Object) (keys []types.Object, known bool) {
	list, _ := member.Attributes()["credentials"].(types.List)
	known = !member.IsUnknown() && !list.IsUnknown()
	for _, element := range list.Elements() {
		key, _ := element.(types.Object)
		known = known && !key.IsUnknown()
		keys = append(keys, key)
	}
	return keys, known
}

func textOf(of types.Object, name string) types.String {
	value, _ := of.Attributes()[name].(types.String)
	return value
}

func keyID(key types.Object) string { return textOf(key, "id").ValueString() }

// findKey returns the key with this id, null if there is none.
func findKey(keys []types.Object, id string) types.Object {
	if i := slices.IndexFunc(keys, func(key types.Object) bool { return keyID(key) == id }); i >= 0 {
		return keys[i]
	}
	return types.Object{}
}

func keyIDs(member types.Object) []string {
	keys, _ := keyObjects(member)
	ids := make([]string, 0, len(keys))
	for _, key := range keys {
		ids = append(ids, keyID(key))
	}
	return ids
}

// toSend returns the keys that are new or differ from the state. If the person has removed a key that the state has, a
// change of another key doesn't send it again.
func (keyForm) toSend(configured, before types.Object) []types.Object {
	keys, _ := keyObjects(configured)
	prior, _ := keyObjects(before)
	return slices.DeleteFunc(slices.Clone(keys), func(key types.Object) bool {
		old := findKey(prior, keyID(key))
		return !old.IsNull() && key.Equal(old)
	})
}

func (f keyForm) changed(now, before types.Object) (string, bool) {
	_, known := keyObjects(now)
	handle := textOf(now, "user_handle")
	switch {
	case !known || len(f.toSend(now, before)) > 0:
		return "credentials", true
	case !handle.IsNull() && !handle.Equal(textOf(before, "user_handle")):
		return "user_handle", true
	}
	return "", false
}

func (f keyForm) config(configured types.Object) kratos.KeysConfig {
	config := kratos.KeysConfig{UserHandle: textOf(configured, "user_handle").ValueString()}
	keys, _ := keyObjects(configured)
	for _, key := range keys {
		config.Credentials = append(config.Credentials, f.key(key))
	}
	return config
}

func (f keyForm) importInto(credentials *kratos.IdentityCredentials, configured types.Object) {
	imported := &kratos.KeysCredential{Config: f.config(configured)}
	if f.kind == credential.Passkey {
		credentials.Passkey = imported
	} else {
		credentials.WebAuthn = imported
	}
}

// operations adds the keys to the keys of the person. The server finds a passkey by its user handle, which is one of
// the identifiers. The identifiers of webauthn come from the traits.
func (f keyForm) operations(
	_ string, configured, before types.Object, has kratos.Credential,
) ([]kratos.PatchOperation, error) {
	config := f.config(configured)
	identifiers := has.Identifiers
	if handle, _ := decodeBase64(config.UserHandle); f.kind == credential.Passkey &&
		!slices.Contains(identifiers, string(handle)) {
		identifiers = append(slices.Clone(identifiers), string(handle))
	}
	if len(has.Keys) == 0 {
		op, err := kratos.SetCredential(f.kind, identifiers, config)
		return []kratos.PatchOperation{op}, err
	}
	var ops []kratos.PatchOperation
	add := func(op, at string, value any) error {
		raw, err := kratos.EncodeJSON(value)
		ops = append(ops, kratos.PatchOperation{Op: op, Path: kratos.CredentialPointer(f.kind, at), Value: raw})
		return err
	}
	for _, key := range f.toSend(configured, before) {
		op, at := kratos.OpAdd, "config/credentials/-"
		if i := slices.IndexFunc(has.Keys, func(k kratos.StoredKey) bool { return k.ID == keyID(key) }); i >= 0 {
			op, at = kratos.OpReplace, fmt.Sprintf("config/credentials/%d", i)
		}
		if err := add(op, at, f.key(key)); err != nil {
			return nil, err
		}
	}
	if len(identifiers) > len(has.Identifiers) {
		if err := add(kratos.OpAdd, "identifiers", identifiers); err != nil {
			return nil, err
		}
	}
	if config.UserHandle != "" {
		return ops, add(kratos.OpAdd, "config/user_handle", config.UserHandle)
	}
	return ops, nil
}

func (f keyForm) marks(configured, before types.Object, earlier []string) []string {
	marks := slices.Clone(earlier)
	for _, key := range f.toSend(configured, before) {
		marks = append(marks, keyID(key))
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

func (keyForm) dropped(marks []string, planned types.Object) []string {
	if _, known := keyObjects(planned); !known {
		return nil
	}
	ids := keyIDs(planned)
	return slices.DeleteFunc(slices.Clone(marks), func(id string) bool { return slices.Contains(ids, id) })
}

func (keyForm) finds(has kratos.Credential, marks []string) bool {
	return slices.ContainsFunc(has.Keys, func(key kratos.StoredKey) bool { return slices.Contains(marks, key.ID) })
}

func (f keyForm) remove(ctx context.Context, c client, id string, has kratos.Credential, marks []string) error {
	_, err := c.PatchIdentity(ctx, id, f.removal(has, marks))
	return err
}

// removal returns the JSON Patch that removes the keys of Terraform. It begins with the last key of the server's array,
// so that no operation shifts the index of another key.
func (f keyForm) removal(has kratos.Credential, marks []string) []kratos.PatchOperation {
	var ops []kratos.PatchOperation
	for i, key := range slices.Backward(has.Keys) {
		if slices.Contains(marks, key.ID) {
			at := kratos.CredentialPointer(f.kind, fmt.Sprintf("config/credentials/%d", i))
			ops = append(ops, kratos.PatchOperation{Op: kratos.OpRemove, Path: at})
		}
	}
	if len(ops) == len(has.Keys) {
		return []kratos.PatchOperation{{Op: kratos.OpRemove, Path: kratos.CredentialPointer(f.kind)}}
	}
	return ops
}

func (keyForm) withPending(planned, before types.Object, marks []string) types.Object {
	if planned.IsNull() {
		return before
	}
	list, _ := planned.Attributes()["credentials"].(types.List)
	elements := list.Elements()
	prior, _ := keyObjects(before)
	for _, id := range marks {
		if key := findKey(prior, id); !key.IsNull() {
			elements = append(elements, key)
		}
	}
	members := planned.Attributes()
	members["credentials"] = types.ListValueMust(list.ElementType(context.Background()), elements)
	return types.ObjectValueMust(planned.AttributeTypes(context.Background()), members)
}

func (f keyForm) check(at path.Path, configured types.Object, diags *diag.Diagnostics) {
	keys, known := keyObjects(configured)
	if known && len(keys) == 0 {
		diags.AddAttributeError(at.AtName("credentials"), "Empty credential", fmt.Sprintf("The attribute %s has no key. "+
			"Add a key, or set %s to null for an identity without this credential.", at.AtName("credentials"), at))
	}
	seen := map[string]bool{}
	for i, key := range keys {
		here := at.AtName("credentials").AtListIndex(i)
		for _, name := range []string{"id", "public_key"} {
			checkBase64(here.AtName(name), textOf(key, name), diags)
		}
		if authenticator, ok := key.Attributes()["authenticator"].(types.Object); ok {
			checkBase64(here.AtName("authenticator").AtName("aaguid"), textOf(authenticator, "aaguid"), diags)
		}
		if id := textOf(key, "id"); !id.IsUnknown() {
			if seen[id.ValueString()] {
				diags.AddAttributeError(here.AtName("id"), "Duplicate key", fmt.Sprintf("The attribute %s has two keys with "+
					"this id. Remove one of them.", at.AtName("credentials")))
			}
			seen[id.ValueString()] = true
		}
	}
	checkBase64(at.AtName("user_handle"), textOf(configured, "user_handle"), diags)
	if handle, ok := decodeBase64(textOf(configured, "user_handle").ValueString()); ok && f.kind == credential.Passkey {
		checkHandle(at.AtName("user_handle"), handle, diags)
	}
}

// decodeBase64 decodes bytes as the API writes them.
func decodeBase64(text string) ([]byte, bool) {
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	return decoded, err == nil
}

func checkBase64(at path.Path, value types.String, diags *diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return
	}
	if decoded, ok := decodeBase64(value.ValueString()); !ok || len(decoded) == 0 {
		diags.AddAttributeError(at, "Value is not base64", fmt.Sprintf("The attribute %s must contain bytes in base64, with "+
			"\"+\" and \"/\" and padding (\"=\"). Browsers use base64url: convert base64url to base64, without a change "+
			"of the bytes.", at))
	}
}

// checkHandle refuses a handle that the server can't find again, because the server stores the handle as text.
func checkHandle(at path.Path, handle []byte, diags *diag.Diagnostics) {
	if utf8.Valid(handle) && !strings.ContainsRune(string(handle), 0) {
		return
	}
	diags.AddAttributeError(at, "User handle is not text", fmt.Sprintf("The attribute %s decodes to bytes that are not "+
		"text in UTF-8. Kratos finds a passkey by the text of its user handle, so nobody could sign in with this "+
		"passkey. The user handle is part of the passkey in the authenticator: the person must register a new "+
		"passkey.", at))
}

// key returns a key in the form of the API. A passkey is always passwordless.
func (f keyForm) key(object types.Object) kratos.Key {
	members := object.Attributes()
	alone, _ := members["is_passwordless"].(types.Bool)
	key := kratos.Key{
		ID: keyID(object), PublicKey: textOf(object, "public_key").ValueString(),
		AttestationType: textOf(object, "attestation_type").ValueString(),
		DisplayName:     textOf(object, "display_name").ValueString(),
		AddedAt:         textOf(object, "added_at").ValueString(),
		IsPasswordless:  alone.ValueBool() || f.kind == credential.Passkey,
	}
	if transport, ok := members["transport"].(types.List); ok {
		key.Transport, _ = listTexts(transport)
	}
	if authenticator, ok := members["authenticator"].(types.Object); ok && !authenticator.IsNull() {
		count, _ := authenticator.Attributes()["sign_count"].(types.Int64)
		key.Authenticator = &kratos.Authenticator{
			AAGUID: textOf(authenticator, "aaguid").ValueString(), SignCount: count.ValueInt64(),
		}
	}
	if flags, ok := members["flags"].(types.Object); ok && !flags.IsNull() {
		set := func(of attr.Value) bool { value, _ := of.(types.Bool); return value.ValueBool() }
		all := flags.Attributes()
		key.Flags = &kratos.KeyFlags{
			UserPresent: set(all["user_present"]), UserVerified: set(all["user_verified"]),
			BackupEligible: set(all["backup_eligible"]), BackupState: set(all["backup_state"]),
		}
	}
	return key
}
