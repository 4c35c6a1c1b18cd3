package protocol

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// These calls produce their answers while Terraform reads them, so their contexts last until Terraform stops reading.

func (s *server) ListResource(
	ctx context.Context,
	req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	ctx, release := releasable(ctx)
	stream, err := s.to.ListResource(ctx, req)
	if err != nil || stream == nil || stream.Results == nil {
		release()
		return stream, err
	}
	return &tfprotov6.ListResourceServerStream{Results: then(stream.Results, release)}, nil
}

func (s *server) InvokeAction(
	ctx context.Context,
	req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, release := releasable(ctx)
	stream, err := s.to.InvokeAction(ctx, req)
	if err != nil || stream == nil || stream.Events == nil {
		release()
		return stream, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: then(stream.Events, release)}, nil
}

func (s *server) ReadStateBytes(
	ctx context.Context,
	req *tfprotov6.ReadStateBytesRequest,
) (*tfprotov6.ReadStateBytesStream, error) {
	ctx, release := releasable(ctx)
	stream, err := s.to.ReadStateBytes(ctx, req)
	if err != nil || stream == nil || stream.Chunks == nil {
		release()
		return stream, err
	}
	return &tfprotov6.ReadStateBytesStream{Chunks: then(stream.Chunks, release)}, nil
}

// then runs after when the reader has read seq to its end or has stopped early.
func then[T any](seq iter.Seq[T], after func()) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer after()
		seq(yield)
	}
}
