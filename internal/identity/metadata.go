package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonpatch"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// metadata is metadata_public or metadata_admin. If the value is an object, Terraform owns the configured top-level
// keys. Terraform owns any other value as a whole.
type metadata struct {
	unmanaged
	name        string // of the attribute and of the member in the API
	description string
	sensitive   bool
	at          func(*model) *types.Dynamic
	body        func(*kratos.CreateIdentityBody) *json.RawMessage
	server      func(*kratos.Identity) json.RawMessage
}

var (
	metadataPublic = metadata{
		name: "metadata_public",
		description: "Metadata that the person can see in the session: any JSON value except a number. Terraform manages " +
			"the top-level keys that an object has, and does not show or change other keys.",
		at:     func(m *model) *types.Dynamic { return &m.MetadataPublic },
		body:   func(b *kratos.CreateIdentityBody) *json.RawMessage { return &b.MetadataPublic },
		server: func(i *kratos.Identity) json.RawMessage { return i.MetadataPublic },
	}
	metadataAdmin = metadata{
		name:        "metadata_admin",
		description: "Metadata that only administrators can see. The same rules apply as for `metadata_public`.",
		sensitive:   true,
		at:          func(m *model) *types.Dynamic { return &m.MetadataAdmin },
		body:        func(b *kratos.CreateIdentityBody) *json.RawMessage { return &b.MetadataAdmin },
		server:      func(i *kratos.Identity) json.RawMessage { return i.MetadataAdmin },
	}
)

func (d metadata) schema() map[string]schema.Attribute {
	return map[string]schema.Attribute{d.name: schema.DynamicAttribute{
		Optional: true, Computed: true, Sensitive: d.sensitive, MarkdownDescription: d.description,
		Validators: []validator.Dynamic{metadataValidator{}},
	}}
}

func (d metadata) fields() []field { return []field{fieldOf(d.name, types.DynamicType, d.at)} }

func (d metadata) plan(o *operation) {
	if !isNull(*d.at(&o.config)) {
		return
	}
	switch planned := d.at(&o.plan); {
	case o.creating:
		*planned = types.DynamicUnknown()
	case o.owned.metadata(d.name) != nil:
		*planned = types.DynamicNull()
	default:
		*planned = *d.at(&o.state)
	}
}

// effect returns hidden if the configuration drops metadata that Terraform set and the apply sends nothing: see
// scalar.effect.
func (d metadata) effect(o *operation) effect {
	owns := o.owned.metadata(d.name)
	switch {
	case !sameMetadata(*d.at(&o.plan), *d.at(&o.state), owns):
		return patched
	case owns != nil && isNull(*d.at(&o.config)):
		return hidden
	}
	return unchanged
}

// sameMetadata compares planned metadata with the state. While Terraform owns nothing of the metadata, as after an
// import, the state shows the whole value, and the configuration names only the keys that it wants to own.
func sameMetadata(plan, state types.Dynamic, owned *ownedJSON) bool {
	if jsonvalue.Equal(plan, state) {
		return true
	}
	return owned == nil && len(unmanagedKeys(plan, state)) > 0 && keysAgree(plan, state)
}

func keysAgree(plan, state types.Dynamic) bool {
	planned, _ := members(jsonvalue.Unwrap(plan))
	current, _ := members(jsonvalue.Unwrap(state))
	for name, value := range planned {
		if have, ok := current[name]; !ok || !jsonvalue.Equal(value, have) {
			return false
		}
	}
	return true
}

// unmanagedKeys returns the sorted keys of the state's object that the planned object doesn't have.
func unmanagedKeys(plan, state types.Dynamic) []string {
	planned, ok := members(jsonvalue.Unwrap(plan))
	current, both := members(jsonvalue.Unwrap(state))
	if !ok || !both {
		return nil
	}
	maps.DeleteFunc(current, func(name string, _ attr.Value) bool { _, named := planned[name]; return named })
	return sortedKeys(current)
}

// check explains a plan that shows keys of metadata as removed. This happens once, when Terraform starts to manage the
// metadata. The keys leave the state and stay on the server.
func (d metadata) check(_ context.Context, o *operation) {
	plan := *d.at(&o.plan)
	keys := unmanagedKeys(plan, *d.at(&o.state))
	if o.owned.metadata(d.name) != nil || len(keys) == 0 || jsonvalue.HasUnknown(plan) {
		return
	}
	o.diags.AddAttributeWarning(
		path.Root(d.name),
		"Metadata remains on the server",
		fmt.Sprintf("The configuration does not contain these keys of %s, and Terraform never set them: %s. The plan "+
			"shows the keys as removed, because Terraform removes them from the state. On the server, the keys are "+
			"unchanged.", d.name, strings.Join(keys, ", ")),
	)
}

func (d metadata) create(_ context.Context, o *operation, body *kratos.CreateIdentityBody) {
	*d.body(body) = encodeJSON(path.Root(d.name), *d.at(&o.plan), nil, o.diags)
}

func (d metadata) isOurs(_ *operation, body kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	return jsonvalue.EqualJSON(*d.body(&body), d.server(identity))
}

// patch keeps every key that is neither configured nor owned.
func (d metadata) patch(o *operation, current *kratos.Identity) []kratos.PatchOperation {
	plan, state, owns := *d.at(&o.plan), *d.at(&o.state), o.owned.metadata(d.name)
	if plan.IsUnknown() || sameMetadata(plan, state, owns) {
		return nil
	}
	at, pointer := path.Root(d.name), "/"+d.name
	have := jsonvalue.Plain(d.server(current))
	want := jsonvalue.Plain(encodeJSON(at, plan, nil, o.diags))
	owns = owns.leaving(o.data, current.ID, d.name)
	if want == nil {
		return jsonpatch.Diff(have, owns.without(have), pointer)
	}
	return mergePatch(have, owns.restrict(plainBefore(at, plan, state, nil, o.diags), want), want, pointer)
}

// mergePatch returns the JSON Patch that makes the changes from before to want on what the server has.
func mergePatch(have, before, want any, pointer string) []kratos.PatchOperation {
	return jsonpatch.Diff(
		have,
		jsonpatch.Merge(jsonpatch.Respell(before, have), jsonpatch.Respell(want, have), have),
		pointer,
	)
}

func (d metadata) own(config, _ *model, owned *owned) {
	owned.setMetadata(d.name, ownedJSONOf(*d.at(config)))
}

func (d metadata) refresh(m *model, identity *kratos.Identity, owned *owned, diags *diag.Diagnostics) {
	*d.at(m) = align(path.Root(d.name), *d.at(m), owned.metadata(d.name).view(d.server(identity)), diags)
}

func (d metadata) resolve(m *model, identity *kratos.Identity, diags *diag.Diagnostics) {
	if d.at(m).IsUnknown() {
		*d.at(m) = align(path.Root(d.name), types.DynamicNull(), d.server(identity), diags)
	}
}

// ownedJSON records what Terraform set of a JSON value: the top-level keys of an object, or a value of another kind as
// a whole.
type ownedJSON struct {
	Keys  []string `json:"keys,omitempty"`
	Whole bool     `json:"whole,omitempty"`
}

// view returns the part of the server's value that belongs in the state: the owned keys of an object, or the whole
// value if Terraform owns nothing of it or owns it as a whole. A value that is no longer an object is returned as it
// is, so that the next plan corrects it.
func (o *ownedJSON) view(raw json.RawMessage) json.RawMessage {
	if o == nil || o.Whole {
		return raw
	}
	object, ok := jsonvalue.Plain(raw).(map[string]any)
	if !ok {
		return raw
	}
	maps.DeleteFunc(object, func(key string, _ any) bool { return !slices.Contains(o.Keys, key) })
	return jsonvalue.EncodePlain(object)
}

// restrict removes from an object every key that is neither owned nor wanted, so that no other key counts as dropped.
func (o *ownedJSON) restrict(value, want any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	wanted, _ := want.(map[string]any)
	restricted := map[string]any{}
	for key, member := range object {
		if _, isWanted := wanted[key]; isWanted || o.owns(key) {
			restricted[key] = member
		}
	}
	return restricted
}

func (o *ownedJSON) owns(key string) bool {
	if o == nil {
		return false
	}
	return o.Whole || slices.Contains(o.Keys, key)
}

// without returns the server's value without the part that Terraform owns, or null if nothing remains.
func (o *ownedJSON) without(have any) any {
	object, ok := have.(map[string]any)
	if !ok || o == nil || o.Whole {
		return nil
	}
	remaining := map[string]any{}
	for key, member := range object {
		if !o.owns(key) {
			remaining[key] = member
		}
	}
	if len(remaining) == 0 {
		return nil
	}
	return remaining
}
