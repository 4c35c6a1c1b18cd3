package identity

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// An ory_identity and several ory_identity_metadata can own keys of one person, but no two of them the same key. The
// walk records who owns which key: see base.Walk.DeclareKeys.

// Resource types that own keys of metadata.
const (
	typeIdentity = "ory_identity"
	typeMetadata = "ory_identity_metadata"
	typeRows     = "ory_identities"
)

// ownedJSONOf returns what a configured value of metadata owns, nil for nothing.
func ownedJSONOf(config types.Dynamic) *ownedJSON {
	if isNull(config) {
		return nil
	}
	members, ok := members(jsonvalue.Unwrap(config))
	if !ok {
		return &ownedJSON{Whole: true}
	}
	return &ownedJSON{Keys: sortedKeys(members)}
}

func sortedKeys(members map[string]attr.Value) []string { return slices.Sorted(maps.Keys(members)) }

// keys returns what is owned of the member as keys of a walk.
func (o *ownedJSON) keys(member string) []base.Key {
	if o == nil {
		return nil
	}
	if o.Whole {
		return []base.Key{{Member: member, Whole: true}}
	}
	keys := make([]base.Key, len(o.Keys))
	for i, name := range o.Keys {
		keys[i] = base.Key{Member: member, Name: name}
	}
	return keys
}

// leaving returns what is owned, without the keys that another resource of the walk keeps. A resource that gives a key
// up must not remove the key then.
func (o *ownedJSON) leaving(data *base.Data, id, member string) *ownedJSON {
	if o == nil || o.Whole || data == nil {
		return o
	}
	kept := func(name string) bool { return data.Walk.KeepsKey(id, base.Key{Member: member, Name: name}) }
	return &ownedJSON{Keys: slices.DeleteFunc(slices.Clone(o.Keys), kept)}
}

// declareKeys declares to the walk the metadata that this resource configures.
func (o *operation) declareKeys(id string) {
	if o.data == nil {
		return
	}
	for _, d := range []metadata{metadataPublic, metadataAdmin} {
		if keys := d.configuredKeys(o); len(keys) > 0 {
			// What the state shows needs no apply, so that the apply doesn't know of this resource then.
			held := ownedJSONOf(*d.at(&o.state)).keys(d.name)
			addKeyConflict(o.diags, id, o.data.Walk.DeclareKeys(id, typeIdentity, keys, held))
		}
	}
}

// withdrawKeys takes back what declareKeys declared for an identity that this resource replaces.
func (o *operation) withdrawKeys(id string) {
	for _, d := range []metadata{metadataPublic, metadataAdmin} {
		o.data.Walk.WithdrawKeys(id, typeIdentity, d.configuredKeys(o))
	}
}

func (d metadata) configuredKeys(o *operation) []base.Key {
	config := *d.at(&o.config)
	if config.IsUnknown() || config.IsUnderlyingValueUnknown() {
		return nil
	}
	return ownedJSONOf(config).keys(d.name)
}

// addKeyConflict adds an error if this object and another one of the plan own the same metadata.
func addKeyConflict(diags *diag.Diagnostics, id string, conflict *base.KeyConflict) {
	if conflict == nil {
		return
	}
	what := fmt.Sprintf("the key %q", conflict.Key.Name)
	if conflict.Key.Whole {
		what = "all or a part"
	}
	at := path.Root(conflict.Key.Member)
	if conflict.Role == base.Leaves {
		diags.AddAttributeError(at, "Metadata key managed twice", fmt.Sprintf("This object of the Terraform "+
			"state and another object (%s), which will be destroyed, both manage %s of %s of the identity %s. The destroy "+
			"would remove the metadata of this object. To remove the other object from the state without a change of the "+
			"metadata, add a removed block with destroy = false. If the plan shows a deposed object, run terraform state "+
			"rm and import the resource again.", conflict.Owner, what, at, id))
		return
	}
	diags.AddAttributeError(at, "Metadata key managed twice", fmt.Sprintf("This resource and another "+
		"resource of the configuration (%s) both manage %s of %s of the identity %s. Each apply would overwrite the "+
		"values of the other resource. Keep the metadata in one of the two resources. To rename a resource, add a moved "+
		"block. To remove a resource from the Terraform state without a change of the metadata, add a removed block "+
		"with destroy = false.", conflict.Owner, what, at, id))
}
