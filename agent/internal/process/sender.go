// The responses of one Exec, sent from several goroutines.

package process

import (
	"sync"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
)

type execStream = connect.BidiStream[agentv1.ExecRequest, agentv1.ExecResponse]

// sender sends one message at a time. A chunk may be reused once its send has
// returned.
type sender struct {
	mu     sync.Mutex
	stream *execStream
}

func (s *sender) send(response *agentv1.ExecResponse) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stream.Send(response)
}

func (s *sender) started(pid int) error {
	return s.send(&agentv1.ExecResponse{Message: &agentv1.ExecResponse_Started{
		Started: &agentv1.ExecStarted{Pid: uint32(pid)},
	}})
}

func (s *sender) stdout(chunk []byte) error {
	return s.send(&agentv1.ExecResponse{Message: &agentv1.ExecResponse_Stdout{Stdout: chunk}})
}

func (s *sender) stderr(chunk []byte) error {
	return s.send(&agentv1.ExecResponse{Message: &agentv1.ExecResponse_Stderr{Stderr: chunk}})
}

func (s *sender) exited(result *agentv1.ExecExited) error {
	return s.send(&agentv1.ExecResponse{Message: &agentv1.ExecResponse_Exited{Exited: result}})
}

// failed answers for a command that never ran.
func (s *sender) failed(f launch.Failure) error {
	if err := s.stderr([]byte(f.Reason)); err != nil {
		return err
	}
	return s.exited(&agentv1.ExecExited{ExitCode: f.Code})
}
