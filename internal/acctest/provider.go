package acctest

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// ProtoV6ProviderFactories run the provider within the test binary, a new one for every command, as Terraform does.
var ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
	"ory": func() (tfprotov6.ProviderServer, error) { return protocol.NewServer(provider.New("test")()) },
}

// ProviderConfig is a provider block for a server.
func ProviderConfig(server *Server) string {
	return ProviderConfigURL(server.AdminURL)
}

// ProviderConfigURL is a provider block for the admin API at a URL, such as a Proxy's.
func ProviderConfigURL(adminURL string) string {
	return fmt.Sprintf("provider \"ory\" {\n  admin_url = %q\n}\n", adminURL)
}
