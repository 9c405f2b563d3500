// Package disk implements DiskService: the guest's root file system as one tar.
package disk

import (
	"bufio"
	"context"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// chunkBytes is the size of one message: small ones are dear, gigantic ones
// stand in the way of others.
const chunkBytes = 256 << 10

// Service implements agentv1connect.DiskServiceHandler.
type Service struct {
	root string
}

// NewService makes a service that archives what is below root.
func NewService(root string) *Service { return &Service{root: root} }

// Archive sends the archive and, when it is whole, its end.
func (s *Service) Archive(ctx context.Context, _ *connect.Request[agentv1.ArchiveRequest], stream *connect.ServerStream[agentv1.ArchiveResponse]) error {
	mounts, err := readMounts()
	if err != nil {
		return connect.NewError(connect.CodeInternal, err)
	}
	to := bufio.NewWriterSize(&chunks{ctx: ctx, stream: stream}, chunkBytes)
	entries, err := writeArchive(to, s.root, mounts)
	if err != nil {
		return connect.NewError(connect.CodeInternal, err)
	}
	if err := to.Flush(); err != nil {
		return err
	}
	return stream.Send(&agentv1.ArchiveResponse{Message: &agentv1.ArchiveResponse_End{
		End: &agentv1.ArchiveEnd{Entries: entries},
	}})
}

// chunks sends what is written to it.
type chunks struct {
	ctx    context.Context
	stream *connect.ServerStream[agentv1.ArchiveResponse]
}

func (c *chunks) Write(bytes []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	message := &agentv1.ArchiveResponse{Message: &agentv1.ArchiveResponse_Chunk{Chunk: bytes}}
	if err := c.stream.Send(message); err != nil {
		return 0, err
	}
	return len(bytes), nil
}
