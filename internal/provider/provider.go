// Package provider is the Terraform provider for Ory: its configuration and what it offers.
package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/bulk"
	"github.com/d66889dc/terraform-provider-ory/internal/identity/query"
	"github.com/d66889dc/terraform-provider-ory/internal/passwordhash"
	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/recovery"
	"github.com/d66889dc/terraform-provider-ory/internal/schema"
	"github.com/d66889dc/terraform-provider-ory/internal/session"
)

// Address is the provider's address in the Terraform registry.
const Address = "registry.terraform.io/d66889dc/ory"

var (
	_ protocol.DirectProvider                 = (*oryProvider)(nil)
	_ provider.ProviderWithListResources      = (*oryProvider)(nil)
	_ provider.ProviderWithActions            = (*oryProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*oryProvider)(nil)
	_ provider.ProviderWithFunctions          = (*oryProvider)(nil)
)

type oryProvider struct {
	version string
	data    atomic.Pointer[base.Data] // from the last Configure
}

// New returns a function that makes the provider with the given version ("dev" outside releases).
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &oryProvider{version: version} }
}

// Metadata implements provider.Provider.
func (p *oryProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ory"
	resp.Version = p.version
}

// Schema implements provider.Provider.
func (p *oryProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Resources implements provider.Provider.
func (p *oryProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		identity.NewResource,
		identity.NewMetadataResource,
		bulk.NewResource,
		recovery.NewCodeResource,
		recovery.NewLinkResource,
	}
}

// DirectResources implements protocol.DirectProvider.
func (p *oryProvider) DirectResources() map[string]func() protocol.DirectResource {
	return map[string]func() protocol.DirectResource{"ory_identity": identity.NewDirectResource}
}

// ResourceData implements protocol.DirectProvider.
func (p *oryProvider) ResourceData() any {
	if data := p.data.Load(); data != nil {
		return data
	}
	return nil
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *oryProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{recovery.NewEphemeralCode, recovery.NewEphemeralLink}
}

// DataSources implements provider.Provider.
func (p *oryProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		query.NewDataSource,
		query.NewPluralDataSource,
		schema.NewSchema,
		schema.NewSchemas,
		session.NewDataSource,
	}
}

// ListResources implements provider.ProviderWithListResources.
func (p *oryProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{query.NewListResource}
}

// Actions implements provider.ProviderWithActions.
func (p *oryProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		session.NewRevokeAction,
		credential.NewDeleteAction,
		recovery.NewSendRecoveryAction,
		recovery.NewSendVerificationAction,
	}
}

// Functions implements provider.ProviderWithFunctions.
func (p *oryProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		passwordhash.NewFunction,
		schema.NewIdentifiersFunction,
		schema.NewValidateTraitsFunction,
	}
}
