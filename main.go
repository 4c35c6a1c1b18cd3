// Command terraform-provider-ory is the Terraform provider for identities on Ory Kratos and Ory Network.
package main

import (
	"flag"
	"log"
	"os"
	runtimedebug "runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
	"github.com/d66889dc/terraform-provider-ory/internal/provider"
)

// version is set by the release build.
var version = "dev"

// gcPercent is the growth of the heap, in percent, at which Go collects garbage. A plan makes much garbage and keeps
// little: with Go's default of 100 the collector takes a quarter of the provider's CPU time. With a higher value the
// provider needs more than 60 MB for a plan of ten thousand identities.
const gcPercent = 150

func main() {
	if os.Getenv("GOGC") == "" {
		runtimedebug.SetGCPercent(gcPercent)
	}
	debug := flag.Bool("debug", false, "print TF_REATTACH_PROVIDERS and wait for Terraform to attach, as in a debugger")
	address := flag.String("address", provider.Address,
		"with -debug: the provider's address, which for OpenTofu begins with registry.opentofu.org")
	flag.Parse()

	server, err := protocol.NewServer(provider.New(version)())
	if err != nil {
		log.Fatal(err)
	}
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	} else if err := provider.LimitLogs(); err != nil {
		log.Fatal(err)
	}
	serve := func() tfprotov6.ProviderServer { return server }
	if err := tf6server.Serve(*address, serve, options...); err != nil {
		log.Fatal(err)
	}
}
