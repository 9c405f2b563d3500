// Exec: one call, one command.

package process

import (
	"context"
	"errors"
	"time"

	"connectrpc.com/connect"

	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/reaper"
)

// hostPatience is more than a host needs to see that a command has exited.
const hostPatience = time.Second

// Exec runs one command and tells how it ended.
func (s *Service) Exec(ctx context.Context, stream *execStream) error {
	s.calls.Add(1)
	defer s.calls.Done()
	request, err := stream.Receive()
	if err != nil {
		return err
	}
	start := request.GetStart()
	if err := validateStart(start); err != nil {
		return connect.NewError(connect.CodeInvalidArgument, err)
	}
	if err := s.running.reserve(start.GetProcessId()); err != nil {
		return err
	}
	defer s.running.release(start.GetProcessId())

	to := &sender{stream: stream}
	command, err := s.start(start)
	var refusal *connect.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	if err != nil {
		hostEnded := make(chan struct{})
		go func() {
			defer close(hostEnded)
			drain(stream.Receive)
		}()
		defer awaitHost(hostEnded)
		failure := launch.DescribeFailure(start.GetArgv()[0], err)
		failure.Reason = string(s.secrets.Redaction().Bytes([]byte(failure.Reason)))
		return to.failed(failure)
	}
	defer command.Release()
	s.running.set(start.GetProcessId(), command)
	return command.attend(ctx, stream, to, time.Duration(start.GetTimeoutMs())*time.Millisecond)
}

// attend serves the command to its end, or kills its tree when ctx is done, the
// host's stream breaks, or timeout (when not 0) passes.
func (c *command) attend(ctx context.Context, stream *execStream, to *sender, timeout time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := to.started(c.PID); err != nil {
		cancel(err)
	}
	hostEnded := make(chan struct{})
	// It may outlive this call, blocked in Receive; the end of the call ends it.
	go func() {
		defer close(hostEnded)
		if c.streams.stdin != nil {
			if err := feed(stream.Receive, c.streams.stdin); err != nil {
				cancel(err)
			}
		}
		drain(stream.Receive)
	}()
	outputs := c.copyOutput(to, cancel)
	exit, timedOut := c.wait(ctx, timeout)
	outputs.commandEnded()
	if c.streams.stdin != nil {
		_ = c.streams.stdin.Close()
	}
	outputs.wait()
	defer outputs.abandon()
	err := context.Cause(ctx)
	if err == nil {
		err = to.exited(c.exited(exit, timedOut))
		awaitHost(hostEnded)
	}
	if err != nil {
		c.Kill()
	}
	return err
}

// awaitHost gives the host time to end its side. A call that ends before resets
// the stream, and the host may lose what it has not read of the answer.
func awaitHost(hostEnded <-chan struct{}) {
	select {
	case <-hostEnded:
	case <-time.After(hostPatience):
	}
}

// wait returns the exit of the command, of which it makes sure.
func (c *command) wait(ctx context.Context, timeout time.Duration) (exit reaper.Exit, timedOut bool) {
	var expired <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(time.Until(c.Started.Add(timeout)))
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case exit = <-c.Done():
		return exit, false
	case <-expired:
		timedOut = true
	case <-ctx.Done():
	}
	c.Kill()
	return <-c.Done(), timedOut
}
