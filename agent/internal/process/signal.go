// Signal: a word to a running command.

package process

import (
	"context"
	"fmt"
	"syscall"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxSignal is the last real-time signal of Linux, signal(7).
const maxSignal = 64

// Signal reaches the process group of a command, or its whole tree.
func (s *Service) Signal(_ context.Context, request *connect.Request[agentv1.SignalRequest]) (*connect.Response[agentv1.SignalResponse], error) {
	number := request.Msg.GetSignal()
	if number < 1 || number > maxSignal {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("signal %d is not one of 1 to %d", number, maxSignal))
	}
	delivered := false
	if command := s.running.find(request.Msg.GetProcessId()); command != nil {
		delivered = command.signal(syscall.Signal(number), request.Msg.GetTree())
	}
	return connect.NewResponse(&agentv1.SignalResponse{Delivered: delivered}), nil
}

func (c *command) signal(sig syscall.Signal, wholeTree bool) bool {
	if wholeTree {
		return c.SignalTree(sig) == nil
	}
	return c.SignalGroup(sig)
}
