// Command unwrapped is the provider on the framework's server as it comes, without internal/protocol: what make bench
// compares the provider's memory with.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

func main() {
	if err := providerserver.Serve(context.Background(), provider.New("unwrapped"), providerserver.ServeOpts{Address: provider.Address}); err != nil {
		log.Fatal(err)
	}
}
