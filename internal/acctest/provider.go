package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// ProtoV6ProviderFactories run the provider within the test binary, a new one for every command, as Terraform does.
var ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
	"ory": func() (tfprotov6.ProviderServer, error) { return protocol.NewServer(provider.New("test")()) },
}
