// Opening a shell.

package shells

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"syscall"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
)

const (
	// maxIDBytes bounds shell_id, which is kept as long as the shell.
	maxIDBytes = 128
	// maxSide bounds columns and rows: a host draws what is printed.
	maxSide = 1000
	// termName is what the terminal is called that hosts emulate.
	termName = "xterm-256color"
)

// OpenShell starts a shell.
func (s *Service) OpenShell(_ context.Context, request *connect.Request[agentv1.OpenShellRequest]) (*connect.Response[agentv1.OpenShellResponse], error) {
	message := request.Msg
	if err := validate(message); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	if err := s.shells.reserve(message.GetShellId()); err != nil {
		return nil, err
	}
	opened, err := s.open(message)
	if err != nil {
		s.shells.remove(message.GetShellId())
		return nil, err
	}
	s.shells.set(opened)
	go opened.serve()
	return connect.NewResponse(&agentv1.OpenShellResponse{Shell: opened.describe()}), nil
}

func (s *Service) open(message *agentv1.OpenShellRequest) (*shell, error) {
	env, err := s.secrets.Environment(message.GetEnv(), message.GetSecretEnv())
	if err != nil {
		return nil, err
	}
	environment := map[string]string{"TERM": termName}
	maps.Copy(environment, env)
	program, err := s.launcher.FindShell(message.GetCwd(), environment)
	if err != nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("the guest has no shell: no bash and no sh in its PATH"))
	}
	environment["SHELL"] = program
	self, err := os.Executable()
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	tty, slave, err := openTerminal(message.GetCols(), message.GetRows())
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	defer unix.Close(slave)
	spec := launch.Spec{
		Argv: []string{self, "--session", program},
		Cwd:  message.GetCwd(),
		Env:  environment,
	}
	process, err := s.launcher.Start(spec, [3]int{slave, slave, slave}, &syscall.SysProcAttr{Setctty: true, Ctty: 0})
	if err != nil {
		tty.close()
		var refusal *connect.Error
		if errors.As(err, &refusal) {
			return nil, refusal
		}
		return nil, connect.NewError(connect.CodeInternal, errors.New(launch.DescribeFailure(self, err).Reason))
	}
	return &shell{
		id:        message.GetShellId(),
		cwd:       message.GetCwd(),
		openedAt:  time.Now(),
		process:   process,
		terminal:  tty,
		printed:   newTranscript(),
		redaction: s.secrets.Redaction().Stream(),
		ended:     make(chan struct{}),
		cols:      message.GetCols(),
		rows:      message.GetRows(),
	}, nil
}

func validate(message *agentv1.OpenShellRequest) error {
	if id := message.GetShellId(); id == "" || len(id) > maxIDBytes {
		return fmt.Errorf("shell_id must have 1 to %d bytes", maxIDBytes)
	}
	return validateSize(message.GetCols(), message.GetRows())
}

func validateSize(cols, rows uint32) error {
	if cols < 1 || cols > maxSide || rows < 1 || rows > maxSide {
		return fmt.Errorf("a terminal has 1 to %d columns and rows", maxSide)
	}
	return nil
}
