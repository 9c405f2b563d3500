// Shutdown: the orderly end of a guest.

package machine

import (
	"context"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// Shutdown ends all processes, flushes the file systems, answers, and lets the
// agent exit.
func (s *Service) Shutdown(_ context.Context, request *connect.Request[agentv1.ShutdownRequest]) (*connect.Response[agentv1.ShutdownResponse], error) {
	s.options.End(time.Duration(request.Msg.GetGraceMs()) * time.Millisecond)
	unix.Sync()
	// On its own: it waits for the answers under way, and this is one of them.
	go s.options.Stop()
	return connect.NewResponse(&agentv1.ShutdownResponse{}), nil
}
