// Package protocol stands between the plugin protocol and the framework's server and lets go of what a call leaves
// behind.
//
// The framework's server keeps a cancel function for each call that it ever served, and with it the call's context:
// loggers, request, connection. That is 10 to 20 kB a call, which a plan of ten thousand resources turns into a
// gigabyte. Here each call gets a context that lets go of all that when the call ends. Cancellation passes through it
// as before.
package protocol

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// providerServer is all that Terraform may call. The parts beside tfprotov6.ProviderServer are optional in the
// protocol: what a server doesn't have, Terraform doesn't see.
type providerServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server has every method written out: one that it inherited would keep its contexts, and a method that is new in the
// protocol must not go unnoticed.
type server struct {
	to     providerServer
	direct *direct
}

var _ providerServer = (*server)(nil)

// NewServer returns the server of a provider. It fails where the framework doesn't serve all that this package passes
// on.
func NewServer(p provider.Provider) (tfprotov6.ProviderServer, error) {
	inner := providerserver.NewProtocol6(p)()
	to, ok := inner.(providerServer)
	if !ok {
		return nil, fmt.Errorf("%T doesn't serve lists, actions and state stores", inner)
	}
	direct, err := newDirect(p)
	if err != nil {
		return nil, err
	}
	return &server{to: to, direct: direct}, nil
}

// during makes a call with a context that is released when the call returns.
func during[Request, Response any](
	ctx context.Context,
	request Request,
	call func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, release := releasable(ctx)
	defer release()
	return call(ctx, request)
}
