package protocol_test

import (
	"context"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
)

// load stands for the loggers, request and connection that a call's context holds.
type load [1 << 10]byte

// Every method that Terraform may call releases its context. The framework's own server has the same methods and keeps
// most contexts: otherwise the test would prove nothing.
func TestServer_releasesContexts(t *testing.T) {
	t.Parallel()
	wrapped, bare := newServer(t), providerserver.NewProtocol6(&testProvider{})()
	kept := keptBy(t, wrapped)
	if len(kept) > 0 {
		t.Errorf("these calls keep their contexts: %v", kept)
	}
	if kept := keptBy(t, bare); len(kept) < 25 {
		t.Errorf("the framework's server keeps the contexts of %v only: is the wrapper still needed?", kept)
	}
	runtime.KeepAlive(wrapped)
	runtime.KeepAlive(bare)
}

// keptBy calls every method of a server with an empty request, and returns the names of the methods whose contexts are
// still held afterwards.
func keptBy(t *testing.T, server tfprotov6.ProviderServer) []string {
	t.Helper()
	methods := reflect.TypeFor[interface {
		tfprotov6.ProviderServer
		tfprotov6.ListResourceServer
		tfprotov6.ActionServer
		tfprotov6.StateStoreServer
	}]()
	loads := map[string]weak.Pointer[load]{}
	for i := range methods.NumMethod() {
		method := methods.Method(i)
		if method.Name == "StopProvider" {
			continue // a stop releases all earlier calls
		}
		loads[method.Name] = call(t, reflect.ValueOf(server).MethodByName(method.Name))
	}
	runtime.GC()
	var kept []string
	for name, held := range loads {
		if held.Value() != nil {
			kept = append(kept, name)
		}
	}
	slices.Sort(kept)
	return kept
}

// call makes a call with an empty request, reads a streamed answer to its end, and cancels the call's context, as gRPC
// does. The returned pointer reports whether anything still holds the context.
func call(t *testing.T, method reflect.Value) weak.Pointer[load] {
	t.Helper()
	content := &load{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, content))
	defer cancel()
	request := reflect.New(method.Type().In(1).Elem())
	if chunks, ok := request.Interface().(*tfprotov6.WriteStateBytesStream); ok {
		chunks.Chunks = func(func(*tfprotov6.WriteStateBytesChunk, []*tfprotov6.Diagnostic) bool) {}
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(ctx), request})
	switch stream := results[0].Interface().(type) {
	case *tfprotov6.ListResourceServerStream:
		read(stream.Results)
	case *tfprotov6.InvokeActionServerStream:
		read(stream.Events)
	case *tfprotov6.ReadStateBytesStream:
		read(stream.Chunks)
	}
	return weak.Make(content)
}

// read reads a stream to its end.
func read[T any](stream iter.Seq[T]) (all []T) {
	for item := range stream {
		all = append(all, item)
	}
	return all
}

func newServer(t *testing.T) tfprotov6.ProviderServer {
	t.Helper()
	server, err := protocol.NewServer(&testProvider{})
	if err != nil {
		t.Fatal(err)
	}
	return server
}
