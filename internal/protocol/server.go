// Package protocol wraps the framework's server and releases the memory of each call when the call ends.
//
// The framework's server keeps a cancel function for each call that it ever served, and with it the call's context:
// loggers, request, connection. That is 10 to 20 kB a call, and a plan of ten thousand resources would keep a gigabyte.
// This package gives each call a context that drops these references when the call ends. Cancellation passes through
// that context unchanged.
package protocol

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// providerServer has all the methods that Terraform may call. The protocol makes the interfaces other than
// tfprotov6.ProviderServer optional: Terraform doesn't see a method that a server doesn't have.
type providerServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server implements every method explicitly: an embedded method would keep its contexts, and a new method of the
// protocol must not go unnoticed.
type server struct {
	to     providerServer
	direct *direct
}

var _ providerServer = (*server)(nil)

// NewServer returns the server of a provider. It fails if the framework's server lacks a method that this package
// passes on.
func NewServer(p provider.Provider) (tfprotov6.ProviderServer, error) {
	inner := providerserver.NewProtocol6(p)()
	to, ok := inner.(providerServer)
	if !ok {
		return nil, fmt.Errorf("%T does not serve lists, actions and state stores", inner)
	}
	direct, err := newDirect(p)
	if err != nil {
		return nil, err
	}
	return &server{to: to, direct: direct}, nil
}

// during makes a call with a context, and releases the context when the call returns.
func during[Request, Response any](
	ctx context.Context,
	request Request,
	call func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, release := releasable(ctx)
	defer release()
	return call(ctx, request)
}
