// A command that has been started.

package process

import (
	"errors"
	"syscall"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/tree"
)

type command struct {
	reaper  *reaper.Reaper
	child   *reaper.Child
	tree    tree.Tree
	streams *streams
	// started has a monotonic reading.
	started time.Time
}

// plan is an ExecStart resolved against the machine.
type plan struct {
	argv []string
	// program is the file to execute, relative to dir unless absolute.
	program string
	dir     string
	env     []string
	stdin   bool
}

// spawn starts the command of p. It fails with the syscall.Errno of fork and
// execve, or with CodeInternal when the agent itself lacks something.
func (s *Service) spawn(p plan) (*command, error) {
	pipes, err := openStreams(p.stdin)
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	defer pipes.closeChild()
	grown, err := s.forest.New()
	if err != nil {
		pipes.closeAgent()
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	attr := &syscall.ProcAttr{
		Dir:   p.dir,
		Env:   p.env,
		Files: []uintptr{uintptr(pipes.child[0]), uintptr(pipes.child[1]), uintptr(pipes.child[2])},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}
	grown.Attach(attr)
	started := time.Now()
	child, err := s.reaper.Spawn(func() (int, error) {
		pid, err := syscall.ForkExec(p.program, p.argv, attr)
		if errors.Is(err, syscall.ENOEXEC) {
			// A script without "#!" is the shell's, execvp(3).
			argv := append([]string{"/bin/sh", p.program}, p.argv[1:]...)
			return syscall.ForkExec("/bin/sh", argv, attr)
		}
		return pid, err
	})
	if err != nil {
		grown.Release()
		pipes.closeAgent()
		return nil, err
	}
	grown.Rooted(child.PID)
	return &command{reaper: s.reaper, child: child, tree: grown, streams: pipes, started: started}, nil
}

// exited describes the end of the command as a shell would.
func (c *command) exited(exit reaper.Exit, timedOut bool) *agentv1.ExecExited {
	result := &agentv1.ExecExited{
		ExitCode:   uint32(exit.Status.ExitStatus()),
		TimedOut:   timedOut,
		DurationUs: uint64(exit.At.Sub(c.started).Microseconds()),
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
