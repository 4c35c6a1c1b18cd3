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
	options := providerserver.ServeOpts{Address: provider.Address}
	if err := providerserver.Serve(context.Background(), provider.New("unwrapped"), options); err != nil {
		log.Fatal(err)
	}
}
