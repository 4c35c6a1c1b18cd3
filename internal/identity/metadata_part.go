package identity

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// part is metadata_public or metadata_admin of the resource ory_identity_metadata.
type part struct {
	metadata
	of func(*metadataModel) *types.Dynamic
}

var parts = []part{
	{metadataPublic, func(m *metadataModel) *types.Dynamic { return &m.MetadataPublic }},
	{metadataAdmin, func(m *metadataModel) *types.Dynamic { return &m.MetadataAdmin }},
}

func (p part) schema() schema.Attribute {
	description := "Keys of the metadata that the person can see in the session, as an object. The resource does not " +
		"manage a key that is null."
	if p.sensitive {
		description = "Keys of the metadata that only administrators can see, as in `metadata_public`."
	}
	return schema.DynamicAttribute{
		Optional: true, Sensitive: p.sensitive, MarkdownDescription: description,
		Validators: []validator.Dynamic{objectValidator{what: "Metadata", example: `{ roles = ["editor"] }`, null: true}},
	}
}

// owned returns what the resource owns, according to its configuration, plan or state.
func (p part) owned(m *metadataModel) *ownedJSON {
	value := *p.of(m)
	if value.IsUnknown() || value.IsUnderlyingValueUnknown() {
		return nil
	}
	return ownedJSONOf(value)
}

// keys returns the keys that the resource owns of both members.
func (m *metadataModel) keys() []base.Key {
	var keys []base.Key
	for _, p := range parts {
		keys = append(keys, p.owned(m).keys(p.name)...)
	}
	return keys
}

// sameMetadata reports whether the metadata of plan and state have the same meaning.
func (m *metadataModel) sameMetadata(state *metadataModel) bool {
	for _, p := range parts {
		if !jsonvalue.Equal(*p.of(m), *p.of(state)) {
			return false
		}
	}
	return true
}

// refresh sets the keys that the state has to the server's values. Other keys, and a value that isn't an object, are
// somebody else's.
func (p part) refresh(m *metadataModel, identity *kratos.Identity, diags *diag.Diagnostics) {
	prior := *p.of(m)
	if isNull(prior) {
		return
	}
	*p.of(m) = align(path.Root(p.name), prior, p.view(identity, p.owned(m)), diags)
}

// view returns the owned keys of the server's value, null if that isn't an object.
func (p part) view(identity *kratos.Identity, owned *ownedJSON) json.RawMessage {
	raw := p.server(identity)
	if _, isObject := jsonvalue.Plain(raw).(map[string]any); !isObject {
		return nil
	}
	return owned.view(raw)
}

// patch returns the JSON Patch that brings the keys to the plan. The plan of a destroy has no keys.
func (p part) patch(
	plan, state *metadataModel, current *kratos.Identity, data *base.Data, diags *diag.Diagnostics,
) []kratos.PatchOperation {
	at, planned, prior := path.Root(p.name), *p.of(plan), *p.of(state)
	want, _ := jsonvalue.Plain(encodeJSON(at, planned, nil, diags)).(map[string]any)
	have := jsonvalue.Plain(p.server(current))
	if _, isObject := have.(map[string]any); !isObject && len(want) == 0 {
		return nil // none of the keys is there
	} else if !isObject && have != nil {
		diags.AddAttributeError(at, "Metadata is not an object", fmt.Sprintf("On the server, the attribute %s of identity "+
			"%s is not an object, so it cannot have keys. Nothing was changed. Change the value on the server to an "+
			"object or to null, with the tool that manages the value.", at, current.ID))
		return nil
	}
	if want == nil {
		want = map[string]any{}
	}
	leaving := p.owned(state).leaving(data, current.ID, p.name)
	return mergePatch(have, leaving.restrict(plainBefore(at, planned, prior, nil, diags), want), want, "/"+p.name)
}

// differing returns the planned keys that the server has with another value.
func (p part) differing(plan *metadataModel, identity *kratos.Identity) []string {
	planned, _ := members(jsonvalue.Unwrap(*p.of(plan)))
	current, _ := jsonvalue.Plain(p.server(identity)).(map[string]any)
	var names []string
	for _, name := range sortedKeys(planned) {
		has, value := current[name], planned[name]
		if has != nil && !jsonvalue.HasUnknown(value) && !jsonvalue.Matches(value, jsonvalue.EncodePlain(has)) {
			names = append(names, name)
		}
	}
	return names
}
