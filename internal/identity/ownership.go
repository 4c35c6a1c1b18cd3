package identity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// Keys of the private state.
const (
	ownedKey     = "owned"     // the optional attributes that Terraform set: see owned
	importedKey  = "imported"  // set from an import until the first apply, which sends no credential
	plannedKey   = "planned"   // the id of the identity that the resource had at its plan: see declare
	departureKey = "departure" // in the plan of a destroy: whether the destroy keeps the identity: see departure
	unrevokedKey = "unrevoked" // the changes after which revoking the sessions failed: see unrevoked
)

// PrivateKeys implements protocol.DirectResource.
func (*identityResource) PrivateKeys() []string {
	return []string{ownedKey, importedKey, plannedKey, departureKey, unrevokedKey}
}

// owned records which optional attributes the configuration set at the last create or update. The provider shows an
// attribute that was never set, but doesn't change it. It clears an attribute that was set and is now dropped.
type owned struct {
	Scalars  []string             `json:"scalars,omitempty"`            // names of attributes
	Metadata map[string]ownedJSON `json:"metadata,omitempty"`           // by name of the attribute
	Links    map[string][]string  `json:"links,omitempty"`              // identifiers that Terraform added, by type
	Factors  map[string][]string  `json:"factors,omitempty"`            // marks of what Terraform set, by type
	Verified []string             `json:"verified_addresses,omitempty"` // folded; only those that Terraform verified
}

func (o *owned) isEmpty() bool {
	return len(o.Scalars)+len(o.Metadata)+len(o.Links)+len(o.Factors)+len(o.Verified) == 0
}

func (o *owned) setScalar(name string, owns bool) {
	o.Scalars = slices.DeleteFunc(slices.Clone(o.Scalars), func(other string) bool { return other == name })
	if owns {
		o.Scalars = append(o.Scalars, name)
	}
}

// setMetadata records the owned part of metadata_public or metadata_admin, nil if Terraform owns nothing of it.
func (o *owned) setMetadata(name string, metadata *ownedJSON) {
	if metadata == nil {
		return
	}
	if o.Metadata == nil {
		o.Metadata = map[string]ownedJSON{}
	}
	o.Metadata[name] = *metadata
}

// metadata returns the owned part of metadata_public or metadata_admin, nil if Terraform owns nothing of it.
func (o *owned) metadata(name string) *ownedJSON {
	if metadata, ok := o.Metadata[name]; ok {
		return &metadata
	}
	return nil
}

func (o *owned) setLinks(kind string, identifiers []string) {
	o.Links = withKind(o.Links, kind, identifiers)
}

func (o *owned) setFactor(kind string, marks []string) { o.Factors = withKind(o.Factors, kind, marks) }

// withKind returns a copy of the lists by type of credential in which one type has another list.
func withKind(lists map[string][]string, kind string, list []string) map[string][]string {
	slices.Sort(list)
	changed := map[string][]string{}
	maps.Copy(changed, lists)
	changed[kind] = slices.Compact(list)
	if len(list) == 0 {
		delete(changed, kind)
	}
	return changed
}

// ownedBy returns what a configuration owns of an identity. saved is the model after the requests: Terraform doesn't
// own an attribute that the server ignored.
func ownedBy(config, saved *model) owned {
	var o owned
	for _, a := range managed {
		a.own(config, saved, &o)
	}
	return o
}

func loadOwned(ctx context.Context, private base.PrivateReader, diags *diag.Diagnostics) owned {
	var o owned
	raw, d := private.GetKey(ctx, ownedKey)
	diags.Append(d...)
	if len(raw) == 0 {
		return o
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		diags.AddError("Private state cannot be read", "The record of what Terraform set on this identity cannot be read: "+
			err.Error()+". Remove the resource from the state and import it again.")
	}
	return o
}

func (o owned) save(ctx context.Context, private base.PrivateWriter, diags *diag.Diagnostics) {
	raw, err := json.Marshal(o)
	if err != nil {
		diags.AddError("Provider defect", "The record of what Terraform set on this identity cannot be written: "+
			err.Error()+". Please report this to the provider's developers.")
		return
	}
	diags.Append(private.SetKey(ctx, ownedKey, raw)...)
}

func isImported(ctx context.Context, private base.PrivateReader, diags *diag.Diagnostics) bool {
	raw, d := private.GetKey(ctx, importedKey)
	diags.Append(d...)
	return len(raw) > 0
}
