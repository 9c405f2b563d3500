// A command that has been started.

package process

import (
	"syscall"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/redact"
)

const (
	// exitTimedOut is that of timeout(1).
	exitTimedOut = 124
	// signalBase is added to the number of a signal by every shell.
	signalBase = 128
)

type command struct {
	*launch.Process
	streams   *streams
	redaction *redact.Set
}

// start fails as launch.Launcher.Start does.
func (s *Service) start(start *agentv1.ExecStart) (*command, error) {
	env, err := s.secrets.Environment(start.GetEnv(), start.GetSecretEnv())
	if err != nil {
		return nil, err
	}
	pipes, err := openStreams(start.GetStdin())
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	defer pipes.closeChild()
	spec := specOf(start)
	spec.Env = env
	process, err := s.launcher.Start(spec, pipes.child, &syscall.SysProcAttr{})
	if err != nil {
		pipes.closeAgent()
		return nil, err
	}
	return &command{Process: process, streams: pipes, redaction: s.secrets.Redaction()}, nil
}

// exited describes the end of the command as a shell would.
func (c *command) exited(exit reaper.Exit, timedOut bool) *agentv1.ExecExited {
	result := &agentv1.ExecExited{
		ExitCode:   uint32(exit.Status.ExitStatus()),
		TimedOut:   timedOut,
		DurationUs: uint64(exit.At.Sub(c.Started).Microseconds()),
	}
	if exit.Status.Signaled() {
		result.Signal = uint32(exit.Status.Signal())
		result.ExitCode = signalBase + result.Signal
	}
	if timedOut {
		result.ExitCode = exitTimedOut
	}
	return result
}
