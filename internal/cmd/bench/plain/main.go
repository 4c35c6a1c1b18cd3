// Command plain is a provider for identities as small as one can be: ten flat attributes, JSON strings for traits and
// metadata, and one request per identity and operation. make bench measures the real provider against it.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	ory "github.com/d66889dc/terraform-provider-ory/internal/provider"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return plain{} },
		providerserver.ServeOpts{Address: ory.Address})
	if err != nil {
		log.Fatal(err)
	}
}

// plain is the provider. The environment variable ORY_ADMIN_URL names the server.
type plain struct{}

func (plain) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ory"
}

func (plain) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (plain) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = &client{adminURL: os.Getenv("ORY_ADMIN_URL")}
}

func (plain) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (plain) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &identityResource{} }}
}
