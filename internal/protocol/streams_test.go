package protocol_test

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/protocol"
)

// A list and an action produce their answers while Terraform reads them, with the values of the call's context.
func TestStreams_keepContext(t *testing.T) {
	t.Parallel()
	server, ok := newServer(t).(interface {
		tfprotov6.ListResourceServer
		tfprotov6.ActionServer
	})
	if !ok {
		t.Fatal("the server has no lists and actions")
	}
	ctx := context.WithValue(t.Context(), contextKey{}, "logger")
	empty := dynamic(t, tftypes.Object{}, map[string]tftypes.Value{})

	list, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: "test_thing", Config: empty, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	results := read(list.Results)
	if len(results) != 2 {
		t.Fatalf("listed %v, want two results", results)
	}
	for _, result := range results {
		if result.DisplayName != "logger" {
			t.Errorf("result %+v was made without its context", result)
		}
	}

	invoked, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: "test_show", Config: empty})
	if err != nil {
		t.Fatal(err)
	}
	events := read(invoked.Events)
	if len(events) != 2 {
		t.Fatalf("events %v, want progress and completion", events)
	}
	if progress, ok := events[0].Type.(tfprotov6.ProgressInvokeActionEventType); !ok || progress.Message != "logger" {
		t.Errorf("first event %+v, want progress with the context's value", events[0])
	}
}

// A reader that stops early ends the stream, and the stream releases its context.
func TestStreams_stopEarly(t *testing.T) {
	t.Parallel()
	server, ok := newServer(t).(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server has no lists")
	}
	held := leaveList(t, server)
	runtime.GC()
	if held.Value() != nil {
		t.Error("the stream's context is still held")
	}
	runtime.KeepAlive(server)
}

// leaveList reads only the first of two results.
func leaveList(t *testing.T, server tfprotov6.ListResourceServer) weak.Pointer[load] {
	t.Helper()
	content := &load{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, content))
	defer cancel()
	list, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: "test_thing", Config: dynamic(t, tftypes.Object{}, map[string]tftypes.Value{}), Limit: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for range list.Results {
		count++
		break
	}
	if count != 1 {
		t.Errorf("read %d results before leaving, want 1", count)
	}
	return weak.Make(content)
}

// Terraform stops a provider on Ctrl-C: the context of a running call ends, and later calls still run.
func TestServer_stop(t *testing.T) {
	t.Parallel()
	reading := make(chan struct{})
	server, err := protocol.NewServer(&testProvider{reading: reading})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		answers := make(chan *tfprotov6.ReadResourceResponse)
		go func() {
			schema := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
			state := dynamic(t, schema, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, "x")})
			answer, err := server.ReadResource(
				t.Context(),
				&tfprotov6.ReadResourceRequest{TypeName: "test_thing", CurrentState: state},
			)
			if err != nil {
				t.Error(err)
			}
			answers <- answer
		}()
		<-reading
		if _, err := server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
			t.Fatal(err)
		}
		answer := <-answers
		if len(answer.Diagnostics) == 0 || answer.Diagnostics[0].Detail != context.Canceled.Error() {
			t.Errorf("the read ended with %+v, want it interrupted", answer.Diagnostics)
		}
	}
}

func dynamic(t *testing.T, typ tftypes.Type, value map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, value))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}
