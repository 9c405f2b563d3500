// Exec: one call, one command.

package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/reaper"
)

// hostPatience is more than a host needs to see that a command has exited.
const hostPatience = time.Second

// Exec runs one command and tells how it ended.
func (s *Service) Exec(ctx context.Context, stream *execStream) error {
	s.calls.Add(1)
	defer s.calls.Done()
	if s.ending.Load() {
		return connect.NewError(connect.CodeUnavailable, errors.New("the machine is shutting down"))
	}
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
		return to.failed(describeFailure(start.GetArgv()[0], err))
	}
	defer command.tree.Release()
	s.running.set(start.GetProcessId(), command)
	return command.attend(ctx, stream, to, time.Duration(start.GetTimeoutMs())*time.Millisecond)
}

// start resolves the request against the machine and starts the command. It
// fails with a connect.Error, or with the reason why the command cannot run.
func (s *Service) start(start *agentv1.ExecStart) (*command, error) {
	dir := s.defaults.directory(start.GetCwd())
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("cwd %q is not a directory", start.GetCwd()))
	}
	env := s.defaults.environment(start.GetEnv())
	program, err := lookup(start.GetArgv()[0], env["PATH"], dir)
	if err != nil {
		return nil, err
	}
	entries := make([]string, 0, len(env))
	for name, value := range env {
		entries = append(entries, name+"="+value)
	}
	command, err := s.spawn(plan{argv: start.GetArgv(), program: program, dir: dir, env: entries, stdin: start.GetStdin()})
	if err == syscall.ENOENT {
		return nil, errNoInterpreter
	}
	return command, err
}

// attend serves the command to its end, or kills its tree when ctx is done, the
// host's stream breaks, or timeout (when not 0) passes.
func (c *command) attend(ctx context.Context, stream *execStream, to *sender, timeout time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := to.started(c.child.PID); err != nil {
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
		c.kill()
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
		timer := time.NewTimer(time.Until(c.started.Add(timeout)))
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case exit = <-c.child.Done():
		return exit, false
	case <-expired:
		timedOut = true
	case <-ctx.Done():
	}
	c.kill()
	return <-c.child.Done(), timedOut
}

// kill ends the whole tree. The first process is killed by its pid as well: as
// root of its guest it may have left its own tree, and its end is waited for.
func (c *command) kill() {
	c.reaper.SignalGroup(c.child, syscall.SIGKILL)
	_ = c.tree.Kill()
}
