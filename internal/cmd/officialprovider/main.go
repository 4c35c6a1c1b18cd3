// Command officialprovider replaces the official provider, ory/ory, in tests of the migration: it only writes a state
// of the same shape from a real Kratos.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return standIn{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/ory/ory"})
	if err != nil {
		log.Fatal(err)
	}
}

// standIn is the provider. It finds Kratos by ORY_ADMIN_URL.
type standIn struct{}

func (standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ory"
}

// The official provider has more arguments. These are the two that its documentation requires for identities.
func (standIn) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"project_slug":    schema.StringAttribute{Optional: true},
		"project_api_key": schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

func (standIn) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = os.Getenv("ORY_ADMIN_URL")
}

func (standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (standIn) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &identity{} }}
}
