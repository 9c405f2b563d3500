// Package shells implements ShellsService: terminal sessions that live as long
// as the guest, whoever is connected to it.
package shells

import (
	"context"
	"errors"
	"fmt"
	"math"
	"syscall"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/secrets"
)

const (
	// maxReadChars keeps an answer below the limit of messages.
	maxReadChars = 1 << 20
	// maxWait bounds every wait for output.
	maxWait = 10 * time.Minute
)

// Service implements agentv1connect.ShellsServiceHandler.
type Service struct {
	launcher *launch.Launcher
	secrets  *secrets.Store
	shells   table
}

// NewService makes a service whose shells are started by launcher, with what
// they ask of secrets; nothing of those is in their output.
func NewService(launcher *launch.Launcher, secrets *secrets.Store) *Service {
	return &Service{launcher: launcher, secrets: secrets, shells: table{byID: map[string]*shell{}}}
}

// ReadShell returns a piece of what a shell has printed.
func (s *Service) ReadShell(ctx context.Context, request *connect.Request[agentv1.ReadShellRequest]) (*connect.Response[agentv1.ReadShellResponse], error) {
	message := request.Msg
	found, err := s.shells.find(message.GetShellId())
	if err != nil {
		return nil, err
	}
	cursor, chars := message.GetCursor(), int(min(message.GetMaxChars(), maxReadChars))
	if total, _, _ := found.printed.state(); cursor > total {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("cursor %d is beyond the output, which has %d characters", cursor, total))
	}
	if wait := milliseconds(message.GetWaitForOutputMs()); wait > 0 {
		found.waitOutput(ctx, cursor, wait)
	}
	if idle := milliseconds(message.GetWaitForIdleMs()); idle > 0 {
		enough := uint64(math.MaxUint64)
		if chars > 0 {
			enough = cursor + uint64(chars)
		}
		found.waitIdle(ctx, idle, enough)
	}
	// Described first: what is printed meanwhile is in the output, not the other way round.
	described := found.describe()
	from, output := found.printed.read(cursor, chars)
	return connect.NewResponse(&agentv1.ReadShellResponse{Shell: described, Cursor: from, Output: output}), nil
}

func milliseconds(count uint32) time.Duration {
	return min(time.Duration(count)*time.Millisecond, maxWait)
}

// WriteShell types into a shell.
func (s *Service) WriteShell(_ context.Context, request *connect.Request[agentv1.WriteShellRequest]) (*connect.Response[agentv1.WriteShellResponse], error) {
	found, err := s.findRunning(request.Msg.GetShellId())
	if err != nil {
		return nil, err
	}
	found.answeredUpTo(request.Msg.GetAnswersCursor())
	if err := found.terminal.write(request.Msg.GetInput()); err != nil {
		return nil, connect.NewError(connect.CodeAborted, err)
	}
	return connect.NewResponse(&agentv1.WriteShellResponse{Shell: found.describe()}), nil
}

// SignalShell signals what is in the foreground of a shell.
func (s *Service) SignalShell(_ context.Context, request *connect.Request[agentv1.SignalShellRequest]) (*connect.Response[agentv1.SignalShellResponse], error) {
	sig := syscall.Signal(request.Msg.GetSignal())
	switch sig {
	case syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL:
	default:
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("a shell takes HUP, INT, TERM and KILL"))
	}
	found, err := s.findRunning(request.Msg.GetShellId())
	if err != nil {
		return nil, err
	}
	if !found.signal(sig) {
		return nil, errEnded
	}
	return connect.NewResponse(&agentv1.SignalShellResponse{Shell: found.describe()}), nil
}

// ResizeShell changes the size of a shell's terminal.
func (s *Service) ResizeShell(_ context.Context, request *connect.Request[agentv1.ResizeShellRequest]) (*connect.Response[agentv1.ResizeShellResponse], error) {
	message := request.Msg
	if err := validateSize(message.GetCols(), message.GetRows()); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	found, err := s.findRunning(message.GetShellId())
	if err != nil {
		return nil, err
	}
	if err := found.resize(message.GetCols(), message.GetRows()); err != nil {
		return nil, connect.NewError(connect.CodeAborted, err)
	}
	return connect.NewResponse(&agentv1.ResizeShellResponse{Shell: found.describe()}), nil
}

// CloseShell ends a shell and forgets it.
func (s *Service) CloseShell(_ context.Context, request *connect.Request[agentv1.CloseShellRequest]) (*connect.Response[agentv1.CloseShellResponse], error) {
	found, err := s.shells.find(request.Msg.GetShellId())
	if err != nil {
		return nil, err
	}
	found.close()
	s.shells.remove(found.id)
	return connect.NewResponse(&agentv1.CloseShellResponse{Shell: found.describe()}), nil
}

// ListShells describes every shell.
func (s *Service) ListShells(context.Context, *connect.Request[agentv1.ListShellsRequest]) (*connect.Response[agentv1.ListShellsResponse], error) {
	response := &agentv1.ListShellsResponse{}
	for _, each := range s.shells.list() {
		response.Shells = append(response.Shells, each.describe())
	}
	return connect.NewResponse(response), nil
}

var errEnded = connect.NewError(connect.CodeFailedPrecondition, errors.New("the shell has ended"))

func (s *Service) findRunning(id string) (*shell, error) {
	found, err := s.shells.find(id)
	if err != nil {
		return nil, err
	}
	if !found.running() {
		return nil, errEnded
	}
	return found, nil
}
