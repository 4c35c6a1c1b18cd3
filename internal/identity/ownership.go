package identity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// Keys of the private state.
const (
	ownedKey    = "owned"    // which optional attributes Terraform set: see owned
	importedKey = "imported" // present from an import until the first apply: no password is sent by that apply
	plannedKey  = "planned"  // the id of the identity that the resource had when it was planned: see declare
)

// owned records which optional attributes the configuration set at the last create or update. What was never set is shown,
// but never touched; what was set and is dropped gets cleared.
type owned struct {
	MetadataPublic *ownedJSON `json:"metadata_public,omitempty"`
	MetadataAdmin  *ownedJSON `json:"metadata_admin,omitempty"`
	State          bool       `json:"state,omitempty"`
	ExternalID     bool       `json:"external_id,omitempty"`
	OrganizationID bool       `json:"organization_id,omitempty"`
	OIDC           []string   `json:"oidc,omitempty"` // identifiers of the links that Terraform added
	SAML           []string   `json:"saml,omitempty"`
	Verified       []string   `json:"verified_addresses,omitempty"` // folded; only those that weren't verified before
}

// links returns the identifiers of the links of a type that Terraform added.
func (o *owned) links(kind string) []string {
	if kind == saml {
		return o.SAML
	}
	return o.OIDC
}

func (o *owned) setLinks(kind string, identifiers []string) {
	slices.Sort(identifiers)
	identifiers = slices.Compact(identifiers)
	if kind == saml {
		o.SAML = identifiers
	} else {
		o.OIDC = identifiers
	}
}

// ownedJSON records what of a JSON value was set: top-level keys of an object, or a value of another kind whole.
type ownedJSON struct {
	Keys  []string `json:"keys,omitempty"`
	Whole bool     `json:"whole,omitempty"`
}

// privateReader and privateWriter are the parts of the framework's private state in use here; its type is internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func loadOwned(ctx context.Context, private privateReader, diags *diag.Diagnostics) owned {
	var o owned
	raw, d := private.GetKey(ctx, ownedKey)
	diags.Append(d...)
	if len(raw) == 0 {
		return o
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		diags.AddError("Reading private state", "The record of what Terraform set on this identity can't be read: "+err.Error()+
			". Remove the resource from the state and import it again.")
	}
	return o
}

func (o owned) save(ctx context.Context, private privateWriter, diags *diag.Diagnostics) {
	raw, err := json.Marshal(o)
	if err != nil {
		diags.AddError("Writing private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, ownedKey, raw)...)
}

// ownedBy is what a configuration owns of an identity that was created with it, given what was saved of it: what a server
// ignored is not owned.
func ownedBy(config, saved model) owned {
	return owned{
		MetadataPublic: ownedJSONBy(config.MetadataPublic),
		MetadataAdmin:  ownedJSONBy(config.MetadataAdmin),
		State:          !config.State.IsNull(),
		ExternalID:     !config.ExternalID.IsNull() && !saved.ExternalID.IsNull(),
		OrganizationID: !config.OrganizationID.IsNull() && !saved.OrganizationID.IsNull(),
		OIDC:           identifiersOf(linksIn(config.OIDC)),
		SAML:           identifiersOf(linksIn(config.SAML)),
	}
}

// withVerified adds the addresses that Terraform verified.
func (o owned) withVerified(addresses []string) owned {
	o.Verified = addresses
	return o
}

func ownedJSONBy(config types.Dynamic) *ownedJSON {
	value := jsonvalue.Unwrap(config)
	if isNull(config) {
		return nil
	}
	members, ok := members(value)
	if !ok {
		return &ownedJSON{Whole: true}
	}
	return &ownedJSON{Keys: slices.Sorted(maps.Keys(members))}
}

// view is what of the server's value belongs in state: all of it where nothing is owned or the value is owned whole, else
// the owned keys. A value that is no object any more is shown as it is, so that the plan can put it right.
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

// members returns the members of an object or a map that aren't null, which is what counts: null means absent.
func members(value attr.Value) (map[string]attr.Value, bool) {
	var all map[string]attr.Value
	switch v := value.(type) {
	case types.Object:
		all = v.Attributes()
	case types.Map:
		all = v.Elements()
	default:
		return nil, false
	}
	present := make(map[string]attr.Value, len(all))
	for name, member := range all {
		if member = jsonvalue.Unwrap(member); !isNull(member) {
			present[name] = member
		}
	}
	return present, !value.IsNull() && !value.IsUnknown()
}

// isNull says whether a value is null, a dynamic one by what it holds.
func isNull(value attr.Value) bool {
	if dynamic, ok := value.(types.Dynamic); ok {
		return dynamic.IsNull() || dynamic.IsUnderlyingValueNull()
	}
	return value == nil || value.IsNull()
}
