package protocol

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// DirectProvider is a provider that serves some of its resources directly.
type DirectProvider interface {
	provider.Provider

	// DirectResources returns the resources to serve directly, by type name.
	DirectResources() map[string]func() DirectResource

	// ResourceData returns the ResourceData that Configure gave the framework, or nil before Configure.
	ResourceData() any
}

// DirectResource is a resource of the framework whose plan, read and apply calls reach its methods directly, without
// the framework's own walks of the schema. The work of those walks grows with the square of the number of attributes.
// They find defaults, attribute plan modifiers, computed attributes to mark unknown, write-only attributes to set to
// null, and semantic equality. A direct resource does that work itself in ModifyPlan, Create, Read and Update, or has
// no use for it:
//
//   - ModifyPlan gets the proposed new state as Terraform made it, and sets defaults, unknown and write-only values;
//   - no attribute has a Default, plan modifiers or a custom type with semantic equality;
//   - Create, Read and Update leave write-only attributes null, and set the resource identity, which never changes;
//   - no change replaces the resource: RequiresReplace is not passed on;
//   - a nested attribute that is removed or gets another type needs a new schema version: a stored state of the present
//     version is answered as it is.
//
// Such a resource behaves the same under the framework's server.
type DirectResource interface {
	resource.ResourceWithConfigure
	resource.ResourceWithModifyPlan
	resource.ResourceWithIdentity

	// PrivateKeys returns every key that the resource uses in its private state: the framework's type can't be listed.
	PrivateKeys() []string
}

// direct serves the direct resources of one provider.
type direct struct {
	provider DirectProvider
	types    map[string]*directType

	mu      sync.Mutex
	calls   map[int]context.CancelFunc // of the calls under way, which StopProvider ends
	nextKey int
}

// directType holds what all calls of one resource type share.
type directType struct {
	create         func() DirectResource
	schema         schema.Schema
	state          tftypes.Type
	identitySchema identityschema.Schema
	identity       tftypes.Type
	privateKeys    []string
}

func newDirect(p provider.Provider) (*direct, error) {
	d := &direct{types: map[string]*directType{}, calls: map[int]context.CancelFunc{}}
	with, ok := p.(DirectProvider)
	if !ok {
		return d, nil
	}
	d.provider = with
	ctx := context.Background()
	for name, create := range with.DirectResources() {
		r := create()
		var s resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &s)
		var identity resource.IdentitySchemaResponse
		r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identity)
		if s.Diagnostics.HasError() || identity.Diagnostics.HasError() {
			return nil, fmt.Errorf("schema of %s: %v %v", name, s.Diagnostics, identity.Diagnostics)
		}
		d.types[name] = &directType{
			create: create, schema: s.Schema, state: s.Schema.Type().TerraformType(ctx),
			identitySchema: identity.IdentitySchema, identity: identity.IdentitySchema.Type().TerraformType(ctx),
			privateKeys: r.PrivateKeys(),
		}
	}
	return d, nil
}

// begin returns a context for one call. The context ends with the call or with StopProvider.
func (d *direct) begin(ctx context.Context) (call context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.nextKey
	d.nextKey++
	d.calls[key] = cancel
	return ctx, func() {
		d.mu.Lock()
		delete(d.calls, key)
		d.mu.Unlock()
		cancel()
	}
}

// stop ends the contexts of the calls under way.
func (d *direct) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, cancel := range d.calls {
		cancel()
	}
}

// configured returns a new resource with the provider's data, as the framework makes one for each call.
func (d *direct) configured(ctx context.Context, t *directType, diags *diag.Diagnostics) DirectResource {
	r := t.create()
	var resp resource.ConfigureResponse
	r.Configure(ctx, resource.ConfigureRequest{ProviderData: d.provider.ResourceData()}, &resp)
	diags.Append(resp.Diagnostics...)
	return r
}

// decode returns the value of an object of the resource, or null if there is no object.
func (t *directType) decode(value *tfprotov6.DynamicValue, diags *diag.Diagnostics) tftypes.Value {
	return decode(value, t.state, diags)
}

func decode(value *tfprotov6.DynamicValue, as tftypes.Type, diags *diag.Diagnostics) tftypes.Value {
	if value == nil {
		return tftypes.NewValue(as, nil)
	}
	decoded, err := value.Unmarshal(as)
	if err != nil {
		diags.AddError("Provider defect", "Terraform sent a value that does not match the schema: "+err.Error()+
			". Please report this to the provider's developers.")
		return tftypes.NewValue(as, nil)
	}
	return decoded
}

func encode(value tftypes.Value, as tftypes.Type, diags *diag.Diagnostics) *tfprotov6.DynamicValue {
	encoded, err := tfprotov6.NewDynamicValue(as, value)
	if err != nil {
		diags.AddError("Provider defect", "The provider created a value that does not match the schema: "+
			err.Error()+". Please report this to the provider's developers.")
		return nil
	}
	return &encoded
}

// resourceIdentity decodes the resource identity. It returns null if Terraform sent none, as Terraform before 1.12
// does.
func (t *directType) resourceIdentity(
	data *tfprotov6.ResourceIdentityData,
	diags *diag.Diagnostics,
) *tfsdk.ResourceIdentity {
	var value *tfprotov6.DynamicValue
	if data != nil {
		value = data.IdentityData
	}
	return &tfsdk.ResourceIdentity{Schema: t.identitySchema, Raw: decode(value, t.identity, diags)}
}

func (t *directType) identityData(
	identity *tfsdk.ResourceIdentity,
	diags *diag.Diagnostics,
) *tfprotov6.ResourceIdentityData {
	return &tfprotov6.ResourceIdentityData{IdentityData: encode(identity.Raw, t.identity, diags)}
}
